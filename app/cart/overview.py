"""The cart as its page shows it: parcels with their promises, what cannot be bought, and the sums."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from app.cart import notices
from app.cart.charges import charges, vat_of
from app.cart.contents import CartLineView, Contents
from app.cart.notices import Notice
from app.catalog.taxes import Taxed
from app.delivery.estimate import DeliveryMap, Place, Promise, time_left
from app.delivery.parcels import ParcelPlan, plan


@dataclass(frozen=True)
class Part:
    """The pieces of a line in one parcel. The first part of a line carries its controls and news."""

    line: CartLineView
    quantity: int
    news: tuple[Notice, ...]
    is_first: bool
    is_split: bool
    alone: date | None  # the day of its product's page, where it comes later here

    @property
    def total_minor(self) -> int:
        return self.quantity * self.line.unit_price_minor


@dataclass(frozen=True)
class Parcel:
    number: int
    plan: ParcelPlan[CartLineView]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Saved:
    """A line that is saved for later, with the day on which it would arrive."""

    line: CartLineView
    news: Notice | None
    promise: Promise | None


@dataclass(frozen=True)
class Overview:
    place: Place | None
    parcels: tuple[Parcel, ...]
    undeliverable: tuple[Parcel, ...]  # nobody drives from there to the place
    unavailable: tuple[tuple[CartLineView, Notice], ...]
    saved: tuple[Saved, ...]
    removed: CartLineView | None  # the last one, while it can be brought back
    time_left: str  # until one of the dates moves; "" without dates

    @property
    def items(self) -> int:
        """Pieces that can be bought now."""
        return sum(part.quantity for parcel in self.parcels for part in parcel.parts)

    @property
    def sellers(self) -> int:
        return len({parcel.plan.supplier_id for parcel in self.parcels})

    @property
    def items_minor(self) -> int:
        return sum(parcel.plan.items_minor for parcel in self.parcels)

    @property
    def delivery_minor(self) -> int:
        """0 while no place is known."""
        return sum(parcel.plan.delivery_minor for parcel in self.parcels)

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.delivery_minor

    @property
    def vat(self) -> list[Taxed]:
        plans = [parcel.plan for parcel in self.parcels]
        return vat_of(plans, charges(plans))

    @property
    def all_by(self) -> date | None:
        """The day on which everything is there."""
        days = [parcel.plan.promise.date for parcel in self.parcels if parcel.plan.promise]
        return max(days, default=None)


def overview(contents: Contents, place: Place | None, at: datetime, delivery: DeliveryMap) -> Overview:
    """Plan the cart's parcels for a place at a moment."""
    plans = plan(contents.lines, place, at, delivery, {})
    reachable = [found for found in plans if found.chosen or place is None]
    ordered = [*reachable, *(found for found in plans if found not in reachable)]
    parcels = _numbered(ordered, at)
    order_by = [found.promise.order_by for found in plans if found.promise]
    return Overview(
        place,
        parcels[: len(reachable)],
        parcels[len(reachable) :],
        tuple((line, notices.why_not(line)) for line in contents.lines if not line.available),
        tuple(Saved(line, notices.of_saved(line, at), _promise(line, place, at, delivery)) for line in contents.saved),
        contents.removed,
        time_left(min(order_by), at) if order_by else "",
    )


def _promise(line: CartLineView, place: Place | None, at: datetime, delivery: DeliveryMap) -> Promise | None:
    return delivery.promise_table(place.zone, at).best(line.stocks, line.handling_days) if place else None


def _numbered(plans: list[ParcelPlan[CartLineView]], at: datetime) -> tuple[Parcel, ...]:
    parts_of = Counter(part.line.id for found in plans for part in found.lines)
    planned: Counter[int] = Counter()
    for found in plans:
        planned.update({part.line.id: part.quantity for part in found.lines})
    seen: set[int] = set()
    parcels = []
    for number, found in enumerate(plans, 1):
        parts = []
        for part in found.lines:
            line, first = part.line, part.line.id not in seen
            seen.add(line.id)
            news = notices.of_line(line, planned[line.id], at) if first else ()
            alone = part.alone if found.is_later_than(part) else None
            parts.append(Part(line, part.quantity, news, first, parts_of[line.id] > 1, alone))
        parcels.append(Parcel(number, found, tuple(parts)))
    return tuple(parcels)
