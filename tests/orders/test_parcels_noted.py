"""Parcels of paid orders become what transit times are learned from, whatever order the events come in."""

from uuid import uuid4

from app.checkout.settling import settle
from app.events.event import Event
from app.infra.database import execute, fetch
from app.orders.events import note_parcels
from app.orders.placing import Placed
from tests.checkout.paying import begun, succeeded
from tests.orders.wanting import pending
from tests.world import World


async def told(order: Placed, kind: str = "paid") -> None:
    payload = {"kind": kind, "order": order.id, "number": order.number}
    await note_parcels([Event(event_id=uuid4(), topic="orders", key=order.number, payload=payload)])


async def test_a_paid_order_s_parcels_are_noted_once_with_their_promise(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await pending(world, lamp)
    await told(order, "placed")
    assert await fetch("SELECT FROM transit_record") == []
    attempt = await begun(order.id)
    await settle(attempt.id, succeeded(attempt))
    await told(order)
    await told(order)
    rows = await fetch(
        "SELECT r.reference, r.is_void, r.promised_on = p.promised_on AS same FROM transit_record r, parcel p"
    )
    assert [tuple(row) for row in rows] == [(f"{order.number}/1", False, True)]


async def test_a_cancelled_order_s_parcels_are_waited_for_no_more(world: World) -> None:
    order = await pending(world, await world.product(stock={"LIS": 5}))
    attempt = await begun(order.id)
    await settle(attempt.id, succeeded(attempt))
    await told(order)
    await execute("UPDATE shop_order SET state = 'cancelled' WHERE id = $1", order.id)
    await told(order, "cancelled")
    await told(order, "paid")  # a late one
    assert [row["is_void"] for row in await fetch("SELECT is_void FROM transit_record")] == [True]
