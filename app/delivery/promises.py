"""The lanes in memory, and the day each one can promise. Immutable; a lookup costs microseconds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.delivery.calendar import NoWorkingDay, WorkCalendar, Works, first_working, working_days_after
from app.delivery.countries import home
from app.delivery.postcodes import marked, normal, signs, unmarked
from app.delivery.ways import Origin, Peak, Promise, Road, Way, on_the_road, promise_by

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shopper wants things: "1200-109" (or only "1200"), "Lisboa", and the code of its zone ("": none)."""

    postcode: str
    name: str
    zone: str
    country: str = field(default_factory=home)

    @property
    def mark(self) -> str:
        """Its postcode as it can stand alone."""
        return marked(self.country, self.postcode)

    @property
    def is_served(self) -> bool:
        return bool(self.zone)


class DeliveryMap:
    """Everything that a promise needs, read once from the tables.

    Args:
        origins: warehouses in their fixed order.
        zones: zone code -> the calendar of those who receive there.
        areas: postcode prefix (letters and digits only; of another country marked) -> (place name, zone code).
        levels: (code, name) in the order shown.
        roads: (warehouse code, zone code, level code) -> the lane.
        peaks: of several that hold an order up, the one that does so longest counts.
    """

    def __init__(
        self,
        origins: Sequence[Origin],
        zones: Mapping[str, WorkCalendar],
        areas: Mapping[str, tuple[str, str]],
        levels: Sequence[tuple[str, str]],
        roads: Mapping[tuple[str, str, str], Road],
        peaks: Sequence[Peak] = (),
    ) -> None:
        self._origins = {origin.code: origin for origin in origins}
        self._zones = zones
        self._areas = areas
        self._levels = tuple(levels)
        self._roads = roads
        self._peaks = peaks
        self._known: dict[tuple[str, str, str, int, date], Promise | None] = {}

    @property
    def is_empty(self) -> bool:
        return not self._roads

    def warehouses(self) -> tuple[str, ...]:
        """Codes in an order that never changes: the place in it is the warehouse's bit number."""
        return tuple(self._origins)

    def levels(self) -> tuple[tuple[str, str], ...]:
        """(code, name) of the service levels in the order shown."""
        return self._levels

    def countries(self) -> frozenset[str]:
        """To which there is a lane."""
        return frozenset(self._zones[zone].country for _, zone, _ in self._roads if zone in self._zones)

    def is_reached(self, zone: str, level: str = STANDARD) -> bool:
        """Whether there is a lane to the zone from any warehouse."""
        return any((to, by) == (zone, level) for _, to, by in self._roads)

    def place_of(self, postcode: str) -> Place | None:
        """The place of a postcode as typed, marked if it is of another country than the shop's.

        None when it is none or nobody delivers there.
        """
        country, typed = unmarked(postcode)
        found = normal(country, typed)
        if found is None:
            return None
        shortest = len(marked(country, "")) or 1
        prefix = marked(country, signs(found))
        for length in range(len(prefix), shortest - 1, -1):
            if area := self._areas.get(prefix[:length]):
                return Place(found, *area, country)
        return None

    def lane_price(self, warehouse: str, zone: str, level: str, worth_minor: int) -> int:
        """What a parcel of that worth costs on the lane, in minor units.

        Raises:
            KeyError: there is no such lane.
        """
        return self._roads[warehouse, zone, level].price_of(worth_minor)

    def free_from(self, warehouse: str, zone: str, level: str) -> int | None:
        """The worth from which a parcel goes free on the lane; None where it always costs something, or never does.

        Raises:
            KeyError: there is no such lane.
        """
        road = self._roads[warehouse, zone, level]
        return road.free_from_minor if road.price_of(0) else None

    def promise(
        self, warehouses: Iterable[str], handling_days: int, zone: str, at: datetime, service_level: str = STANDARD
    ) -> Promise | None:
        """The soonest day out of these warehouses; None when none of them delivers to the zone."""
        return self.promise_table(zone, at, service_level).best(warehouses, handling_days)

    def promise_table(self, zone: str, at: datetime, level: str = STANDARD) -> "PromiseTable":
        """All promises to one zone at one moment, for a page of many products."""
        return PromiseTable(self, zone, at, level)

    def start_of(self, warehouse: str, at: datetime) -> date | None:
        """The working day that an order of the moment `at` belongs to in this warehouse; None: it never works."""
        origin = self._origins.get(warehouse)
        try:
            return origin.dispatch.starts_on(at) if origin else None
        except NoWorkingDay:
            return None

    def promise_from(self, warehouse: str, zone: str, level: str, handling_days: int, start: date) -> Promise | None:
        """The promise of one lane for orders that belong to the working day `start`."""
        key = (warehouse, zone, level, handling_days, start)
        if key not in self._known:
            road, calendar = self._roads.get(key[:3]), self._zones.get(zone)
            self._known[key] = (
                promise_by(self._way(warehouse, zone, road, calendar, handling_days), start)
                if road and calendar and warehouse in self._origins
                else None
            )
        return self._known[key]

    def ships_on(self, warehouse: str, zone: str, handling_days: int, at: datetime) -> date | None:
        """The working day on which an order of the moment `at` leaves the warehouse; None: it or the zone never works.

        Args:
            handling_days: the offer's own; those of the warehouse and of a peak come on top.
        """
        start, calendar = self.start_of(warehouse, at), self._zones.get(zone)
        if start is None or calendar is None:
            return None
        try:
            return self._way(warehouse, zone, Road(0, 0), calendar, handling_days).shipped(start)
        except NoWorkingDay:
            return None

    def arrives_on(self, warehouse: str, zone: str, level: str, handed_over: date) -> date | None:
        """The day on which a parcel that was handed over on that day should be at the door; None: no such lane."""
        road, works = self._roads.get((warehouse, zone, level)), self.road_day(warehouse, zone)
        if road is None or works is None:
            return None
        try:
            return first_working(self._zones[zone].works, working_days_after(works, handed_over, road.transit_days))
        except NoWorkingDay:
            return None

    def road_day(self, warehouse: str, zone: str) -> Works | None:
        """Which days count on the road from the warehouse to the zone; None when one of them is unknown."""
        origin, calendar = self._origins.get(warehouse), self._zones.get(zone)
        return on_the_road(origin.dispatch.calendar, calendar) if origin and calendar else None

    def _way(self, warehouse: str, zone: str, road: Road, there: WorkCalendar, handling_days: int) -> Way:
        origin = self._origins[warehouse]
        peaks = [each for each in self._peaks if each.warehouse in ("", warehouse)]
        return Way(origin, there, zone, handling_days + origin.handling_days, road.transit_days, peaks)


