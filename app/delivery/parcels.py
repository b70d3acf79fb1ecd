"""Which parcels a cart travels in: one per supplier and warehouse, each with its own promise and price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from app.delivery.allocation import Reach, allocate
from app.delivery.promises import STANDARD, DeliveryMap, Place
from app.delivery.ways import Promise


class Wanted(Protocol):
    """A line of a cart, as far as parcels care."""

    @property
    def offer_id(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def supplier_id(self) -> int: ...
    @property
    def supplier_name(self) -> str: ...
    @property
    def handling_days(self) -> int: ...
    @property
    def unit_price_minor(self) -> int: ...
    @property
    def stocks(self) -> Mapping[str, int]:
        """Warehouse code -> pieces that can be sold."""


L = TypeVar("L", bound=Wanted)


@dataclass(frozen=True)
class PlannedLine(Generic[L]):
    """So many pieces of a line in this parcel; fewer than the line's when it is split or stock is short.

    `alone` is the day that the product's page says: one piece by itself, from wherever it is there soonest.
    """

    line: L
    quantity: int
    alone: date | None = None


class Option(NamedTuple):
    """A service level that a parcel can take."""

    level: str
    name: str
    promise: Promise
    price_minor: int
    free_from_minor: int | None = None  # the worth from which the parcel goes free this way


@dataclass(frozen=True)
class ParcelPlan(Generic[L]):
    """What one supplier would send from one warehouse."""

    key: str  # "SUPPLIERID-WAREHOUSE": the same as long as the parcel exists
    supplier_id: int
    supplier_name: str
    warehouse: str
    lines: tuple[PlannedLine[L], ...]
    options: tuple[Option, ...]  # none: no place is known, or nobody drives there
    chosen: Option | None

    @property
    def promise(self) -> Promise | None:
        return self.chosen.promise if self.chosen else None

    def is_later_than(self, part: PlannedLine[L]) -> bool:
        """Whether the part waits here for others, or for its own number, so that pages must say why."""
        return bool(part.alone and self.promise and part.alone < self.promise.date)

    @property
    def items_minor(self) -> int:
        return sum(part.quantity * part.line.unit_price_minor for part in self.lines)

    @property
    def delivery_minor(self) -> int:
        return self.chosen.price_minor if self.chosen else 0

    @property
    def free_from_minor(self) -> int | None:
        """The worth from which it goes free the way that is chosen."""
        return self.chosen.free_from_minor if self.chosen else None

    @property
    def missing_minor(self) -> int:
        """What is missing to that worth; 0 when it is reached, or there is none."""
        return max((self.free_from_minor or 0) - self.items_minor, 0)

    def by(self, level: str) -> "ParcelPlan[L]":
        """The same parcel with another of its options chosen."""
        return replace(self, chosen=next(option for option in self.options if option.level == level))


def plan(
    lines: Sequence[L], place: Place | None, at: datetime, delivery: DeliveryMap, levels: Mapping[str, str]
) -> tuple[ParcelPlan[L], ...]:
    """Parcels for the lines, the soonest first.

    From where a supplier's lines come is the policy of `allocation`; what no warehouse has is in no parcel. Without a
    place there are no promises.

    Args:
        levels: parcel key -> service level chosen; one that the parcel does not have is passed over.
    """
    planner: _Planner[L] = _Planner(place, at, delivery, levels)
    loads: dict[tuple[int, str], list[PlannedLine[L]]] = {}
    for supplier in dict.fromkeys(line.supplier_id for line in lines):
        theirs = [line for line in lines if line.supplier_id == supplier]
        for warehouse, line, quantity in allocate(theirs, planner.reach()):
            loads.setdefault((supplier, warehouse), []).append(PlannedLine(line, quantity, planner.alone(line)))
    return soonest_first(planner.parcel(code, parts) for (_, code), parts in loads.items())


def soonest_first(parcels: Iterable[ParcelPlan[L]]) -> tuple[ParcelPlan[L], ...]:
    return tuple(sorted(parcels, key=_soonest))


@dataclass(frozen=True)
class _Planner(Generic[L]):
    place: Place | None
    at: datetime
    delivery: DeliveryMap
    levels: Mapping[str, str]

    def reach(self) -> Reach:
        if self.place is None:
            return Reach(self.delivery.warehouses(), lambda *_: date.max, lambda _: 0)
        table, zone = self.delivery.promise_table(self.place.zone, self.at), self.place.zone

        def arrival(warehouse: str, handling_days: int) -> date | None:
            promise = table[warehouse, handling_days]
            return promise.date if promise else None

        return Reach(
            self.delivery.warehouses(),
            arrival,
            lambda warehouse: self.delivery.lane_price(warehouse, zone, STANDARD, 0),
        )

    def alone(self, line: L) -> date | None:
        found = self.place and self.delivery.promise(line.stocks, line.handling_days, self.place.zone, self.at)
        return found.date if found else None

    def parcel(self, warehouse: str, parts: list[PlannedLine[L]]) -> ParcelPlan[L]:
        first = parts[0].line
        key = f"{first.supplier_id}-{warehouse}"
        options = self._options(warehouse, parts, self.place) if self.place else ()
        usual = options[0] if options else None
        chosen = next((option for option in options if option.level == self.levels.get(key)), usual)
        return ParcelPlan(key, first.supplier_id, first.supplier_name, warehouse, tuple(parts), options, chosen)

    def _options(self, warehouse: str, parts: list[PlannedLine[L]], place: Place) -> tuple[Option, ...]:
        """Service levels in their order, without those that arrive no sooner than an earlier one and are no cheaper."""
        handling = max(part.line.handling_days for part in parts)
        worth = sum(part.quantity * part.line.unit_price_minor for part in parts)
        options: list[Option] = []
        for level, name in self.delivery.levels():
            promise = self.delivery.promise((warehouse,), handling, place.zone, self.at, level)
            price = self.delivery.lane_price(warehouse, place.zone, level, worth) if promise else 0
            if promise and all(promise.date < other.promise.date or price < other.price_minor for other in options):
                options.append(
                    Option(level, name, promise, price, self.delivery.free_from(warehouse, place.zone, level))
                )
        return tuple(options)


def _soonest(parcel: ParcelPlan[L]) -> tuple[date, str, str]:
    return (parcel.promise.date if parcel.promise else date.max, parcel.supplier_name, parcel.key)
