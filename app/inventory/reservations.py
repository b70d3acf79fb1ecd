"""Stock held for an order: reserved when it is placed, sold when it is paid, released when the hold ends."""

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch, transaction

Want = tuple[int, str, int]  # offer id, warehouse code, pieces

SWEEP = 100  # orders a turn

# READ COMMITTED looks at the condition again after waiting for another buyer, so this cannot oversell. Not FOR UPDATE:
# that would wait for every reservation that refers to the stock, and those for each other.
HOLD = """
WITH wanted AS (SELECT id, quantity FROM unnest($1::bigint[], $2::int[]) AS w(id, quantity)),
     locked AS (SELECT id FROM stock WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE)
UPDATE stock SET reserved = reserved + wanted.quantity FROM wanted JOIN locked USING (id)
WHERE stock.id = wanted.id AND stock.on_hand - stock.reserved >= wanted.quantity RETURNING stock.id"""

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


class Wanted(NamedTuple):
    """Pieces of one stock that an order needs."""

    stock: int
    offer: int
    warehouse: str
    product: int
    quantity: int


async def reserve(order_id: int, wants: list[Want], until: datetime) -> None:
    """Hold all of `wants` for an order, in the caller's transaction, which must end when this raises.

    Raises:
        OutOfStock: at least one want cannot be met.
    """
    await hold(order_id, await look_for(wants), until)


async def look_for(wants: list[Want]) -> list[Wanted]:
    """The stocks that are wanted, in id order; so that nothing is begun for somebody who comes too late.

    Raises:
        OutOfStock: at least one want cannot be met now. That all can is no promise: only `hold` decides.
    """
    found = await stock_of(wants)
    short = {each.offer for each, left in found if left < each.quantity}
    if short:
        raise OutOfStock(short)
    return [each for each, _ in found]


async def stock_of(wants: list[Want]) -> list[tuple[Wanted, int]]:
    """The stocks that are wanted, each once, in id order, with how many pieces of it can be had: none that is not sold.

    Raises:
        OutOfStock: an offer has never been in that warehouse.
    """
    wanted: defaultdict[tuple[int, str], int] = defaultdict(int)
    for offer, warehouse, quantity in wants:
        wanted[offer, warehouse] += quantity
    rows = await fetch(
        """SELECT s.id AS stock, w.offer, w.warehouse, v.product, w.quantity,
                  CASE WHEN o.withdrawn_at IS NULL THEN s.on_hand - s.reserved ELSE 0 END AS left
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
    return [(Wanted(*tuple(row)[:-1]), row["left"]) for row in rows]


async def hold(order_id: int, wanted: list[Wanted], until: datetime) -> None:
    """Hold stocks for an order, in the caller's transaction, which must end when this raises, and soon in any case.

    The rows of stock come last, in one statement and in id order: they are what concurrent buyers wait for, until the
    transaction ends, and nobody waits in a circle. `./feira bench orders` measures what that costs where all want one.

    Raises:
        OutOfStock: at least one want cannot be met.
    """
    stocks, quantities = [each.stock for each in wanted], [each.quantity for each in wanted]
    await execute(
        """INSERT INTO reservation ("order", stock, quantity, state, expires_at, created_at)
           SELECT $1, stock, quantity, 'held', $4, $5 FROM unnest($2::bigint[], $3::int[]) AS held(stock, quantity)""",
        order_id,
        stocks,
        quantities,
        until,
        now(),
    )
    await tell_of({each.product for each in wanted})
    held = {row["id"] for row in await fetch(HOLD, stocks, quantities)}
    short = {each.offer for each in wanted if each.stock not in held}
    if short:
        raise OutOfStock(short)


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
