"""Stock held for an order: reserved when it is placed, sold when it is paid, released when the hold ends."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction

Want = tuple[int, str, int]  # offer id, warehouse code, pieces

SWEEP = 100  # orders a turn

_SELL = """
WITH sold AS (UPDATE stock SET on_hand = on_hand - $2::int, reserved = reserved - $2::int WHERE id = $1
              RETURNING id, on_hand)
INSERT INTO stock_movement (stock, kind, "order", before, after, moved_at)
SELECT id, 'sold', $3, on_hand + $2::int, on_hand, $4 FROM sold"""


class OutOfStock(Exception):
    """Some offers have fewer pieces left than are wanted.

    Attributes:
        offers: their ids.
    """

    def __init__(self, offers: set[int]) -> None:
        super().__init__(f"not enough stock of offers {sorted(offers)}")
        self.offers = offers


async def reserve(order_id: int, wants: list[Want], until: datetime) -> None:
    """Hold all of `wants` for an order, in the caller's transaction, which must end when this raises.

    The stock rows come last and in id order: they are what concurrent buyers wait for, and nobody waits in a circle.

    Raises:
        OutOfStock: at least one want cannot be met.
    """
    rows = await stock_of(wants)
    await execute(
        """INSERT INTO reservation ("order", stock, quantity, state, expires_at, created_at)
           SELECT $1, stock, quantity, 'held', $4, $5 FROM unnest($2::bigint[], $3::int[]) AS held(stock, quantity)""",
        order_id,
        [row["id"] for row in rows],
        [row["quantity"] for row in rows],
        until,
        now(),
    )
    await tell_of({row["product"] for row in rows})
    short = {row["offer"] for row in rows if not await _hold(row["id"], row["quantity"])}
    if short:
        raise OutOfStock(short)


async def stock_of(wants: list[Want]) -> list[Any]:
    """One row (id, offer, warehouse, product, quantity) per stock that is wanted, in id order."""
    wanted: defaultdict[tuple[int, str], int] = defaultdict(int)
    for offer, warehouse, quantity in wants:
        wanted[offer, warehouse] += quantity
    rows = await fetch(
        """SELECT s.id, w.offer, w.warehouse, v.product, w.quantity
           FROM unnest($1::bigint[], $2::text[], $3::int[]) AS w(offer, warehouse, quantity)
           JOIN warehouse ON warehouse.code = w.warehouse
           JOIN stock s ON s.offer = w.offer AND s.warehouse = warehouse.id
           JOIN offer o ON o.id = w.offer JOIN variant v ON v.id = o.variant
           ORDER BY s.id""",
        [offer for offer, _ in wanted],
        [warehouse for _, warehouse in wanted],
        list(wanted.values()),
    )
    unknown = wanted.keys() - {(row["offer"], row["warehouse"]) for row in rows}
    if unknown:
        raise OutOfStock({offer for offer, _ in unknown})
    return rows


async def _hold(stock_id: int, quantity: int) -> bool:
    """READ COMMITTED looks at the condition again after waiting for another buyer, so this cannot oversell."""
    row = await fetch_one(
        "UPDATE stock SET reserved = reserved + $2 WHERE id = $1 AND on_hand - reserved >= $2 RETURNING id",
        stock_id,
        quantity,
    )
    return row is not None


async def release(order_id: int) -> bool:
    """Give back what is held for an order; False when nothing is (any more)."""
    async with transaction():
        return await _give_back(await _end_hold(order_id, "released"))


async def sell(order_id: int) -> bool:
    """Turn what is held for an order into a sale; False when nothing is held (any more)."""
    async with transaction():
        rows = await _end_hold(order_id, "sold")
        for row in rows:
            await execute(_SELL, row["stock"], row["quantity"], order_id, now())
        return bool(rows)


async def expire() -> int:
    """Release holds that the database's clock says are over; returns the number of orders that lost theirs."""
    orders = await fetch(
        """SELECT DISTINCT "order" FROM reservation WHERE state = 'held' AND expires_at <= now() LIMIT $1""", SWEEP
    )
    released = 0
    for row in orders:
        async with transaction():
            released += await _give_back(await _end_hold(row["order"], "released", only_expired=True))
    return released


async def _end_hold(order_id: int, state: str, *, only_expired: bool = False) -> list[Any]:
    """Compare and set: of a sale, a release and the sweeper exactly one gets the rows (in the order of their stock)."""
    rows = await fetch(
        """UPDATE reservation SET state = $2 FROM
             (SELECT r.id, v.product FROM reservation r JOIN stock s ON s.id = r.stock
              JOIN offer o ON o.id = s.offer JOIN variant v ON v.id = o.variant
              WHERE r."order" = $1 AND r.state = 'held' AND (NOT $3 OR r.expires_at <= now())
              ORDER BY r.id FOR UPDATE OF r) AS held
           WHERE reservation.id = held.id AND reservation.state = 'held'
           RETURNING reservation.stock, reservation.quantity, held.product""",
        order_id,
        state,
        only_expired,
    )
    await tell_of({row["product"] for row in rows})
    return sorted(rows, key=lambda row: row["stock"])


async def _give_back(rows: list[Any]) -> bool:
    for row in rows:
        await execute("UPDATE stock SET reserved = reserved - $2 WHERE id = $1", row["stock"], row["quantity"])
    return bool(rows)


async def tell_of(products: set[int]) -> None:
    if products:
        ids = sorted(products)
        await publish("products", str(ids[0]), {"products": ids})
