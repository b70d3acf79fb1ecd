"""What an operator types about delivery, checked."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from pydantic import BaseModel, Field, field_validator

from app.admin.delivery_lane_forms import CODE
from app.delivery.calendar import MONDAY_TO_FRIDAY
from app.delivery.changing import WEEKDAYS, WarehouseRules, ZoneRules
from app.delivery.countries import home, in_words
from app.delivery.postcodes import examples, looks_like, normal
from app.delivery.upcoming import countries, parts_of
from app.delivery.ways import Peak
from app.infra.clock import shop_zone
from app.web import forms

LONGEST_PEAK = timedelta(days=92)
NO_PLACES = {"localtime", "Factory"}  # time zones that are as the machine is set
# First parts of the names that the form lists. Others, which may be typed, are mostly older names, such as US/Eastern.
AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
CHOOSE_COUNTRY = "Choose a country of the list"

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", WarehouseRules, ZoneRules)

_WAREHOUSE_CODE = re.compile(r"[A-Z0-9]{2,3}")


@cache
def _time_zones() -> frozenset[str]:
    """The names of IANA's that this machine knows."""
    return frozenset(available_timezones() - NO_PLACES)


@cache
def time_zones() -> tuple[str, ...]:
    """Those that the form lists."""
    return tuple(sorted(name for name in _time_zones() if name.partition("/")[0] in AREAS))


class _Warehouse(BaseModel):
    name: str = Field(max_length=80, description="Enter a name")
    place: str = Field(max_length=80, description="Enter a place")
    timezone: str = Field(max_length=40, description="Enter a time zone, such as Europe/Lisbon")
    cutoff: str = Field(description="Enter a time, such as 15:00")
    handling_days: int = Field(ge=0, le=30, description="Enter a number of days from 0 to 30")
    holiday_country: str = ""
    holiday_subdivision: str = ""
    postcode: str = Field("", max_length=20)

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, typed: str) -> str:
        if typed not in _time_zones():
            raise ValueError(f"There is no time zone “{typed}”. One is Europe/Lisbon")
        return typed

    @field_validator("cutoff")
    @classmethod
    def _is_time(cls, typed: str) -> str:
        try:
            found = time.fromisoformat(typed)
        except ValueError:
            raise ValueError("Enter a time from 00:00 to 23:59, such as 15:00") from None
        if found.tzinfo or len(typed) < 5:
            raise ValueError("Enter a time from 00:00 to 23:59, such as 15:00")
        return f"{found:%H:%M}"


class _Peak(BaseModel):
    first_day: date = Field(description="Enter the first day")
    last_day: date = Field(description="Enter the last day")
    extra_days: int = Field(ge=1, le=60, description="Enter a number of days from 1 to 60")
    reason: str = Field(max_length=80, description="Say why in a few words: shoppers read it")
    warehouse: str = ""
    zone: str = ""


def warehouse_rules(values: dict[str, str]) -> WarehouseRules:
    """Raises forms.Invalid: something does not fit."""
    days, wrong = _weekdays(values, "Choose the days on which people work there")
    found, errors = _checked(_Warehouse, values)
    country, part, typed = (values.get(name, "") for name in ("holiday_country", "holiday_subdivision", "postcode"))
    postcode = normal(country, typed)
    if country not in countries():
        errors["holiday_country"] = CHOOSE_COUNTRY
    else:
        errors |= _wrong_part(country, part)
        if postcode is None:
            errors["postcode"] = looks_like(country) if typed else f"Enter its postcode, such as {examples(country)}"
    if not found or errors or wrong:
        raise forms.Invalid({**errors, **wrong}, values)
    checked = {**found.model_dump(), "cutoff": time.fromisoformat(found.cutoff), "postcode": postcode}
    return WarehouseRules(**checked, working_days=days)


def new_warehouse(values: dict[str, str]) -> tuple[str, WarehouseRules]:
    """Its code and its rules. Raises forms.Invalid: something does not fit."""
    code, errors = values.get("code", ""), {}
    if not _WAREHOUSE_CODE.fullmatch(code):
        errors["code"] = "Use two or three capital letters or digits, such as LIS"
    return code, _also(errors, values, lambda: warehouse_rules(values))


