"""Transit times are learned anew: every night by a worker, or by `./feira transit learn`."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.delivery import estimate
from app.delivery.transit.estimating import LaneKey, Learned, learn
from app.infra.clock import local_day, now, shop_zone
from app.infra.database import execute, fetch, transaction
from app.infra.logs import log

REMEMBERED = timedelta(days=540)  # three half-lives: an older parcel hardly counts
MOST = 300_000  # parcels, the newest: five seconds and 250 MB; more would teach nothing
SHORTER_AT_ONCE = 1  # working days; a promise gets longer at once, and shorter step by step


@dataclass(frozen=True)
class Lesson:
    """What a run has found. `lanes` is 0 when too few parcels are known; then everything stays as it was."""

    records: int
    lanes: int
    changed: int


async def learn_transit_times(at: datetime | None = None) -> Lesson:
    """Learn from the parcels known at the moment, and let promises follow in every process within a minute."""
    at = at or now()
    records, hand_set = await _records(at), await _hand_set()
    delivery = await estimate.load()
    found = await asyncio.to_thread(learn, records, hand_set, delivery, local_day(at))
    changed = await _keep(found, hand_set, at) if found else 0
    lesson = Lesson(len(records), len(found or ()), changed)
    log("delivery").info("transit times learned", records=lesson.records, lanes=lesson.lanes, changed=lesson.changed)
    await estimate.renew()
    return lesson


async def _records(at: datetime) -> list[Any]:
    return await fetch(
        """SELECT w.code AS warehouse, z.code AS zone, r.service_level,
                  (r.ordered_at AT TIME ZONE $3)::date AS ordered_on, r.ships_on, r.handed_over_on, r.delivered_on,
                  r.is_void
           FROM transit_record r JOIN warehouse w ON w.id = r.warehouse JOIN zone z ON z.id = r.zone
           WHERE r.ordered_at > $1 AND r.ordered_at <= $2 ORDER BY r.ordered_at DESC LIMIT $4""",
        at - REMEMBERED,
        at,
        str(shop_zone()),
        MOST,
    )


async def _hand_set() -> dict[LaneKey, int]:
    rows = await fetch(
        """SELECT w.code AS warehouse, z.code AS zone, s.code AS level, l.transit_days
           FROM lane l JOIN warehouse w ON w.id = l.warehouse JOIN zone z ON z.id = l.zone
           JOIN service_level s ON s.id = l.service_level ORDER BY l.id"""
    )
    return {LaneKey(row["warehouse"], row["zone"], row["level"]): row["transit_days"] for row in rows}


async def _keep(found: dict[LaneKey, Learned], hand_set: dict[LaneKey, int], at: datetime) -> int:
    """Returns how many lanes take other days than before. Lanes that are gone are forgotten."""
    async with transaction():
        await execute("LOCK TABLE transit_time IN SHARE ROW EXCLUSIVE MODE")
        rows = await fetch(
            """SELECT w.code AS warehouse, z.code AS zone, t.service_level, t.learned_days
               FROM transit_time t JOIN warehouse w ON w.id = t.warehouse JOIN zone z ON z.id = t.zone"""
        )
        before = dict(hand_set)
        before |= {
            LaneKey(row["warehouse"], row["zone"], row["service_level"]): row["learned_days"]
            for row in rows
            if row["learned_days"] is not None
        }
        days = {lane: max(each.days, before[lane] - SHORTER_AT_ONCE) for lane, each in found.items()}
        await execute(
            """INSERT INTO transit_time (warehouse, zone, service_level, point_days, learned_days, parcels, learned_at)
               SELECT w.id, z.id, f.level, f.point, f.days, f.parcels, $7
               FROM unnest($1::text[], $2::text[], $3::text[], $4::real[], $5::smallint[], $6::int[])
                 AS f (warehouse, zone, level, point, days, parcels)
               JOIN warehouse w ON w.code = f.warehouse JOIN zone z ON z.code = f.zone
               ON CONFLICT (warehouse, zone, service_level) DO UPDATE SET point_days = excluded.point_days,
                 learned_days = excluded.learned_days, parcels = excluded.parcels, learned_at = excluded.learned_at""",
            [lane.warehouse for lane in found],
            [lane.zone for lane in found],
            [lane.level for lane in found],
            [each.point_days for each in found.values()],
            list(days.values()),
            [each.parcels for each in found.values()],
            at,
        )
        await execute(
            """DELETE FROM transit_time t WHERE NOT EXISTS (
                 SELECT FROM lane l JOIN service_level s ON s.id = l.service_level
                 WHERE l.warehouse = t.warehouse AND l.zone = t.zone AND s.code = t.service_level)"""
        )
    return sum(days[lane] != before[lane] for lane in days)
