"""Parcels whose days are counted as lanes count them: working days on the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.delivery.learning.effects import Codes
from app.delivery.learning.observations import Parcels
from app.delivery.learning.survival import Floats
from app.delivery.promises import DeliveryMap


class RoadCalendar:
    """How many days on the road there have been up to each day, for pairs of warehouse and zone.

    Args:
        pairs: (warehouse code, zone code), each known to the map; the place in it is the pair's code.
        first, last: ordinals of the days that are asked about, both included.
    """

    def __init__(self, delivery: DeliveryMap, pairs: Sequence[tuple[str, str]], first: int, last: int) -> None:
        self._first = first
        days = [date.fromordinal(number) for number in range(first, last + 1)]
        roads = [delivery.road_day(*pair) for pair in pairs]
        counts = [np.cumsum([bool(road and road(day)) for day in days]) for road in roads]
        self._counts: NDArray[np.int64] = np.array(counts, np.int64).reshape(len(pairs), len(days))

    def between(self, pairs: Codes, after: Floats, until: Floats) -> Floats:
        """Days on the road after one day until another, at least 0; NaN where a day is NaN."""
        unknown = np.isnan(after) | np.isnan(until)
        places = [self._place(np.where(unknown, self._first, days)) for days in (after, until)]
        counted = self._counts[pairs, places[1]] - self._counts[pairs, places[0]]
        return np.where(unknown, np.nan, np.maximum(counted, 0))

    def _place(self, days: Floats) -> Codes:
        return np.clip(days.astype(np.int64) - self._first, 0, self._counts.shape[1] - 1)


@dataclass(frozen=True)
class RoadParcels(Parcels):
    """Parcels that left, or were to leave, on the days `ships`; all days are ordinals."""

    ships: Floats
    pairs: Codes
    calendar: RoadCalendar

    def waited(self, at: float) -> Floats:
        """Days on the road so far, the day of the moment included: it could come today."""
        return self.calendar.between(self.pairs, self.ships, np.full(len(self.ships), np.floor(at)))
