"""The offers of a variant as a shopper weighs them: price, delivery, and the day it arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.cart.contents import MOST_PER_LINE
from app.catalog.describing import FEW_LEFT
from app.delivery.allocation import Reach, allocate
from app.delivery.estimate import STANDARD, Place, Promise, time_left
from app.search.arrivals import Arrivals
from app.storefront.products import OfferView, VariantView


@dataclass(frozen=True)
class OfferRow:
    """So many pieces of an offer, as they would lie in a cart by themselves."""

    offer: OfferView
    quantity: int  # fewer than wanted where there are no more
    promise: Promise | None  # of the last piece
    delivery_minor: int | None  # of all parcels; None: not known without a date
    parcels: int = 1
    is_lowest: bool = False
    is_soonest: bool = False

    @property
    def with_delivery_minor(self) -> int:
        return self.quantity * self.offer.price_minor + (self.delivery_minor or 0)


@dataclass(frozen=True)
class _Pieces:
    """What `allocation` shares out among warehouses."""

    quantity: int
    handling_days: int
    stocks: Mapping[str, int]


@dataclass(frozen=True)
class Buying:
    """What stands beside the pictures."""

    offer: OfferView
    promise: Promise | None
    parcels: int
    place: Place | None
    delivery_minor: int | None
    time_left: str  # in which an order keeps the date
    sooner: OfferRow | None
    rows: tuple[OfferRow, ...]  # every seller, this one first
    quantity: int
    most: int

    @property
    def few_left(self) -> int | None:
        return self.offer.available if 0 < self.offer.available <= FEW_LEFT else None


def buying(variant: VariantView, place: Place | None, there: Arrivals | None, at: datetime, quantity: int) -> Buying:
    """The variant's best offer beside its others, for a shopper at `place` who wants `quantity`."""
    most = max(min(variant.offers[0].available, MOST_PER_LINE), 1)
    quantity = min(max(quantity, 1), most)
    rows = offer_rows(variant.offers, there, quantity)
    best = rows[0]
    return Buying(
        offer=best.offer,
        promise=best.promise,
        parcels=best.parcels,
        place=place,
        delivery_minor=best.delivery_minor,
        time_left=time_left(best.promise.order_by, at) if best.promise else "",
        sooner=_sooner(rows),
        rows=rows,
        quantity=quantity,
        most=most,
    )


def offer_rows(offers: Sequence[OfferView], there: Arrivals | None, quantity: int = 1) -> tuple[OfferRow, ...]:
    """The offers in their order; the lowest price and the soonest day are marked where only one has them."""
    rows = [_row(offer, there, quantity) for offer in offers]
    prices = sorted(row.offer.price_minor for row in rows if row.offer.stock)
    days = sorted(row.promise.date for row in rows if row.promise and row.quantity == quantity)
    lowest = prices[0] if len(prices) > 1 and prices[0] < prices[1] else None
    soonest = days[0] if len(days) > 1 and days[0] < days[1] else None
    return tuple(
        replace(
            row,
            is_lowest=bool(row.offer.stock) and row.offer.price_minor == lowest,
            is_soonest=bool(row.promise and row.promise.date == soonest and row.quantity == quantity),
        )
        for row in rows
    )


def _row(offer: OfferView, there: Arrivals | None, quantity: int) -> OfferRow:
    """With day and cost of as many parcels as the cart would make of it."""
    taken = _taken(offer, there, quantity) if there else []
    if there is None or not taken:
        return OfferRow(offer, min(quantity, offer.available), None, None)
    promises = [promise for code, _ in taken if (promise := there.promise((code,), offer.handling_days))]
    last = max(promises, key=lambda promise: promise.date)
    if len(taken) == 1:  # then the day holds as long as any warehouse that has all can keep it
        whole = tuple(code for code in offer.warehouses if offer.stock[code] >= taken[0][1])
        last = there.promise(whole, offer.handling_days) or last
    cost = sum(
        there.delivery.lane_price(code, there.zone, STANDARD, count * offer.price_minor) for code, count in taken
    )
    return OfferRow(offer, sum(count for _, count in taken), last, cost, len(taken))


def _taken(offer: OfferView, there: Arrivals, quantity: int) -> list[tuple[str, int]]:
    """(warehouse, pieces) as in the cart; nothing from where nobody drives to the place."""

    def arrival(warehouse: str, handling_days: int) -> date | None:
        promise = there.promise((warehouse,), handling_days)
        return promise.date if promise else None

    def price(warehouse: str) -> int:
        return there.delivery.lane_price(warehouse, there.zone, STANDARD, 0)

    wanted = _Pieces(quantity, offer.handling_days, offer.stock)
    taken = allocate([wanted], Reach(there.delivery.warehouses(), arrival, price))
    return [(code, count) for code, _, count in taken if arrival(code, offer.handling_days)]


def _sooner(rows: Sequence[OfferRow]) -> OfferRow | None:
    """Another seller from whom as many arrive before the best offer, the soonest of them."""
    best = rows[0]
    dated = [
        (row.promise.date, row.with_delivery_minor, row)
        for row in rows[1:]
        if row.promise and row.quantity >= best.quantity
    ]
    if best.promise is None or not dated:
        return None
    day, _, row = min(dated, key=lambda each: each[:2])
    return row if day < best.promise.date else None
