"""When something arrives: the delivery map of this process, and the words for the time that is left."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.delivery.areas import AREAS
from app.delivery.calendar import Dispatch, WorkCalendar
from app.delivery.peaks import peaks
from app.delivery.promises import STANDARD, DeliveryMap, Place, PromiseTable
from app.delivery.ways import Origin, Promise, Road
from app.infra.database import fetch
from app.infra.kept import Kept

__all__ = [
    "STANDARD",
    "DeliveryMap",
    "Place",
    "Promise",
    "PromiseTable",
    "delivery_map",
    "follow",
    "forget",
    "load",
    "renew",
    "time_left",
]

Versions = dict[str, int]


class Loaded(NamedTuple):
    map: DeliveryMap
    versions: Versions  # read first: what was changed meanwhile is loaded once more

    def __bool__(self) -> bool:
        """False in a shop that is still being set up: it is asked again."""
        return not self.map.is_empty


async def delivery_map() -> DeliveryMap:
    """The map, from memory; one older than a minute is renewed in the background.

    Raises:
        DatabaseUnavailable: it has never been loaded and cannot be; pages are told so at once.
    """
    return (await KEPT.get()).map


async def follow() -> None:
    """Read the tables when they were changed, by whomever; web processes ask every two seconds.

    Raises:
        DatabaseUnavailable: that cannot be known. The map of before goes on counting.
    """
    known = KEPT.at_hand
    if known is not None and await versions() != known.versions:
        await KEPT.renewed()


def forget() -> None:
    """Read the tables again at the next question (for tests, and after the world was prepared)."""
    KEPT.forget()
    AREAS.forget()


async def renew() -> None:
    """Read the tables now, after a change of them. Other web processes follow."""
    await KEPT.renew()


async def versions() -> Versions:
    """Part of the tables -> how often it was changed."""
    return {row["part"]: row["version"] for row in await fetch("SELECT part, version FROM delivery_version")}


async def load() -> DeliveryMap:
    """Read all delivery tables, in seven queries; in six when the postcodes are those of before."""
    return (await _load()).map


async def _load() -> Loaded:
    known = await versions()
    warehouses = await fetch("SELECT * FROM warehouse ORDER BY id")
    zones = await fetch("SELECT code, country, holiday_subdivision, delivery_days FROM zone")
    areas = await AREAS.read((known.get("postcode_area"), known.get("zone")))
    levels = await fetch("SELECT code, name FROM service_level ORDER BY position, id")
    lanes = await fetch(
        """SELECT w.code AS warehouse, z.code AS zone, s.code AS level, l.price_minor, l.free_from_minor,
                  coalesce(t.learned_days, l.transit_days) AS transit_days
           FROM lane l JOIN warehouse w ON w.id = l.warehouse JOIN zone z ON z.id = l.zone
           JOIN service_level s ON s.id = l.service_level
           LEFT JOIN transit_time t ON t.warehouse = l.warehouse AND t.zone = l.zone AND t.service_level = s.code
             AND NOT t.is_held"""
    )
    loaded = DeliveryMap(
        [_origin(row) for row in warehouses],
        {row["code"]: _receiving(row) for row in zones},
        areas,
        [(row["code"], row["name"]) for row in levels],
        {
            (row["warehouse"], row["zone"], row["level"]): Road(
                row["transit_days"], row["price_minor"], row["free_from_minor"]
            )
            for row in lanes
        },
        [peak for _, peak in await peaks()],
    )
    return Loaded(loaded, known)


KEPT = Kept(_load)  # renewed each minute, too: where nothing follows, and for changes that no trigger counts


def _receiving(row: dict) -> WorkCalendar:
    return WorkCalendar(row["country"], row["holiday_subdivision"], frozenset(row["delivery_days"]))


def _origin(row: dict) -> Origin:
    calendar = WorkCalendar(row["holiday_country"], row["holiday_subdivision"], frozenset(row["working_days"]))
    return Origin(row["code"], Dispatch(calendar, ZoneInfo(row["timezone"]), row["cutoff"]), row["handling_days"])


def time_left(order_by: datetime, at: datetime) -> str:
    """ "2 h 13 min", "2 h", "13 min", "2 days 5 h"; "" when it is over. Minutes only: nothing ticks on a page."""
    minutes = int((order_by - at).total_seconds() // 60)
    if order_by <= at:
        return ""
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} day{'s' if days > 1 else ''}" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{max(minutes, 1)} min"
