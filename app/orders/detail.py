"""One order with all that its page shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from app.infra.clock import now
from app.infra.database import fetch, fetch_one
from app.orders.tables import OrderState
from app.orders.timeline import Moment, timeline
from app.payments.attempts import Attempt, attempts_of
from app.payments.tables import AttemptState


@dataclass(frozen=True)
class Line:
    product_slug: str
    name: str
    note: str
    options: dict[str, str]
    image: str
    quantity: int
    unit_price_minor: int

    @property
    def total_minor(self) -> int:
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True)
class ParcelDetail:
    number: int
    supplier_name: str
    promised_on: date
    lines: tuple[Line, ...]
    timeline: tuple[Moment, ...]


@dataclass(frozen=True)
class OrderDetail:
    row: Any  # of shop_order
    parcels: tuple[ParcelDetail, ...]
    attempts: tuple[Attempt, ...]  # the newest first

    @property
    def state(self) -> OrderState:
        return OrderState(self.row["state"])

    @property
    def pieces(self) -> int:
        return sum(line.quantity for parcel in self.parcels for line in parcel.lines)

    @property
    def can_be_paid(self) -> bool:
        return self.state == OrderState.PENDING and self.row["reserved_until"] > now()

    @property
    def declined(self) -> Attempt | None:
        """The last try to pay, when it has failed."""
        last = self.attempts[0] if self.attempts else None
        return last if last and last.state == AttemptState.FAILED else None

    @property
    def charged(self) -> Attempt | None:
        """The attempt whose money came in, kept or not."""
        taken = (AttemptState.SUCCEEDED, AttemptState.REFUNDING, AttemptState.REFUNDED)
        return next((attempt for attempt in self.attempts if attempt.state in taken), None)


async def detail_of(order_id: int) -> OrderDetail:
    """Everything in five queries. Who may see it is `ownership`'s question."""
    row = await fetch_one("SELECT * FROM shop_order WHERE id = $1", order_id)
    parcels = await fetch(
        """SELECT p.id, p.number, p.promised_on, supplier.name AS supplier_name FROM parcel p
           JOIN supplier ON supplier.id = p.supplier WHERE p."order" = $1 ORDER BY p.number""",
        order_id,
    )
    lines = await fetch(
        """SELECT l.parcel, l.product_slug, l.name, l.note, l.options::text AS options, l.image, l.quantity,
                  l.unit_price_minor
           FROM order_line l JOIN parcel p ON p.id = l.parcel WHERE p."order" = $1 ORDER BY l.id""",
        order_id,
    )
    moves = await fetch('SELECT to_state, moved_at FROM order_move WHERE "order" = $1 ORDER BY id', order_id)
    found = tuple(
        ParcelDetail(
            parcel["number"],
            parcel["supplier_name"],
            parcel["promised_on"],
            tuple(_line(line) for line in lines if line["parcel"] == parcel["id"]),
            timeline([(OrderState(m["to_state"]), m["moved_at"]) for m in moves], parcel),
        )
        for parcel in parcels
    )
    return OrderDetail(row, found, tuple(await attempts_of(order_id)))


def _line(row: Any) -> Line:
    fields = {name: value for name, value in dict(row).items() if name != "parcel"}
    return Line(**{**fields, "options": msgspec.json.decode(row["options"], type=dict[str, str])})