class PromiseTable(dict[tuple[str, int], Promise | None]):
    """(warehouse code, handling days) -> promise, each worked out when it is first asked for."""

    def __init__(self, delivery: DeliveryMap, zone: str, at: datetime, level: str) -> None:
        super().__init__()
        self._delivery, self._zone, self._at, self._level = delivery, zone, at, level
        self._starts: dict[str, date | None] = {}
        self._best: dict[tuple[tuple[str, ...], int], Promise | None] = {}  # many products of a page lie alike

    def __missing__(self, key: tuple[str, int]) -> Promise | None:
        warehouse, handling_days = key
        if warehouse not in self._starts:
            self._starts[warehouse] = self._delivery.start_of(warehouse, self._at)
        start = self._starts[warehouse]
        found = start and self._delivery.promise_from(warehouse, self._zone, self._level, handling_days, start)
        self[key] = found or None
        return self[key]

    def best(self, warehouses: Iterable[str], handling_days: int) -> Promise | None:
        """The earliest day, then the cheaper lane; it holds as long as any of the warehouses can keep that day."""
        key = (tuple(warehouses), handling_days)
        if key not in self._best:
            self._best[key] = self._find_best(*key)
        return self._best[key]

    def _find_best(self, warehouses: tuple[str, ...], handling_days: int) -> Promise | None:
        found = [promise for code in warehouses if (promise := self[code, handling_days])]
        if not found:
            return None
        first = min(found, key=lambda promise: (promise.date, self._price(promise.warehouse), promise.warehouse))
        order_by = max(promise.order_by for promise in found if promise.date == first.date)
        return first if order_by == first.order_by else replace(first, order_by=order_by)

    def _price(self, warehouse: str) -> int:
        return self._delivery.lane_price(warehouse, self._zone, self._level, 0)
