"""One way of a parcel, from a warehouse to a zone by a level: the days it takes, and what is promised of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.delivery.calendar import (
    ONE_DAY,
    Dispatch,
    NoWorkingDay,
    WorkCalendar,
    Works,
    first_working,
    working_days_after,
)


@dataclass(frozen=True, slots=True)
class Promise:
    """The day something arrives if it is ordered before `order_by` (UTC), and from which warehouse."""

    date: date
    order_by: datetime
    warehouse: str
    reason: str = ""  # why it takes longer than usual: "Black Friday"


@dataclass(frozen=True)
class Origin:
    """A warehouse as the promise sees it."""

    code: str
    dispatch: Dispatch
    handling_days: int = 0  # working days, on top of the offer's own


@dataclass(frozen=True, slots=True)
class Road:
    """A lane: working days on the way, and what a parcel costs (free from some worth on)."""

    transit_days: int
    price_minor: int
    free_from_minor: int | None = None

    def price_of(self, worth_minor: int) -> int:
        free = self.free_from_minor is not None and worth_minor >= self.free_from_minor
        return 0 if free else self.price_minor


@dataclass(frozen=True, slots=True)
class Surcharge:
    """A peak: orders that start on these days, both included, take so many working days more in the warehouse."""

    first: date
    last: date
    days: int
    reason: str
    warehouse: str = ""  # every one
    zone: str = ""  # every one

    def holds(self, warehouse: str, zone: str, start: date) -> bool:
        return self.first <= start <= self.last and self.warehouse in ("", warehouse) and self.zone in ("", zone)


NO_SURCHARGE = Surcharge(date.min, date.min, 0, "")


@dataclass(frozen=True)
class Way:
    """From one warehouse to one zone by one level."""

    origin: Origin
    there: WorkCalendar
    zone: str
    handling_days: int
    transit_days: int
    surcharges: Sequence[Surcharge]

    def surcharge(self, start: date) -> Surcharge:
        """The longest one for orders that start on that day."""
        holding = (each for each in self.surcharges if each.holds(self.origin.code, self.zone, start))
        return max(holding, key=lambda each: each.days, default=NO_SURCHARGE)

    def shipped(self, start: date) -> date:
        works = self.origin.dispatch.calendar.works
        return working_days_after(works, start, self.handling_days + self.surcharge(start).days)

    def arrival(self, start: date) -> date:
        """Without any day on the road, it still waits for an open door."""
        road = on_the_road(self.origin.dispatch.calendar, self.there)
        arrived = working_days_after(road, self.shipped(start), self.transit_days)
        return first_working(self.there.works, arrived)


def on_the_road(here: WorkCalendar, there: WorkCalendar) -> Works:
    """A day on the road counts when both ends let it."""
    return lambda day: here.works(day) and there.lets_through(day)


def promise_by(way: Way, start: date) -> Promise | None:
    """What orders that start on that day are promised; None where nobody ever works."""
    dispatch, reason = way.origin.dispatch, way.surcharge(start).reason
    try:
        day = way.arrival(start)
        # Orders of the next working day may arrive no later (a holiday lies between): then the date holds until then.
        while way.arrival(later := first_working(dispatch.calendar.works, start + ONE_DAY)) == day:
            start = later
    except NoWorkingDay:
        return None
    return Promise(day, dispatch.cutoff_of(start), way.origin.code, reason)
