"""Paid orders, and what happens to their parcels."""

from datetime import timedelta
from uuid import uuid4

from app.accounts.owners import Owner
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.orders import packing, shipping
from app.orders.placing import Placed, place, with_vat
from app.orders.wanted import Wanted, WantedLine, WantedParcel
from tests.checkout.paying import begun, captured
from tests.orders.wanting import MARTA, guest, wanted
from tests.world import Goods, World

ACTOR = "operator 1"


async def split(world: World, *goods: Goods, quantity: int = 1, owner: Owner | None = None) -> Wanted:
    """A parcel from Lisboa for each of `goods`, each for €3.90."""
    day = (now() + timedelta(days=3)).date()
    supplier = await world.supplier()
    parcels = tuple(
        WantedParcel(supplier, "LIS", "standard", 390, day, (WantedLine(each.offer, quantity, 4890),)) for each in goods
    )
    return Wanted(uuid4(), b"as shown", owner or guest("Marta"), MARTA, parcels)


async def pay(order: Placed) -> Placed:
    await captured(await begun(order.id))
    return order


async def paid(world: World, *goods: Goods, quantity: int = 1, owner: Owner | None = None) -> Placed:
    """One parcel with all of `goods`, paid."""
    return await pay(await place(await with_vat(await wanted(world, *goods, quantity=quantity, owner=owner))))


async def paid_apart(world: World, *goods: Goods, quantity: int = 1, owner: Owner | None = None) -> Placed:
    """A parcel for each of `goods`, paid."""
    return await pay(await place(await with_vat(await split(world, *goods, quantity=quantity, owner=owner))))


async def sent(order: Placed, parcel: int = 1) -> str:
    """The parcel, packed and handed over; its tracking code."""
    await packing.pack(order.id, parcel, ACTOR)
    return await shipping.ship(order.id, parcel, ACTOR)


async def arrived(order: Placed, parcel: int = 1) -> None:
    await sent(order, parcel)
    await shipping.deliver(order.id, parcel, ACTOR, now())


async def parcel_states(order: Placed) -> list[str]:
    rows = await fetch('SELECT state FROM parcel WHERE "order" = $1 ORDER BY number', order.id)
    return [row["state"] for row in rows]


async def line_ids(order: Placed) -> list[int]:
    rows = await fetch(
        'SELECT l.id FROM order_line l JOIN parcel p ON p.id = l.parcel WHERE p."order" = $1 ORDER BY l.id', order.id
    )
    return [row["id"] for row in rows]


async def history(order: Placed) -> list[str]:
    rows = await fetch('SELECT to_state FROM order_move WHERE "order" = $1 ORDER BY id', order.id)
    return [row["to_state"] for row in rows]


async def told(order: Placed) -> list[tuple[str, int | None]]:
    """Kinds and parcels of the order's events, in their order."""
    rows = await fetch(
        """SELECT payload ->> 'kind' AS kind, (payload ->> 'parcel')::int AS parcel FROM outbox
           WHERE topic = 'orders' AND key = $1 ORDER BY id""",
        order.number,
    )
    return [(row["kind"], row["parcel"]) for row in rows]


async def way_made(order: Placed, parcel: int = 1, scans: int = 99) -> None:
    """As if so many of the simulated carrier's scans had happened by now, a minute after another."""
    row = await fetch_one("SELECT id FROM simulated_shipment WHERE reference = $1", f"{order.number}/{parcel}")
    assert row
    await execute(
        """UPDATE simulated_scan SET due_at = now() - interval '1 hour' + number * interval '1 minute'
           WHERE shipment = $1 AND number <= $2""",
        row["id"],
        scans,
    )
