"""What each parcel of a cart is charged for: its goods, less the discount, and its delivery; and the VAT of all of it.

A discount is taken off the amounts as prices are: if they are net, before VAT comes on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from app.cart.contents import CartLineView
from app.catalog.taxes import Taxed, by_rate, of_parcel
from app.delivery.parcels import ParcelPlan
from app.discounts.giving import Discount
from app.infra.money import shares
from app.infra.settings import settings
from app.payments.registry import least_minor

CartParcel = ParcelPlan[CartLineView]


@dataclass(frozen=True)
class Charge:
    """Minor units; `off_minor` is what the discount takes off each of the parcel's lines."""

    worths_minor: tuple[int, ...]
    off_minor: tuple[int, ...]
    delivery_minor: int


def charges(parcels: Sequence[CartParcel], discount: Discount | None = None) -> tuple[Charge, ...]:
    """One for each parcel."""
    worths = [tuple(part.quantity * part.line.unit_price_minor for part in parcel.lines) for parcel in parcels]
    delivery = [parcel.delivery_minor - _off_delivery(parcel, discount) for parcel in parcels]
    items = sum(map(sum, worths))
    off_goods = discount.off_goods(items, sum(delivery), least_minor()) if discount else 0
    off = iter(shares(off_goods, list(chain.from_iterable(worths))))
    return tuple(
        Charge(each, tuple(next(off) for _ in each), charged) for each, charged in zip(worths, delivery, strict=True)
    )


def vat_of(parcels: Sequence[CartParcel], charged: Sequence[Charge]) -> list[Taxed]:
    """By rate, the highest first."""
    is_net = settings().prices_are_net
    return by_rate(
        taxed
        for parcel, charge in zip(parcels, charged, strict=True)
        for taxed in of_parcel(
            [
                Taxed(part.line.vat_percent, worth - off, is_net)
                for part, worth, off in zip(parcel.lines, charge.worths_minor, charge.off_minor, strict=True)
            ],
            charge.delivery_minor,
        )
    )


def _off_delivery(parcel: CartParcel, discount: Discount | None) -> int:
    if discount is None or parcel.chosen is None:
        return 0
    return discount.off_delivery([option.price_minor for option in parcel.options], parcel.delivery_minor)
