"""What an operator types about lanes and service levels, checked."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.delivery.lanes import LaneRules, Lanes, Way
from app.delivery.levels import Level
from app.web import forms

MOST_DAYS = 60
FIELDS = ("days", "price", "free")
DAYS = f"Enter working days from 0 to {MOST_DAYS}"
PRICE = "Enter a price in euros from 0 to 9,999.99, such as 3.90"
FREE = "Enter euros from 0.01 to 999,999.99, such as 50.00, or nothing"
GONE = "A zone or a service level was removed meanwhile. What you typed for it cannot be saved"
LONGEST_NAME = 80
CODE = re.compile(r"[a-z][a-z0-9-]{0,19}")  # of a zone or a service level

_EUROS = re.compile(r"(?:€\s*)?([0-9]{1,6})(?:[.,]([0-9]{1,2}))?(?:\s*€)?")


def field_of(kind: str, zone_id: int, level_id: int) -> str:
    """The name of one of a lane's fields; by numbers, because codes may be any text."""
    return f"{kind}-{zone_id}-{level_id}"


def lanes(values: Mapping[str, str], zones: Sequence[Any], levels: Sequence[Any]) -> dict[Way, LaneRules]:
    """The lanes to these zones; no lane where nothing is typed.

    Raises:
        forms.Invalid: something does not fit.
    """
    found: dict[Way, LaneRules] = {}
    errors: dict[str, str] = {}
    known: set[str] = set()
    for zone in zones:
        for level in levels:
            names = [field_of(kind, zone["id"], level["id"]) for kind in FIELDS]
            known.update(names)
            typed = [values.get(name, "") for name in names]
            if any(typed):
                rules, wrong = _lane(*typed)
                errors |= {field_of(kind, zone["id"], level["id"]): said for kind, said in wrong.items()}
                if rules:
                    found[zone["code"], level["code"]] = rules
    if any(typed for name, typed in values.items() if name.split("-")[0] in FIELDS and name not in known):
        errors[""] = GONE
    if errors:
        raise forms.Invalid(errors, dict(values))
    return found


def _lane(days: str, price: str, free: str) -> tuple[LaneRules | None, dict[str, str]]:
    wrong: dict[str, str] = {}
    transit, price_minor, free_minor = _days(days), minor_of(price), minor_of(free)
    if transit is None:
        wrong["days"] = f"{DAYS}; clear the price, too, for no lane" if not days else DAYS
    if price_minor is None or price_minor >= 1_000_000:
        wrong["price"] = PRICE
    if free and not free_minor:
        wrong["free"] = FREE
    if wrong or transit is None or price_minor is None:
        return None, wrong
    return LaneRules(transit, price_minor, free_minor), {}


def _days(typed: str) -> int | None:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= 3
    return int(typed) if is_number and int(typed) <= MOST_DAYS else None


def minor_of(typed: str) -> int | None:
    """ "3.90", "3,9", "€3" -> 390, 390, 300; None for what is no amount. "1,000" could be either, and is none."""
    match = _EUROS.fullmatch(typed)
    if match is None:
        return None
    whole, rest = match.groups()
    return int(whole) * 100 + int((rest or "0").ljust(2, "0"))


def as_typed(found: Lanes, zones: Sequence[Any], levels: Sequence[Any]) -> dict[str, str]:
    """The form's values for these lanes."""
    typed: dict[str, str] = {}
    for zone in zones:
        for level in levels:
            if rules := found.get((zone["code"], level["code"])):
                free = "" if rules.free_from_minor is None else _euros(rules.free_from_minor)
                said = (str(rules.transit_days), _euros(rules.price_minor), free)
                typed |= {
                    field_of(kind, zone["id"], level["id"]): text for kind, text in zip(FIELDS, said, strict=True)
                }
    return typed


def _euros(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def levels(values: Mapping[str, str], stand: Sequence[Level]) -> list[Level]:
    """The levels with the names and in the order that were typed.

    Raises:
        forms.Invalid: something does not fit.
    """
    errors: dict[str, str] = {}
    named: list[tuple[int, Level]] = []
    names, places = set[str](), set[int]()
    for level in stand:
        name, typed = values.get(f"name-{level.code}", ""), values.get(f"place-{level.code}", "")
        place = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 2 else 0
        if wrong := _wrong_name(name, names):
            errors[f"name-{level.code}"] = wrong
        if not place:
            errors[f"place-{level.code}"] = "Enter a place from 1 to 99"
        elif place in places:
            errors[f"place-{level.code}"] = f"Two levels stand at {place}. Give each a place of its own"
        names.add(name.casefold())
        places.add(place)
        named.append((place, Level(level.code, name)))
    if errors:
        raise forms.Invalid(errors, dict(values))
    return [level for _, level in sorted(named, key=lambda each: each[0])]


def new_level(values: Mapping[str, str]) -> Level:
    """Raises forms.Invalid: something does not fit."""
    code, name = values.get("code", ""), values.get("name", "")
    errors = {}
    if not CODE.fullmatch(code):
        errors["code"] = "Use up to 20 small letters, digits and hyphens, such as saturday"
    if wrong := _wrong_name(name, set()):
        errors["name"] = wrong
    if errors:
        raise forms.Invalid(errors, dict(values))
    return Level(code, name)


def _wrong_name(name: str, taken: set[str]) -> str:
    if not name:
        return "Enter a name: shoppers read it"
    if len(name) > LONGEST_NAME:
        return f"Use at most {LONGEST_NAME} characters"
    return "Two levels have this name" if name.casefold() in taken else ""
