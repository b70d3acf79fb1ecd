"""An order as its mails show it, as its rows stand now."""

from dataclasses import dataclass
from datetime import date, datetime

from app.infra.clock import now
from app.infra.database import fetch, fetch_one
from app.notifications.zones import zone_of
from app.orders.tables import OrderState
from app.web.rendering import day

UNDER_WAY = (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED)


@dataclass(frozen=True)
class Line:
    name: str
    note: str
    quantity: int
    unit_price_minor: int

    @property
    def total_minor(self) -> int:
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True)
class ParcelOf:
    """One parcel of an order."""

    number: int
    supplier_name: str
    promised_on: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Ordered:
    """Times are in the zone of the shopper's postcode."""

    id: int
    number: str
    account: int | None
    state: OrderState
    email: str
    name: str
    line1: str
    line2: str
    postcode: str
    place: str
    items_minor: int
    delivery_minor: int
    discount_minor: int
    total_minor: int
    vat_minor: int
    reserved_until: datetime
    parcels: tuple[ParcelOf, ...]

    @property
    def can_be_paid(self) -> bool:
        return self.state == OrderState.PENDING and self.reserved_until > now()

    @property
    def held_until(self) -> str:
        """The time of day."""
        return f"{self.reserved_until:%H:%M}"

    @property
    def pieces(self) -> int:
        return sum(line.quantity for parcel in self.parcels for line in parcel.lines)

    @property
    def all_by(self) -> date:
        return max(parcel.promised_on for parcel in self.parcels)

    def ticket_of(self, parcel: ParcelOf) -> tuple[str, str] | None:
        """Its promise, as verb and day; None when nothing is on its way any more."""
        if self.state == OrderState.PENDING:
            return "Would arrive", day(parcel.promised_on)
        return ("Arrives", day(parcel.promised_on)) if self.state in UNDER_WAY else None

    def parcel(self, number: int) -> ParcelOf | None:
        return next((parcel for parcel in self.parcels if parcel.number == number), None)


async def ordered(order_id: int) -> Ordered | None:
    """None: there is no such order, or nothing is in it."""
    row = await fetch_one(
        """SELECT id, number, account, state, email, name, line1, line2, postcode, place, items_minor, delivery_minor,
                  discount_minor, total_minor, vat_minor, reserved_until
           FROM shop_order WHERE id = $1""",
        order_id,
    )
    parcels = await _parcels(order_id) if row else ()
    if row is None or not parcels:
        return None
    until = row["reserved_until"].astimezone(zone_of(row["postcode"]))
    return Ordered(**{**row, "state": OrderState(row["state"]), "reserved_until": until, "parcels": parcels})


async def _parcels(order_id: int) -> tuple[ParcelOf, ...]:
    parcels = await fetch(
        """SELECT p.id, p.number, p.promised_on, supplier.name AS supplier_name FROM parcel p
           JOIN supplier ON supplier.id = p.supplier WHERE p."order" = $1 ORDER BY p.number""",
        order_id,
    )
    lines = await fetch(
        """SELECT l.parcel, l.name, l.note, l.quantity, l.unit_price_minor FROM order_line l
           JOIN parcel p ON p.id = l.parcel WHERE p."order" = $1 ORDER BY l.id""",
        order_id,
    )
    return tuple(
        ParcelOf(
            parcel["number"],
            parcel["supplier_name"],
            parcel["promised_on"],
            tuple(
                Line(line["name"], line["note"], line["quantity"], line["unit_price_minor"])
                for line in lines
                if line["parcel"] == parcel["id"]
            ),
        )
        for parcel in parcels
    )
