"""Promises against what came of them: by week and by lane. The week is that of the promised day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.infra import clock
from app.infra.database import fetch

WEEKS = 12  # shown, the running one included
ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Tally:
    """Parcels whose promised day is over. Days are from order to arrival, in the calendar."""

    due: int = 0
    kept: int = 0
    arrived: int = 0
    promised_sum: int = 0  # days promised, over all that are due
    taken_sum: int = 0  # days taken, over all that have arrived

    @property
    def share(self) -> float | None:
        """Of promises kept; what has not come yet is not kept."""
        return self.kept / self.due if self.due else None

    @property
    def promised_days(self) -> float | None:
        return self.promised_sum / self.due if self.due else None

    @property
    def taken_days(self) -> float | None:
        return self.taken_sum / self.arrived if self.arrived else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.due + other.due,
            self.kept + other.kept,
            self.arrived + other.arrived,
            self.promised_sum + other.promised_sum,
            self.taken_sum + other.taken_sum,
        )


@dataclass(frozen=True)
class LaneKept:
    """One lane: what its promises count with, and how they were kept in each of the weeks."""

    warehouse: str
    zone: str
    zone_name: str
    level: str
    level_name: str
    hand_set: int
    learned: int | None  # working days on the road; None: nothing is learned
    point_days: float | None
    is_held: bool
    weeks: tuple[Tally, ...]

    @property
    def days(self) -> int:
        """Working days on the road that promises count with."""
        return self.hand_set if self.learned is None or self.is_held else self.learned

    @property
    def all(self) -> Tally:
        return _sum(self.weeks)


@dataclass(frozen=True)
class Kept:
    """`weeks` are Mondays, the oldest first; `by_week` and the lanes' weeks stand in that order."""

    weeks: tuple[date, ...]
    by_week: tuple[Tally, ...]
    lanes: tuple[LaneKept, ...]  # those that broke the most promises first
    learned_at: Any | None

    @property
    def all(self) -> Tally:
        return _sum(self.by_week)


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


async def warehouse_names() -> dict[str, str]:
    """Code → name of those that promises may be looked at alone for."""
    return {row["code"]: row["name"] for row in await fetch("SELECT code, name FROM warehouse ORDER BY id")}


async def kept(warehouse: str = "") -> Kept:
    """The last weeks of every lane, or of those of one warehouse (by code). Three queries."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    weeks = tuple(monday - ONE_WEEK * back for back in reversed(range(WEEKS)))
    tallies = await _tallies(weeks[0], today)
    lanes = [_lane(row, weeks, tallies) for row in await _lanes() if warehouse in ("", row["warehouse"])]
    lanes.sort(key=lambda lane: (lane.all.kept - lane.all.due, -lane.all.due))
    return Kept(
        weeks,
        tuple(_sum(lane.weeks[number] for lane in lanes) for number in range(WEEKS)),
        tuple(lanes),
        (await fetch("SELECT max(learned_at) AS at FROM transit_time"))[0]["at"],
    )


async def _lanes() -> list[Any]:
    return await fetch(
        """SELECT w.code AS warehouse, z.code AS zone, z.name AS zone_name, s.code AS level, s.name AS level_name,
                  l.transit_days AS hand_set, t.learned_days AS learned, t.point_days,
                  coalesce(t.is_held, false) AS is_held
           FROM lane l JOIN warehouse w ON w.id = l.warehouse JOIN zone z ON z.id = l.zone
           JOIN service_level s ON s.id = l.service_level
           LEFT JOIN transit_time t ON t.warehouse = l.warehouse AND t.zone = l.zone AND t.service_level = s.code
           ORDER BY w.id, z.id, s.position, s.id"""
    )


async def _tallies(first: date, today: date) -> dict[tuple[str, str, str, date], Tally]:
    rows = await fetch(
        """SELECT w.code AS warehouse, z.code AS zone, r.service_level AS level,
                  date_trunc('week', r.promised_on)::date AS week, count(*) AS due,
                  count(*) FILTER (WHERE r.delivered_on <= r.promised_on) AS kept, count(r.delivered_on) AS arrived,
                  sum(r.promised_on - (r.ordered_at AT TIME ZONE $3)::date) AS promised_sum,
                  coalesce(sum(r.delivered_on - (r.ordered_at AT TIME ZONE $3)::date), 0) AS taken_sum
           FROM transit_record r JOIN warehouse w ON w.id = r.warehouse JOIN zone z ON z.id = r.zone
           WHERE r.promised_on >= $1 AND r.promised_on < $2 AND NOT r.is_void
           GROUP BY 1, 2, 3, 4""",
        first,
        today,
        str(clock.shop_zone()),
    )
    names = Tally.__annotations__
    return {
        (row["warehouse"], row["zone"], row["level"], row["week"]): Tally(**{name: int(row[name]) for name in names})
        for row in rows
    }


def _lane(row: Any, weeks: tuple[date, ...], tallies: Mapping[tuple[str, str, str, date], Tally]) -> LaneKept:
    key = (row["warehouse"], row["zone"], row["level"])
    return LaneKept(**dict(row), weeks=tuple(tallies.get((*key, week), Tally()) for week in weeks))
