"""The offers of a variant as a shopper weighs them: price, delivery, and the day it arrives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cart.contents import MOST_PER_LINE
from app.delivery.estimate import STANDARD, Place, Promise, time_left
from app.search.arrivals import Arrivals
from app.search.cards import FEW
from app.storefront.products import OfferView, VariantView


@dataclass(frozen=True)
class OfferRow:
    offer: OfferView
    promise: Promise | None
    delivery_minor: int | None  # None: not known without a date
    is_lowest: bool = False
    is_soonest: bool = False

    @property
    def with_delivery_minor(self) -> int:
        return self.offer.price_minor + (self.delivery_minor or 0)


@dataclass(frozen=True)
class Buying:
    """What stands beside the pictures."""

    offer: OfferView
    promise: Promise | None
    place: Place | None
    delivery_minor: int | None
    time_left: str  # in which an order keeps the date
    sooner: OfferRow | None
    rows: tuple[OfferRow, ...]  # every seller, this one first
    quantity: int
    most: int

    @property
    def few_left(self) -> int | None:
        return self.offer.available if 0 < self.offer.available <= FEW else None


def buying(variant: VariantView, place: Place | None, there: Arrivals | None, at: datetime, quantity: int) -> Buying:
    """The variant's best offer beside its others, for a shopper at `place` who wants `quantity`."""
    most = max(min(variant.offers[0].available, MOST_PER_LINE), 1)
    quantity = min(max(quantity, 1), most)
    rows = offer_rows(variant.offers, there, quantity)
    best = rows[0]
    return Buying(
        offer=best.offer,
        promise=best.promise,
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
    days = sorted(row.promise.date for row in rows if row.promise)
    lowest = prices[0] if len(prices) > 1 and prices[0] < prices[1] else None
    soonest = days[0] if len(days) > 1 and days[0] < days[1] else None
    return tuple(
        OfferRow(
            row.offer,
            row.promise,
            row.delivery_minor,
            is_lowest=bool(row.offer.stock) and row.offer.price_minor == lowest,
            is_soonest=row.promise is not None and row.promise.date == soonest,
        )
        for row in rows
    )


def _row(offer: OfferView, there: Arrivals | None, quantity: int) -> OfferRow:
    """With the day on which so many arrive from one warehouse, as in the cart; of the first ones where none has all."""
    whole = tuple(code for code in offer.warehouses if offer.stock[code] >= quantity)
    promise = there.promise(whole or offer.warehouses, offer.handling_days) if there else None
    if promise is None or there is None:
        return OfferRow(offer, None, None)
    cost = there.delivery.lane_price(promise.warehouse, there.zone, STANDARD, offer.price_minor)
    return OfferRow(offer, promise, cost)


def _sooner(rows: Sequence[OfferRow]) -> OfferRow | None:
    """Another seller from whom it arrives before the best offer, the soonest of them."""
    best = rows[0]
    dated = [(row.promise.date, row.with_delivery_minor, row) for row in rows[1:] if row.promise]
    if best.promise is None or not dated:
        return None
    day, _, row = min(dated, key=lambda each: each[:2])
    return row if day < best.promise.date else None
