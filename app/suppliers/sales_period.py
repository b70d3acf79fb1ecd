"""Of which days a supplier wants to see his sales: chosen in words, or from one day to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.infra import clock
from app.web.forms import Invalid

PERIODS = {
    "7-days": "Last 7 days",
    "30-days": "Last 30 days",
    "this-month": "This month",
    "last-month": "Last month",
    "this-year": "This year",
}
USUAL = "30-days"
MOST_DAYS = 366
YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Period:
    """Days by the shop's clock, both counted in. `key` is one of PERIODS; "" when the days were chosen."""

    first: date
    last: date
    key: str = ""

    @property
    def since(self) -> datetime:
        return clock.midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return clock.midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def chosen(values: Mapping[str, str]) -> Period:
    """By `from` and `to` if either is there, else by `period`; MOST_DAYS are the most.

    Raises:
        Invalid: a day cannot be read, or they make no period.
    """
    errors: dict[str, str] = {}
    first, last = (_day(values, name, errors) for name in ("from", "to"))
    key = values.get("period") or USUAL
    if key not in PERIODS:
        errors["from"] = "There is no such period. Choose one of those above, or two days"
    if errors:
        raise Invalid(errors, dict(values))
    if not first and not last:
        return _in_words(key)
    today = clock.today()
    last = last or max(first or today, today)
    period = Period(first or last - timedelta(days=29), last)
    if period.first > period.last:
        raise Invalid({"to": "Choose a day that is not before the first one"}, dict(values))
    if len(period.days) > MOST_DAYS:
        raise Invalid({"from": "Choose a year at most: a later first day, or an earlier last one"}, dict(values))
    return period


def _day(values: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    typed = values.get(name, "")
    try:
        found = date.fromisoformat(typed) if typed else None
        if found is None or found.year in YEARS:
            return found
    except ValueError:
        pass
    errors[name] = f"Write the day like {clock.today().isoformat()}: year, month, day"
    return None


def _in_words(key: str) -> Period:
    today = clock.today()
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    first, last = {
        "7-days": (today - timedelta(days=6), today),
        "30-days": (today - timedelta(days=29), today),
        "this-month": (month, today),
        "last-month": (before.replace(day=1), before),
        "this-year": (today.replace(month=1, day=1), today),
    }[key]
    return Period(first, last, key)
