"""The day on which each product would arrive in one zone: worked out once per kind of origin, then looked up."""

from datetime import date, datetime, timedelta

import numpy as np

from app.delivery.estimate import DeliveryMap, Place, Promise
from app.search.columns import Ints, Vocabulary

NEVER = np.iinfo(np.int32).max  # no warehouse with stock delivers there
VALID_FOR = timedelta(minutes=5)


class Arrivals:
    """Promises to `zone` for orders of the moment `at`; the same object serves until one of its dates moves."""

    def __init__(self, delivery: DeliveryMap, zone: str, at: datetime) -> None:
        self.delivery, self.zone, self.at = delivery, zone, at
        self._table = delivery.promise_table(zone, at)
        self._promises: dict[tuple[tuple[str, ...], int], Promise | None] = {}
        self._until = at + VALID_FOR
        self._days: Ints = np.zeros(0, np.int64)

    def promise(self, warehouses: tuple[str, ...], handling_days: int) -> Promise | None:
        """When it comes out of these warehouses; None if none of them delivers there."""
        key = (warehouses, handling_days)
        if key not in self._promises:
            found = self._promises[key] = self._table.best(warehouses, handling_days)
            if found:
                self._until = min(self._until, found.order_by)
        return self._promises[key]

    def days(self, origins: Vocabulary) -> Ints:
        """The arrival day (`date.toordinal`, or NEVER) of each known origin."""
        if len(self._days) < len(origins):
            self._days = np.array([self._day(*key) for key in list(origins.keys)], dtype=np.int64)
        return self._days

    def _day(self, warehouses: tuple[str, ...], handling_days: int) -> int:
        found = self.promise(warehouses, handling_days)
        return found.date.toordinal() if found else NEVER

    def holds(self, delivery: DeliveryMap, at: datetime) -> bool:
        return self.delivery is delivery and self.at <= at < self._until


_kept: dict[str, Arrivals] = {}


def arrivals(delivery: DeliveryMap, place: Place, at: datetime) -> Arrivals:
    """The arrivals at a place, from memory while they hold."""
    found = _kept.get(place.zone)
    if found is None or not found.holds(delivery, at):
        found = _kept[place.zone] = Arrivals(delivery, place.zone, at)
    return found


def day_of(number: int) -> date:
    return date.fromordinal(int(number))
