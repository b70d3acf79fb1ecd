"""One way of a parcel, from a warehouse to a zone by a level: the days it takes, and what is promised of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.delivery.calendar import (
    FURTHEST,
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
class Peak:
    """Surcharge days: orders that start on these days, both included, take so many working days more in the warehouse,
    and none that starts later leaves before them."""

    first_day: date
    last_day: date
    extra_days: int
    reason: str
    warehouse: str = ""  # every one
    zone: str = ""  # every one

    @property
    def words(self) -> str:
        where = f"from {self.warehouse or 'every warehouse'} to {self.zone or 'every zone'}"
        return f"{self.first_day} to {self.last_day}: {self.extra_days} working days more {where}, {self.reason}"

    def concerns(self, warehouse: str, zone: str) -> bool:
        return self.warehouse in ("", warehouse) and self.zone in ("", zone)


@dataclass(frozen=True)
class Way:
    """From one warehouse to one zone by one level."""

    origin: Origin
    there: WorkCalendar
    zone: str
    handling_days: int
    transit_days: int
    peaks: Sequence[Peak]

    def shipped(self, start: date) -> date:
        """When orders that start on that day leave the warehouse."""
        return max([self._usually_shipped(start), *(day for day, _ in self._peaks(start))])

    def reason(self, start: date) -> str:
        """Why orders that start on that day arrive later than they usually would; "" if they do not."""
        usual = self._at_the_door(self._usually_shipped(start))
        late = [(day, why) for day, why in self._peaks(start) if self._at_the_door(day) > usual]
        return max(late, key=lambda peak: peak[0], default=(start, ""))[1]

    def arrival(self, start: date) -> date:
        """When orders that start on that day arrive."""
        return self._at_the_door(self.shipped(start))

    def _at_the_door(self, shipped: date) -> date:
        """Without any day on the road, it still waits for an open door."""
        road = on_the_road(self.origin.dispatch.calendar, self.there)
        return first_working(self.there.works, working_days_after(road, shipped, self.transit_days))

    def _usually_shipped(self, start: date) -> date:
        return working_days_after(self.origin.dispatch.calendar.works, start, self.handling_days)

    def _peaks(self, start: date) -> Iterator[tuple[date, str]]:
        """Of each peak, when its last orders leave that start no later than on that day, and its reason."""
        works = self.origin.dispatch.calendar.works
        for peak in self.peaks:
            if start - peak.last_day > FURTHEST or not peak.concerns(self.origin.code, self.zone):
                continue
            day = min(peak.last_day, start)
            while day >= peak.first_day and not works(day):
                day -= ONE_DAY
            if day >= peak.first_day:
                yield working_days_after(works, day, self.handling_days + peak.extra_days), peak.reason


def on_the_road(here: WorkCalendar, there: WorkCalendar) -> Works:
    """A day on the road counts when both ends let it."""
    return lambda day: here.works(day) and there.lets_through(day)


def promise_by(way: Way, start: date) -> Promise | None:
    """What orders that start on that day are promised; None where nobody ever works."""
    dispatch = way.origin.dispatch
    try:
        day, reason = way.arrival(start), way.reason(start)
        # Orders of the next working day may arrive no later (a holiday lies between): then the date holds until then.
        while way.arrival(later := first_working(dispatch.calendar.works, start + ONE_DAY)) == day:
            start = later
    except NoWorkingDay:
        return None
    return Promise(day, dispatch.cutoff_of(start), way.origin.code, reason)
