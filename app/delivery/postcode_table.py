"""What one line of a table of postcodes must say, and what is wrong with those that do not."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from app.delivery.countries import is_known, name_of
from app.delivery.postcodes import marked, signs, unmarked

LONGEST_PLACE = 80
LONGEST_VALUE = 80  # of what is shown of a wrong field
FIELDS = ("prefix", "place", "zone")

_ABROAD = re.compile(r"[A-Z0-9 -]{0,10}")
_PREFIX = re.compile(r"([0-9]{1,4})|([0-9]{4})[ -]?([0-9]{1,3})")


class Entry(NamedTuple):
    """Postcodes that start with `prefix` ("12", "1200-109") are called `place` and lie in the zone of this code."""

    prefix: str
    place: str
    zone: str


class Problem(NamedTuple):
    """Why a line is left out; `field` is one of FIELDS, or empty when the whole line is meant."""

    line: int
    field: str
    value: str
    reason: str


class Judge:
    """Judges the lines of one table, in their order.

    Args:
        zones: code of each zone there is -> its country.
    """

    def __init__(self, zones: Mapping[str, str]) -> None:
        self._zones: Mapping[str, str] = {code.casefold(): code for code in zones}
        self._countries = zones
        self.entries: dict[str, Entry] = {}
        self.problems: list[Problem] = []
        self.spared: set[str] = set()
        """Prefixes on wrong lines, as far as they can be read: leaving such a line out says nothing about them."""
        self._lines: dict[str, int] = {}

    def take(self, line: int, typed: Entry) -> None:
        """Keep what the line says, or what is wrong with it."""
        prefix = tidy_prefix(typed.prefix)
        place = typed.place.strip()
        zone = self._zones.get(typed.zone.strip().casefold())
        wrong = [
            (field, value, reason)
            for field, value, reason in (
                ("prefix", typed.prefix, None if prefix else _wrong_prefix(typed.prefix)),
                ("place", typed.place, _wrong_place(place)),
                ("zone", typed.zone, self._wrong_country(prefix, zone) if zone else self._wrong_zone(typed.zone)),
            )
            if reason
        ]
        if prefix and not wrong and prefix in self.entries:
            wrong.append(("prefix", typed.prefix, f"Line {self._lines[prefix]} speaks of this prefix, too"))
        for field, value, reason in wrong:
            self.refuse(line, field, value, reason)
        if prefix and wrong:
            self.spared.add(prefix)
        elif prefix and zone:
            self.entries[prefix], self._lines[prefix] = Entry(prefix, place, zone), line

    def refuse(self, line: int, field: str, value: str, reason: str) -> None:
        """Write down what is wrong; the value in a form that can be kept and shown."""
        shown = "".join(char if char.isprintable() else "�" for char in value[: LONGEST_VALUE + 1])
        shown = shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"
        self.problems.append(Problem(line, field, shown.encode("utf-8", "replace").decode(), reason))

    def _wrong_country(self, prefix: str | None, zone: str) -> str | None:
        there = self._countries[zone]
        if prefix is None or unmarked(prefix)[0] == there:
            return None
        return f"This zone lies in {name_of(there)}: its prefixes begin with {marked(there, '') or 'a digit'}"

    def _wrong_zone(self, typed: str) -> str:
        known = ", ".join(sorted(self._zones.values()))
        known = known if len(known) <= 300 else known[:300] + " …"
        return f"There is no zone of this code. There are: {known}" if typed.strip() else "The zone's code is missing"


def tidy_prefix(typed: str) -> str | None:
    """ "12" stays, "1200109" and "1200 109" become "1200-109", "es: 28" becomes "ES:28"; "HK:" is all of Hong Kong.

    None for what postcodes do not start with.
    """
    country, code = unmarked(typed.strip().upper())
    if country != "PT":
        known = is_known(country) and _ABROAD.fullmatch(code)
        prefix = marked(country, signs(code)) if known else ""
        return prefix or None
    match = _PREFIX.fullmatch(code)
    if match is None:
        return None
    short, area, rest = match.groups()
    return marked(country, short or f"{area}-{rest}")


def _wrong_prefix(typed: str) -> str:
    if not typed.strip():
        return "The prefix is missing"
    return "A prefix is the first 1 to 7 digits of a postcode, such as 12, 1200 or 1200-109; abroad ES:28"


def _wrong_place(place: str) -> str | None:
    if not place:
        return "The name of the place is missing"
    if len(place) > LONGEST_PLACE:
        return f"The name has {len(place):,} characters; at most {LONGEST_PLACE} are kept"
    if not place.isprintable():
        return "The name holds a line break or another character that cannot be shown"
    return None
