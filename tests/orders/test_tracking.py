"""The simulated carrier's parcels arrive by the database's clock; what is heard twice counts once."""

import asyncio
import itertools
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from app.delivery.estimate import delivery_map
from app.delivery.transit.records import Heard, note_heard
from app.events.event import Event
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.orders import packing, shipping, tracking
from app.orders.carrier import Consignment
from app.orders.carriers import CARRIERS, USUAL
from app.orders.events import note_parcels
from app.orders.placing import Placed
from app.orders.simulated_way import planned
from app.orders.tables import TrackingKind
from app.orders.tracking import follow_shipments
from tests.orders.sending import ACTOR, history, paid, paid_apart, parcel_states, sent, told, way_made
from tests.orders.wanting import state_of
from tests.world import World

LISBON = ZoneInfo("Europe/Lisbon")


async def heard(order: Placed) -> list[str]:
    rows = await fetch(
        """SELECT e.kind FROM tracking_event e JOIN shipment s ON s.id = e.shipment JOIN parcel p ON p.id = s.parcel
           WHERE p."order" = $1 ORDER BY e.id""",
        order.id,
    )
    return [row["kind"] for row in rows]


async def test_a_parcel_is_followed_scan_by_scan_until_it_arrives(world: World) -> None:
    order = await paid(world, await world.product())
    await sent(order)
    assert await follow_shipments() == 0
    assert await heard(order) == ["handed_over"]
    await way_made(order, scans=2)
    assert await follow_shipments() == 0
    assert await heard(order) == ["handed_over", "in_transit"]
    assert await state_of(order.id) == "shipped"
    await way_made(order)
    assert await follow_shipments() == 1
    assert (await heard(order))[-1] == "delivered"
    assert (await history(order))[-1] == "delivered"
    assert (await told(order))[-1] == ("delivered", 1)
    assert await follow_shipments() == 0


async def test_two_workers_that_follow_at_once_deliver_once(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"))
    for number in (1, 2):
        await sent(order, number)
        await way_made(order, number)
    assert sum(await asyncio.gather(*(follow_shipments() for _ in range(4)))) == 2
    assert [each for each in await told(order) if each[0] == "delivered"] in (
        [("delivered", 1), ("delivered", 2)],
        [("delivered", 2), ("delivered", 1)],
    )
    assert (await history(order)).count("delivered") == 1


async def test_a_kill_in_the_middle_is_made_good_by_the_next_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await paid(world, await world.product())
    await sent(order)
    await way_made(order)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(tracking, "arrive", killed)
        with pytest.raises(SystemExit):
            await follow_shipments()
    assert await heard(order) == []
    assert await follow_shipments() == 1
    assert await state_of(order.id) == "delivered"


async def test_what_travelled_teaches_the_transit_times(world: World) -> None:
    order = await paid(world, await world.product())
    await sent(order)
    await way_made(order)
    await follow_shipments()
    payload = {"kind": "delivered", "order": order.id, "number": order.number, "parcel": 1}
    event = Event(event_id=uuid4(), topic="orders", key=order.number, payload=payload)
    await note_parcels([event])
    await note_parcels([event])
    (row,) = await fetch(
        """SELECT t.is_void, t.handed_over_on IS NOT NULL AS handed_over,
                  t.delivered_on = (s.delivered_at AT TIME ZONE 'Europe/Lisbon')::date AS delivered
           FROM transit_record t, shipment s"""
    )
    assert tuple(row) == (False, True, True)


async def test_what_travelled_in_hurried_time_teaches_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "carrier_speed", 100_000.0)
    order = await paid(world, await world.product())
    await sent(order)
    await asyncio.sleep(0.1)
    (row,) = await fetch("SELECT max(due_at) < now() + interval '10 seconds' AS soon FROM simulated_scan")
    assert row["soon"]
    await note_parcels([Event(uuid4(), "orders", order.number, {"kind": "shipped", "order": order.id})])
    (row,) = await fetch("SELECT is_void, handed_over_on FROM transit_record")
    assert tuple(row) == (True, None)


async def test_a_carrier_s_file_says_of_other_carriers_parcels_that_they_arrived(world: World) -> None:
    order = await paid(world, await world.product())
    await note_parcels([Event(uuid4(), "orders", order.number, {"kind": "paid", "order": order.id})])
    await packing.pack(order.id, 1, ACTOR)
    await shipping.ship(order.id, 1, ACTOR, "RB123")
    today = datetime.now(LISBON).date()
    await note_heard([Heard(f"{order.number}/1", delivered_on=today)])
    assert await follow_shipments() == 1
    assert await follow_shipments() == 0
    assert await parcel_states(order) == ["delivered"]


async def test_the_same_parcel_is_accepted_once_and_travels_the_same_way(world: World) -> None:
    parcel = Consignment("F-2611-AAAAA/1", "LIS", "4000-001", "Porto", "standard")
    carrier = CARRIERS[USUAL]
    codes = await asyncio.gather(*(carrier.accept(parcel) for _ in range(5)))
    assert len(set(codes)) == 1
    assert len(await fetch("SELECT FROM simulated_shipment")) == 1
    delivery, at = await delivery_map(), datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert planned(parcel, delivery, at, LISBON, "x") == planned(parcel, delivery, at, LISBON, "x")


async def test_ways_take_about_what_the_lane_takes_and_end_at_the_door(world: World) -> None:
    delivery, at = await delivery_map(), datetime(2026, 11, 25, 17, tzinfo=UTC)  # a Wednesday
    due = delivery.arrives_on("LIS", "porto", "standard", at.date())
    assert due
    days = []
    for number in range(400):
        parcel = Consignment(f"F-2611-{number}/1", "LIS", "4000-001", "Porto", "standard")
        way = planned(parcel, delivery, at, LISBON, "x")
        assert next(scan.kind for scan in way) == TrackingKind.HANDED_OVER
        assert [scan.kind for scan in way][-1] == TrackingKind.DELIVERED
        assert all(first.at < second.at for first, second in itertools.pairwise(way))
        arrived = way[-1].at.date()
        assert arrived.weekday() < 5
        late = [scan for scan in way if scan.kind == TrackingKind.DELAYED]
        assert bool(late) == (arrived > due)
        assert all(scan.expected_on == arrived for scan in late)
        days.append(arrived)
    assert 0.8 < days.count(due) / len(days) < 0.92
    assert 0.03 < sum(day > due for day in days) / len(days) < 0.12


@pytest.mark.parametrize("postcode", ["0000", "9999-999", "x"])
async def test_a_way_that_no_lane_leads_ends_all_the_same(world: World, postcode: str) -> None:
    parcel = Consignment("F-2611-AAAAA/1", "LIS", postcode, "Nowhere", "standard")
    way = planned(parcel, await delivery_map(), datetime.now(UTC), LISBON, "x")
    assert way[-1].kind == TrackingKind.DELIVERED


async def test_a_late_parcel_is_expected_on_the_day_that_the_carrier_names(world: World) -> None:
    order = await paid(world, await world.product())
    await sent(order)
    await execute("UPDATE simulated_scan SET kind = 'delayed', expected_on = '2027-01-05' WHERE number = 2")
    await way_made(order, scans=2)
    await follow_shipments()
    (row,) = await fetch("SELECT expected_on::text FROM shipment")
    assert row["expected_on"] == "2027-01-05"
