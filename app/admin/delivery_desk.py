"""What the operators' pages about delivery show."""

from dataclasses import dataclass
from typing import Any

from app.delivery.calendar import WorkCalendar
from app.delivery.changing import WarehouseRules, ZoneRules, changes
from app.delivery.peaks import peaks
from app.delivery.promises import STANDARD
from app.delivery.upcoming import Day, upcoming
from app.delivery.ways import Peak
from app.infra.clock import today
from app.infra.database import fetch, fetch_one

WAREHOUSES = "/admin/delivery/warehouses"


@dataclass(frozen=True)
class Step:
    """Something without which nothing can be sent."""

    words: str
    why: str
    address: str  # "": there must be something else first
    is_done: bool


@dataclass(frozen=True)
class Desk:
    warehouses: list[Any]  # with lanes (how many)
    zones: list[Any]  # as `zones` finds them
    peaks: list[tuple[int, Peak]]
    changes: list[Any]
    has_level: bool  # the one that all dates are promised by

    @property
    def steps(self) -> list[Step]:
        """In their order; none in a shop that sends something."""
        lanes = next((f"{WAREHOUSES}/{row['code']}/lanes" for row in self.warehouses), "")
        steps = [
            Step("Add a warehouse", "from which things are sent", WAREHOUSES, bool(self.warehouses)),
            Step("Add a zone", "to which they are sent", "/admin/delivery/zones", bool(self.zones)),
            Step(
                "Send the table of postcodes",
                "which says what lies in the zone",
                "/admin/delivery/postcodes" if self.zones else "",
                any(row["postcodes"] for row in self.zones),
            ),
            Step(
                f"Add the service level “{STANDARD}”",
                "by which every date is promised",
                "/admin/delivery/levels",
                self.has_level,
            ),
            Step(
                "Set the lanes",
                "which say how fast things travel, and at what price",
                lanes if self.zones and self.has_level else "",
                any(row["lanes"] for row in self.warehouses),
            ),
        ]
        return [] if all(step.is_done for step in steps) else steps


async def desk() -> Desk:
    return Desk(
        await fetch(
            "SELECT w.*, (SELECT count(*) FROM lane l WHERE l.warehouse = w.id) AS lanes FROM warehouse w ORDER BY w.id"
        ),
        await zones(),
        await peaks(),
        await changes(),
        await fetch_one("SELECT FROM service_level WHERE code = $1", STANDARD) is not None,
    )


async def zones() -> list[Any]:
    """With postcodes (how many areas) and lanes (how many warehouses drive there)."""
    return await fetch(
        """SELECT z.*, (SELECT count(*) FROM postcode_area a WHERE a.zone = z.id) AS postcodes,
                  (SELECT count(DISTINCT l.warehouse) FROM lane l WHERE l.zone = z.id) AS lanes
           FROM zone z ORDER BY z.id"""
    )


async def areas() -> list[tuple[str, str, str]]:
    """All postcodes: prefix, place, code of the zone."""
    row = await fetch_one(
        """SELECT coalesce(array_agg(a.prefix ORDER BY a.prefix), '{}') AS prefixes,
                  coalesce(array_agg(a.place ORDER BY a.prefix), '{}') AS places,
                  coalesce(array_agg(z.code ORDER BY a.prefix), '{}') AS zones
           FROM postcode_area a JOIN zone z ON z.id = a.zone"""
    )
    return list(zip(row["prefixes"], row["places"], row["zones"], strict=True)) if row else []


async def warehouse(code: str) -> WarehouseRules:
    """Raises LookupError: there is no such warehouse."""
    row = await fetch_one("SELECT * FROM warehouse WHERE code = $1", code)
    if row is None:
        raise LookupError(code)
    return WarehouseRules.of(row)


async def zone(code: str) -> ZoneRules:
    """Raises LookupError: there is no such zone."""
    row = await fetch_one("SELECT * FROM zone WHERE code = $1", code)
    if row is None:
        raise LookupError(code)
    return ZoneRules.of(row)


def next_days(rules: WarehouseRules | ZoneRules) -> list[Day]:
    """The next ten days, today first."""
    if isinstance(rules, WarehouseRules):
        country, days = rules.holiday_country, rules.working_days
    else:
        country, days = rules.country, rules.delivery_days
    calendar = WorkCalendar(country, rules.holiday_subdivision, frozenset(days))
    return upcoming(calendar, today())