def new_zone(values: dict[str, str]) -> tuple[str, ZoneRules]:
    """As `new_warehouse`."""
    code, country, errors = values.get("code", ""), values.get("country", ""), {}
    if not CODE.fullmatch(code):
        errors["code"] = "Use up to 20 small letters, digits and hyphens, such as lisboa"
    if country not in countries():
        errors["country"] = CHOOSE_COUNTRY
        # Of no country there is no part that could be wrong.
        return code, _also(errors, values, lambda: zone_rules({**values, "holiday_subdivision": ""}, home()))
    return code, _also(errors, values, lambda: zone_rules(values, country))


def _also(errors: dict[str, str], values: dict[str, str], rules: Callable[[], R]) -> R:
    """The rules; with these errors and theirs, if there are any. Raises forms.Invalid."""
    try:
        found = rules()
    except forms.Invalid as invalid:
        raise forms.Invalid({**errors, **invalid.errors}, values) from None
    if errors:
        raise forms.Invalid(errors, values)
    return found


def _wrong_part(country: str, part: str) -> dict[str, str]:
    """A form that came with the parts of another country has them of this one when it is shown again."""
    if not part or part in parts_of(country):
        return {}
    return {"holiday_subdivision": f"That is no part of {in_words(country)}. Choose again, or all of the country"}


def zone_rules(values: dict[str, str], country: str) -> ZoneRules:
    """Of a zone of this country. Raises forms.Invalid: something does not fit."""
    days, errors = _weekdays(values, "Choose the days on which parcels are handed out")
    name, part = values.get("name", ""), values.get("holiday_subdivision", "")
    if not 0 < len(name) <= 80:
        errors["name"] = "Enter a name of at most 80 characters"
    errors |= _wrong_part(country, part)
    if errors:
        raise forms.Invalid(errors, values)
    return ZoneRules(name, country, part, days)


def peak(values: dict[str, str]) -> Peak:
    """Raises forms.Invalid: something does not fit."""
    found, errors = _checked(_Peak, values)
    if found and found.last_day < found.first_day:
        errors["last_day"] = "The last day comes before the first"
    elif found and found.last_day - found.first_day > LONGEST_PEAK:
        errors["last_day"] = f"A peak lasts at most {LONGEST_PEAK.days} days"
    if not found or errors:
        raise forms.Invalid(errors, values)
    return Peak(**found.model_dump())


def _checked(model: type[M], values: dict[str, str]) -> tuple[M | None, dict[str, str]]:
    try:
        return forms.checked(model, values), {}
    except forms.Invalid as invalid:
        return None, dict(invalid.errors)


def _weekdays(values: dict[str, str], asked: str) -> tuple[tuple[int, ...], dict[str, str]]:
    days = tuple(number for number in range(len(WEEKDAYS)) if values.get(f"day-{number}"))
    return days, {} if days else {"days": asked}


def as_typed(rules: WarehouseRules | ZoneRules) -> dict[str, str]:
    """The form's values for these rules."""
    typed = {name: str(getattr(rules, name)) for name in type(rules).__annotations__ if not name.endswith("ing_days")}
    days = rules.working_days if isinstance(rules, WarehouseRules) else rules.delivery_days
    if isinstance(rules, WarehouseRules):
        typed |= {"cutoff": f"{rules.cutoff:%H:%M}", "handling_days": str(rules.handling_days)}
    return typed | {f"day-{day}": "on" for day in days}


def for_new_warehouse() -> dict[str, str]:
    """What the form for one begins with: most warehouses of a shop stand in its own country."""
    here = {"timezone": shop_zone().key, "holiday_country": home()}
    return {**here, "cutoff": "15:00", "handling_days": "0", **_monday_to_friday()}


def for_new_zone() -> dict[str, str]:
    return {"country": home(), **_monday_to_friday()}


def _monday_to_friday() -> dict[str, str]:
    return {f"day-{day}": "on" for day in sorted(MONDAY_TO_FRIDAY)}
