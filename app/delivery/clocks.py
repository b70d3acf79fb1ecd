"""By which clock somebody lives, as far as country and postcode tell."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from app.infra.clock import shop_zone

# Where a country has several clocks: beginnings of postcodes, "" for the rest of it.
_CLOCKS = {
    "PT": {**dict.fromkeys(("95", "96", "97", "98", "99"), "Atlantic/Azores"), "": "Europe/Lisbon"},
    "ES": {**dict.fromkeys(("35", "38"), "Atlantic/Canary"), "": "Europe/Madrid"},
}
_SEASONS = (datetime(2026, 1, 1), datetime(2026, 7, 1))


def clock_of(country: str, postcode: str) -> ZoneInfo:
    """The time zone; the shop's own where the country has several and the postcode does not tell."""
    for beginning, name in _CLOCKS.get(country, {}).items():
        if postcode.startswith(beginning):
            return ZoneInfo(name)
    return _only_clock(country) or shop_zone()


@cache
def _only_clock(country: str) -> ZoneInfo | None:
    """The one that all of the country goes by."""
    zones = [ZoneInfo(name) for name in sorted(get_global("territory_zones").get(country, ()))]
    kinds: set[tuple[timedelta | None, ...]] = {
        tuple(season.replace(tzinfo=zone).utcoffset() for season in _SEASONS) for zone in zones
    }
    return zones[0] if len(kinds) == 1 else None
