"""What every lane takes, from how parcels travelled. No database, no clock.

The method is that of `bench promise` (see `app/delivery/learning/`), with a shop's own properties: effects of
warehouse, zone, lane, service level and weekday on how much longer than its lane's hand-set days a parcel takes. A lane
with few parcels of its own leans on its zone, its warehouse, and in the end on what the operator has set. The room that
keeps the share wanted is each zone's own, leaning on that of all.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from app.delivery.learning import safety
from app.delivery.learning.effects import Codes, Factor, coded
from app.delivery.learning.rolling import WEEK, Day, at_pace, estimate, rolled
from app.delivery.learning.survival import Floats
from app.delivery.promises import DeliveryMap
from app.delivery.transit.road import RoadCalendar, RoadParcels

WEEKS = 26  # gone through day by day: as far back as pace and room look
MOST_DAYS = 60
_SHRINK = {"warehouse": 50.0, "zone": 30.0, "lane": 30.0, "level": 30.0, "weekday": 50.0}


class LaneKey(NamedTuple):
    warehouse: str
    zone: str
    level: str


@dataclass(frozen=True)
class Learned:
    """Working days on the road of one lane."""

    point_days: float
    days: int
    parcels: int  # of this lane, delivered


def learn(
    records: Sequence[Mapping[str, Any]], hand_set: Mapping[LaneKey, int], delivery: DeliveryMap, today: date
) -> dict[LaneKey, Learned] | None:
    """What each lane of `hand_set` takes; None when too few parcels are known to say anything.

    Args:
        records: warehouse, zone, service_level (codes), ordered_on, ships_on, handed_over_on, delivered_on (dates or
            None) and is_void of each parcel; those of other lanes are passed over.
        hand_set: the days that operators have set.
    """
    lanes = {lane: code for code, lane in enumerate(hand_set)}
    rows = [(row, lanes[key]) for row in records if (key := _key(row)) in lanes]
    if not rows:
        return None
    codes = _Codes(tuple(hand_set))
    parcels = _parcels(rows, codes, hand_set, delivery, today)
    on_lane = np.array([lane for _, lane in rows], np.int64)
    factors = codes.factors(on_lane, np.floor(parcels.ordered).astype(np.int64) % 7)
    zones, now = codes.zones[on_lane], today.toordinal()
    days_so_far = rolled(parcels, factors, zones, codes.zone_count, range(now - WEEKS * WEEK, now + 1))
    known = deque(days_so_far, maxlen=1).pop()
    room = safety.safety(parcels, known.points, zones, codes.zone_count, now)
    if known.effects is None or room is None:
        return None
    points = _points(known, codes, np.array(list(hand_set.values()), float))
    days = safety.promised_days(points, room[codes.zones])
    days = np.minimum(np.maximum(days, np.rint(points)), MOST_DAYS).astype(int)  # never what most parcels would miss
    arrived = np.bincount(on_lane[parcels.arrived(now)], minlength=len(lanes))
    return {lane: Learned(float(points[code]), int(days[code]), int(arrived[code])) for lane, code in lanes.items()}


def _key(row: Mapping[str, Any]) -> LaneKey:
    return LaneKey(row["warehouse"], row["zone"], row["service_level"])


class _Codes:
    """Each lane's properties as codes."""

    def __init__(self, lanes: Sequence[LaneKey]) -> None:
        self.warehouses, self.warehouse_count = coded([lane.warehouse for lane in lanes])
        self.zones, self.zone_count = coded([lane.zone for lane in lanes])
        self.levels, self.level_count = coded([lane.level for lane in lanes])
        self.pairs, _ = coded([(lane.warehouse, lane.zone) for lane in lanes])
        self.named_pairs = list(dict.fromkeys((lane.warehouse, lane.zone) for lane in lanes))
        self.lanes = np.arange(len(lanes))

    def factors(self, lanes: Codes, weekdays: Codes) -> tuple[Factor, ...]:
        """For parcels on these lanes, ordered on these weekdays."""
        return (
            Factor(self.warehouses[lanes], self.warehouse_count, _SHRINK["warehouse"]),
            Factor(self.zones[lanes], self.zone_count, _SHRINK["zone"]),
            Factor(self.levels[lanes], self.level_count, _SHRINK["level"]),
            Factor(lanes, len(self.lanes), _SHRINK["lane"]),
            Factor(weekdays, 7, _SHRINK["weekday"]),
        )


def _parcels(
    rows: Sequence[tuple[Mapping[str, Any], int]],
    codes: _Codes,
    hand_set: Mapping[LaneKey, int],
    delivery: DeliveryMap,
    today: date,
) -> RoadParcels:
    ordered, ships, handed_over, delivered = (
        np.array([np.nan if row[name] is None else row[name].toordinal() for row, _ in rows], float)
        for name in ("ordered_on", "ships_on", "handed_over_on", "delivered_on")
    )
    lanes = np.array([lane for _, lane in rows], np.int64)
    last = int(max(today.toordinal(), np.nanmax(ships), np.nanmax(delivered, initial=0)))
    calendar = RoadCalendar(delivery, codes.named_pairs, int(np.nanmin(ships)), last)
    pairs = codes.pairs[lanes]
    return RoadParcels(
        ordered,
        handed_over,
        delivered,
        calendar.between(pairs, ships, delivered),
        np.array([row["is_void"] for row, _ in rows], bool),
        np.array(list(hand_set.values()), float)[lanes],
        ships,
        pairs,
        calendar,
    )


def _points(known: Day, codes: _Codes, expected: Floats) -> Floats:
    """Middling days of every lane, whatever the weekday."""
    assert known.effects is not None
    weekdays = np.zeros(len(expected), np.int64)
    factors = codes.factors(codes.lanes, weekdays)
    of_weekday = known.effects.values[-1]
    raw = estimate(known.effects, [factor.codes for factor in factors], expected)
    raw = (1 + raw) * np.exp(of_weekday.mean() - of_weekday[0]) - 1
    return np.maximum(at_pace(raw, known.paces, codes.zones), 0)
