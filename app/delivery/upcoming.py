"""The next days of a calendar, and why nobody works on some of them."""

from dataclasses import dataclass
from datetime import date

import holidays

from app.delivery.calendar import ONE_DAY, WorkCalendar


@dataclass(frozen=True)
class Day:
    date: date
    works: bool
    holiday: str  # "Restauração da Independência"; "" on other days


def upcoming(calendar: WorkCalendar, first: date, count: int = 10) -> list[Day]:
    """So many days from `first` on."""
    days = [first + ONE_DAY * number for number in range(count)]
    return [Day(day, calendar.works(day), _holiday(calendar, day)) for day in days]


def _holiday(calendar: WorkCalendar, day: date) -> str:
    if not calendar.is_holiday(day):
        return ""
    named = holidays.country_holidays(
        calendar.country, subdiv=calendar.subdivision or None, years=day.year, language="en_US"
    )
    return str(named.get(day, ""))


def knows(country: str, subdivision: str = "") -> bool:
    """Whether the library of holidays knows this country, and this part of it if one is named."""
    parts = holidays.list_supported_countries(include_aliases=False).get(country)
    return parts is not None and (not subdivision or subdivision in parts)
