"""The next days of a calendar, and why nobody works on some of them."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

from app.catalog.slugs import slug_of
from app.delivery.calendar import ONE_DAY, WorkCalendar
from app.delivery.countries import is_known, name_of


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


@cache
def countries() -> frozenset[str]:
    """Those whose holidays and addresses are known."""
    return frozenset(filter(is_known, holidays.list_supported_countries(include_aliases=False)))


@cache
def parts_of(country: str) -> dict[str, str]:
    """Code -> name of the parts of a country that have holidays of their own; the code where no name is known."""
    if country not in countries():
        return {}
    known = holidays.country_holidays(country).get_subdivision_aliases()
    return dict(
        sorted(((code, next(iter(names), code)) for code, names in known.items()), key=lambda part: slug_of(part[1]))
    )


def whose_holidays(country: str, part: str) -> str:
    """Whose holidays they are: "Portugal", "Portugal, Lisboa"."""
    return f"{name_of(country)}, {parts_of(country).get(part, part)}" if part else name_of(country)
