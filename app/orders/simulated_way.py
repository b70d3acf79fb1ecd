"""How a parcel of the simulated carrier will travel: drawn once, when it is accepted. No database, no clock."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.delivery.calendar import working_days_after
from app.delivery.promises import DeliveryMap
from app.orders.carrier import Consignment
from app.orders.tables import TrackingKind

# Working days more or less than the lane takes: chances in a hundred.
DELAYS = ((-1, 7), (0, 86), (1, 4), (2, 2), (3, 1))
UNKNOWN_WAY_DAYS = 3  # where no lane leads (any more)
LEAST_GAP = timedelta(minutes=20)


@dataclass(frozen=True)
class Planned:
    kind: TrackingKind
    place: str
    at: datetime
    expected_on: date | None = None


def planned(
    parcel: Consignment, delivery: DeliveryMap, accepted_at: datetime, zone: ZoneInfo, seed: str
) -> tuple[Planned, ...]:
    """The parcel's scans in the order in which they will happen; the same arguments, the same scans."""
    chance = random.Random(f"{seed} {parcel.reference}")  # noqa: S311 - the same way each time
    handed_over = accepted_at.astimezone(zone).date()
    due, arrives = _days(parcel, delivery, handed_over, chance)
    return tuple(_in_order(_scans(parcel, accepted_at, zone, due, arrives, chance)))


def _days(parcel: Consignment, delivery: DeliveryMap, start: date, chance: random.Random) -> tuple[date, date]:
    """When it should arrive, and when it will."""
    place = delivery.place_of(parcel.postcode)
    works = place and delivery.road_day(parcel.warehouse, place.zone)
    due = place and delivery.arrives_on(parcel.warehouse, place.zone, parcel.service_level, start)
    if not works or not due:
        due = start + timedelta(days=UNKNOWN_WAY_DAYS)
        return due, due
    delay = chance.choices([days for days, _ in DELAYS], [weight for _, weight in DELAYS])[0]
    if delay >= 0:
        return due, working_days_after(works, due, delay)
    sooner = due - timedelta(days=1)
    while sooner > start and not works(sooner):
        sooner -= timedelta(days=1)
    return due, sooner if sooner > start else due


def _scans(
    parcel: Consignment, accepted_at: datetime, zone: ZoneInfo, due: date, arrives: date, chance: random.Random
) -> Iterator[Planned]:
    def moment(day: date, first: int, last: int) -> datetime:
        """Some time of that day between two hours."""
        start = datetime.combine(day, time(first), zone)
        return start + timedelta(minutes=chance.randrange((last - first) * 60))

    yield Planned(TrackingKind.HANDED_OVER, "", accepted_at)
    yield Planned(TrackingKind.IN_TRANSIT, "", accepted_at + timedelta(minutes=chance.randrange(60, 300)))
    if arrives > due:
        yield Planned(TrackingKind.DELAYED, "", moment(due, 9, 12), arrives)
    if (arrives - accepted_at.astimezone(zone).date()).days > 1:
        yield Planned(TrackingKind.IN_TRANSIT, parcel.place, moment(arrives, 4, 6))
    yield Planned(TrackingKind.OUT_FOR_DELIVERY, parcel.place, moment(arrives, 7, 9))
    yield Planned(TrackingKind.DELIVERED, parcel.place, moment(arrives, 10, 18))


def _in_order(scans: Iterator[Planned]) -> Iterator[Planned]:
    """What is accepted late in the evening, or travels a single night, still happens one after another."""
    last: datetime | None = None
    for scan in scans:
        at = scan.at if last is None else max(scan.at, last + LEAST_GAP)
        last = at
        yield Planned(scan.kind, scan.place, at, scan.expected_on)
