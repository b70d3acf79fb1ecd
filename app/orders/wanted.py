"""An order as the shopper confirmed it, before it is placed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.accounts.owners import Owner
from app.delivery.addresses import PostalAddress
from app.discounts.giving import Discount


@dataclass(frozen=True, kw_only=True)
class Address(PostalAddress):
    email: str


@dataclass(frozen=True)
class WantedLine:
    offer_id: int
    quantity: int
    unit_price_minor: int  # as confirmed
    discount_minor: int = 0  # off all of its pieces

    @property
    def amount_minor(self) -> int:
        """To pay for it; VAT aside, where prices are without."""
        return self.quantity * self.unit_price_minor - self.discount_minor


@dataclass(frozen=True)
class WantedParcel:
    supplier_id: int
    warehouse: str
    service_level: str
    delivery_minor: int
    promised_on: date
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True)
class Wanted:
    """An order as the shopper confirmed it. `request_hash` is of what was shown when it was confirmed."""

    key: UUID
    request_hash: bytes
    owner: Owner
    address: Address
    parcels: tuple[WantedParcel, ...]
    discount: Discount | None = None
    vat_on_top_minor: int = 0  # as confirmed: 0 where prices contain it

    @property
    def lines(self) -> list[WantedLine]:
        return [line for parcel in self.parcels for line in parcel.lines]

    @property
    def items_minor(self) -> int:
        return sum(line.quantity * line.unit_price_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        """Off the goods."""
        return sum(line.discount_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.delivery_minor - self.discount_minor + self.vat_on_top_minor

    @property
    def delivery_minor(self) -> int:
        return sum(parcel.delivery_minor for parcel in self.parcels)
