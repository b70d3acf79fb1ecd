"""Orders placed without a browser."""

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

from app.accounts.owners import Owner
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.orders.placing import Placed, place
from app.orders.wanted import Address, Wanted, WantedLine, WantedParcel
from tests.world import Goods, World

MARTA = Address(
    "Marta Fonseca", "", "Rua da Boavista 84", "2.º Esq.", "1200-109", "Lisboa", email="marta@feira.example"
)


def guest(name: str) -> Owner:
    return Owner(None, hashlib.sha256(name.encode()).digest())


async def wanted(
    world: World,
    *goods: Goods,
    quantity: int = 1,
    price_minor: int = 4890,
    key: UUID | None = None,
    confirmed: bytes = b"as shown",
    owner: Owner | None = None,
) -> Wanted:
    """One parcel from Lisboa with `quantity` of each of `goods`, for €3.90."""
    lines = tuple(WantedLine(each.offer, quantity, price_minor) for each in goods)
    day = (now() + timedelta(days=3)).date()
    parcel = WantedParcel(await world.supplier(), "LIS", "standard", 390, day, lines)
    return Wanted(key or uuid4(), confirmed, owner or guest("Marta"), MARTA, (parcel,))


async def pending(world: World, *goods: Goods, **more: object) -> Placed:
    return await place(await wanted(world, *goods, **more))  # type: ignore[arg-type]


async def hold_ended(order_id: int) -> None:
    """As if the order had been placed an hour ago."""
    await execute("UPDATE shop_order SET reserved_until = now() - interval '1 second' WHERE id = $1", order_id)
    await execute("""UPDATE reservation SET expires_at = now() - interval '1 second' WHERE "order" = $1""", order_id)


async def stock_of(goods: Goods) -> tuple[int, int]:
    """(on hand, reserved) over all warehouses."""
    row = await fetch_one(
        "SELECT sum(on_hand)::int AS on_hand, sum(reserved)::int AS reserved FROM stock WHERE offer = $1", goods.offer
    )
    assert row is not None
    return row["on_hand"], row["reserved"]


async def state_of(order_id: int) -> str:
    row = await fetch_one("SELECT state FROM shop_order WHERE id = $1", order_id)
    assert row is not None
    return str(row["state"])


async def ledger_of(order_id: int) -> list[tuple[str, int]]:
    """Money that moved; what is only held is not in it."""
    rows = await fetch(
        """SELECT kind, amount_minor FROM ledger_entry
           WHERE "order" = $1 AND kind NOT IN ('authorisation', 'release') ORDER BY id""",
        order_id,
    )
    return [(row["kind"], row["amount_minor"]) for row in rows]
