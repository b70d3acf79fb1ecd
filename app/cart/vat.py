"""The VAT in what a cart's parcels come to."""

from collections.abc import Iterable

from app.cart.contents import CartLineView
from app.catalog.taxes import Taxed, by_rate, of_parcel
from app.delivery.parcels import ParcelPlan

CartParcel = ParcelPlan[CartLineView]


def vat_of(parcels: Iterable[CartParcel]) -> list[Taxed]:
    """By rate, the highest first."""
    return by_rate(taxed for parcel in parcels for taxed in of_parcel(_goods(parcel), parcel.delivery_minor))


def _goods(parcel: CartParcel) -> list[Taxed]:
    return [Taxed(part.line.vat_percent, part.quantity * part.line.unit_price_minor) for part in parcel.lines]
