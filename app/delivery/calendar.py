"""Working days: which there are, how to count them, and on which one an order starts. No database, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

MONDAY_TO_FRIDAY = frozenset(range(5))
ONE_DAY = timedelta(days=1)
FURTHEST = timedelta(days=400)  # a promise beyond that is none

Works = Callable[[date], bool]


class NoWorkingDay(Exception):
    """More than a year would pass: nobody works, or far too many days were asked for."""


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """National days and the subdivision's own; a code that the library does not know adds none."""
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return public_holidays(country, "", year) if subdivision else frozenset()


@dataclass(frozen=True)
class WorkCalendar:
    """When people work at one end of a lane."""

    country: str = "PT"
    subdivision: str = ""  # of the `holidays` library: "11" Lisboa, "13" Porto, "20" Azores, "30" Madeira
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY  # Monday is 0

    def works(self, day: date) -> bool:
        return day.weekday() in self.weekdays and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        return day in public_holidays(self.country, self.subdivision, day.year)

    def lets_through(self, day: date) -> bool:
        """Carriers drive to there from Monday to Friday, even to where they hand parcels out less often."""
        return (day.weekday() in MONDAY_TO_FRIDAY or day.weekday() in self.weekdays) and not self.is_holiday(day)


def first_working(works: Works, day: date) -> date:
    """`day`, or the first one after it on which `works` holds.

    Raises:
        NoWorkingDay: there is none within `FURTHEST`.
    """
    last = day + FURTHEST
    while not works(day):
        day += ONE_DAY
        if day > last:
            raise NoWorkingDay
    return day


def working_days_after(works: Works, day: date, count: int) -> date:
    """The `count`-th day after `day` on which `works` holds; `day` itself for 0.

    Raises:
        NoWorkingDay: it would be further away than `FURTHEST`.
    """
    last = day + FURTHEST
    for _ in range(count):
        day = first_working(works, day + ONE_DAY)
        if day > last:
            raise NoWorkingDay
    return day


@dataclass(frozen=True)
class Dispatch:
    """How a warehouse takes orders in. The hour is compared in UTC, so a change of the clocks moves nothing."""

    calendar: WorkCalendar
    zone: ZoneInfo
    cutoff: time  # on the warehouse's own clock

    def cutoff_of(self, day: date) -> datetime:
        """The moment (UTC) after which orders no longer start on `day`."""
        return datetime.combine(day, self.cutoff, self.zone).astimezone(UTC)

    def starts_on(self, at: datetime) -> date:
        """The working day that an order of the moment `at` belongs to.

        Raises:
            NoWorkingDay: the warehouse never works.
        """
        day = first_working(self.calendar.works, at.astimezone(self.zone).date())
        return day if at < self.cutoff_of(day) else first_working(self.calendar.works, day + ONE_DAY)
