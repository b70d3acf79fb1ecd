"""How the demo's parcels of the last months travelled: mostly as planned, to some islands slower than was set."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from app.delivery.calendar import working_days_after
from app.delivery.estimate import load
from app.delivery.promises import DeliveryMap
from app.delivery.transit.records import Sent, note_sent
from app.demo import portugal
from app.infra.clock import now

PARCELS = 6_000
WEEKS = 18
AT_ONCE = 1_000
# Working days more or less than planned: chances in a hundred.
_USUAL = ((-1, 7), (0, 90), (1, 2), (3, 1))
_SLOW = ((0, 30), (1, 48), (2, 15), (3, 5), (5, 2))  # the ferry does not sail every day
_SLOW_ZONES = frozenset({"madeira", "acores-central", "acores-ocidental"})
_CODES = {  # a postcode in each zone, and how many of a hundred parcels go there
    "1200-109": 28, "2900-001": 9, "3000-001": 12, "6200-001": 3, "4000-001": 20, "4700-001": 9, "5000-001": 3,
    "7000-001": 4, "8000-001": 5, "9000-001": 4, "9500-150": 2, "9700-001": 1,
}  # fmt: skip


async def bring_in() -> None:
    """Write the parcels down; those that are there stay as they are."""
    delivery, waiting = await load(), list[Sent]()
    for parcel in _parcels(delivery, now()):
        waiting.append(parcel)
        if len(waiting) == AT_ONCE:
            await note_sent(waiting)
            waiting = []
    await note_sent(waiting)


def _parcels(delivery: DeliveryMap, until: datetime) -> Iterator[Sent]:
    chance = random.Random(1755)  # noqa: S311 - the same parcels each time
    for number in range(PARCELS):
        ordered = until - timedelta(seconds=chance.uniform(0, WEEKS * 7 * 86_400))
        postcode = chance.choices(list(_CODES), list(_CODES.values()))[0]
        warehouse = chance.choices([each.code for each in portugal.WAREHOUSES], (50, 32, 12, 6))[0]
        level = chance.choices(("standard", "express"), (85, 15))[0]
        place = delivery.place_of(postcode)
        promise = place and delivery.promise([warehouse], 0, place.zone, ordered, level)
        if not place or not promise:
            continue
        ships = delivery.ships_on(warehouse, place.zone, 0, ordered)
        assert ships
        delays = _SLOW if place.zone in _SLOW_ZONES else _USUAL
        late = chance.choices([days for days, _ in delays], [weight for _, weight in delays])[0]
        arrived = _arrival(delivery, warehouse, place.zone, promise.date, ships, late)
        is_void, today = chance.random() < 0.015, until.date()
        yield Sent(
            f"DEMO-{number:05}",
            warehouse,
            postcode,
            level,
            ordered,
            promised_on=promise.date,
            handed_over_on=ships if ships < today else None,
            delivered_on=arrived if arrived < today and not is_void else None,
            is_void=is_void,
        )


def _arrival(delivery: DeliveryMap, warehouse: str, zone: str, promised: date, ships: date, late: int) -> date:
    road = delivery.road_day(warehouse, zone)
    assert road
    if late >= 0:
        return working_days_after(road, promised, late)
    day = promised - timedelta(days=1)
    while not road(day):
        day -= timedelta(days=1)
    return max(day, ships + timedelta(days=1))
