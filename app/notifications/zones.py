"""In which time zone somebody lives, as far as the postcode tells."""

from zoneinfo import ZoneInfo

from app.infra.clock import shop_zone

_AZORES = ("95", "96", "97", "98", "99")  # an hour behind the rest of Portugal; Madeira is not


def zone_of(country: str, postcode: str) -> ZoneInfo:
    return ZoneInfo("Atlantic/Azores") if country == "PT" and postcode.startswith(_AZORES) else shop_zone()
