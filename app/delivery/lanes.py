"""The lanes out of a warehouse, as operators set them: where it sends to, by which level, how fast, at what price."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.delivery.changing import ChangedMeanwhile, version_of, write_down
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.money import euro

Way = tuple[str, str]
"""Code of the zone, code of the service level."""


@dataclass(frozen=True)
class LaneRules:
    """Working days on the road (0 to 60), the price of a parcel in cents, and the worth from which it is free."""

    transit_days: int
    price_minor: int
    free_from_minor: int | None = None

    @property
    def words(self) -> str:
        days = f"{self.transit_days} working day{'s' if self.transit_days != 1 else ''}"
        free = f", free from {euro(self.free_from_minor)}" if self.free_from_minor is not None else ""
        return f"{days}, {euro(self.price_minor)}{free}"


Lanes = Mapping[Way, LaneRules]


def mark_of(lanes: Lanes) -> str:
    """A mark of these lanes, to stand in a form."""
    return version_of("; ".join(f"{way}: {lanes[way].words}" for way in sorted(lanes)))


def differing(now: Lanes, other: Lanes) -> list[str]:
    """What `now` says about the ways of which `other` says something else."""
    ways = sorted(way for way in {*now, *other} if now.get(way) != other.get(way))
    return [f"{zone} by {level}: {_words(now.get((zone, level))) or 'no lane'}" for zone, level in ways]


async def lanes_of(warehouse: str, zones: Collection[str]) -> dict[Way, LaneRules]:
    """The lanes from a warehouse to these zones."""
    rows = await fetch(
        """SELECT z.code AS zone, s.code AS level, l.transit_days, l.price_minor, l.free_from_minor
           FROM lane l JOIN warehouse w ON w.id = l.warehouse JOIN zone z ON z.id = l.zone
           JOIN service_level s ON s.id = l.service_level WHERE w.code = $1 AND z.code = ANY($2)""",
        warehouse,
        list(zones),
    )
    return {
        (row["zone"], row["level"]): LaneRules(row["transit_days"], row["price_minor"], row["free_from_minor"])
        for row in rows
    }


async def learned_of(warehouse: str) -> dict[Way, int]:
    """Days that count in place of those set by hand, where they are learned and the lane is not held."""
    rows = await fetch(
        """SELECT z.code AS zone, t.service_level AS level, t.learned_days
           FROM transit_time t JOIN warehouse w ON w.id = t.warehouse JOIN zone z ON z.id = t.zone
           WHERE w.code = $1 AND NOT t.is_held AND t.learned_days IS NOT NULL""",
        warehouse,
    )
    return {(row["zone"], row["level"]): row["learned_days"] for row in rows}


async def change_lanes(warehouse: str, zones: Collection[str], account_id: int, seen: str, to: Lanes) -> int:
    """Let the lanes from the warehouse to these zones be `to`, and no others; returns how many have changed.

    Raises:
        ChangedMeanwhile: they are no longer what `seen` marks, or a zone or service level is gone.
        LookupError: there is no such warehouse.
    """
    async with transaction():
        # Not FOR UPDATE: stock may come in meanwhile.
        if not await fetch_one("SELECT id FROM warehouse WHERE code = $1 FOR NO KEY UPDATE", warehouse):
            raise LookupError("no such warehouse")
        is_now = await lanes_of(warehouse, zones)
        changed = sorted(way for way in {*is_now, *to} if is_now.get(way) != to.get(way))
        if not changed:
            return 0
        if mark_of(is_now) != seen or not await _are_there(to):
            raise ChangedMeanwhile("; ".join(differing(is_now, to)))
        await _remove(warehouse, [way for way in changed if way not in to])
        await _set(warehouse, {way: to[way] for way in changed if way in to})
        for zone, level in changed:
            subject = f"Lane {warehouse} to {zone} by {level}"
            await write_down(account_id, subject, _words(is_now.get((zone, level))), _words(to.get((zone, level))))
    return len(changed)


def _words(rules: LaneRules | None) -> str:
    return rules.words if rules else ""


async def _are_there(lanes: Lanes) -> bool:
    """Whether all zones and levels exist; they then stay until the transaction is over."""
    zones, levels = ({way[place] for way in lanes} for place in (0, 1))
    found_zones = await fetch("SELECT code FROM zone WHERE code = ANY($1) FOR KEY SHARE", list(zones))
    found_levels = await fetch("SELECT code FROM service_level WHERE code = ANY($1) FOR KEY SHARE", list(levels))
    return len(found_zones) == len(zones) and len(found_levels) == len(levels)


async def _remove(warehouse: str, ways: list[Way]) -> None:
    await execute(
        """DELETE FROM lane l
           USING warehouse w, zone z, service_level s, unnest($2::text[], $3::text[]) AS way (zone, level)
           WHERE w.id = l.warehouse AND z.id = l.zone AND s.id = l.service_level
             AND w.code = $1 AND z.code = way.zone AND s.code = way.level""",
        warehouse,
        [zone for zone, _ in ways],
        [level for _, level in ways],
    )


async def _set(warehouse: str, lanes: Lanes) -> None:
    await execute(
        """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor, free_from_minor)
           SELECT w.id, z.id, s.id, way.days, way.price, way.free_from
           FROM unnest($2::text[], $3::text[], $4::smallint[], $5::int[], $6::int[])
               AS way (zone, level, days, price, free_from)
           JOIN warehouse w ON w.code = $1 JOIN zone z ON z.code = way.zone JOIN service_level s ON s.code = way.level
           ON CONFLICT (warehouse, zone, service_level) DO UPDATE SET transit_days = excluded.transit_days,
               price_minor = excluded.price_minor, free_from_minor = excluded.free_from_minor""",
        warehouse,
        [zone for zone, _ in lanes],
        [level for _, level in lanes],
        [rules.transit_days for rules in lanes.values()],
        [rules.price_minor for rules in lanes.values()],
        [rules.free_from_minor for rules in lanes.values()],
    )
