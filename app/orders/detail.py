"""One order with all that its page shows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.delivery.clocks import clock_of
from app.delivery.envelope import envelope
from app.infra.clock import local_day, now
from app.infra.database import fetch, fetch_one
from app.orders.carriers import NAMES
from app.orders.parcels import UNDER_WAY
from app.orders.tables import OrderState, ParcelState, TrackingKind
from app.orders.timeline import Happened, Moment, timeline
from app.orders.words import Standing, Ticket, outcome, sentence, ticket
from app.payments.attempts import PAYING, Attempt, attempts_of
from app.payments.tables import AttemptState


@dataclass(frozen=True)
class Line:
    id: int
    product_slug: str
    sku: str
    name: str
    note: str
    options: dict[str, str]
    image: str
    quantity: int
    cancelled: int
    returned: int
    unit_price_minor: int

    @property
    def left(self) -> int:
        """Pieces that are neither cancelled nor returned."""
        return self.quantity - self.cancelled - self.returned

    @property
    def total_minor(self) -> int:
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True)
class ParcelDetail:
    number: int
    supplier_name: str
    warehouse: str  # its code
    service_level: str
    delivery_minor: int
    standing: Standing
    ticket: Ticket
    lines: tuple[Line, ...]
    timeline: tuple[Moment, ...]
    carrier: str  # "" while no carrier has it
    tracking_code: str

    @property
    def state(self) -> ParcelState:
        return self.standing.state

    @property
    def outcome(self) -> str:
        return outcome(self.standing)

    @property
    def is_over(self) -> bool:
        """Nothing more is to come: it has arrived, was cancelled, or was never paid."""
        return all(step.state == "done" for step in self.timeline)

    @property
    def is_told_by_hand(self) -> bool:
        """Its carrier tells us nothing by itself."""
        return bool(self.tracking_code) and self.carrier == NAMES[""]


@dataclass(frozen=True)
class Returned:
    """Money that goes back to the shopper, with the number of its credit note."""

    number: str
    reason: str  # cancelled | returned
    amount_minor: int
    issued_at: datetime
    is_sent: bool  # by the payment provider; else it is on its way there


@dataclass(frozen=True)
class OrderDetail:
    row: Any  # of shop_order, with `invoice`: its number, "" before it is paid
    parcels: tuple[ParcelDetail, ...]
    attempts: tuple[Attempt, ...]  # the newest first
    money_back: tuple[Returned, ...]  # the oldest first

    @property
    def going_to(self) -> tuple[str, ...]:
        """The lines of its address, as on an envelope."""
        return envelope(self.row)

    @property
    def can_cancel(self) -> bool:
        """Whether anything of it may still be cancelled."""
        if self.state == OrderState.PENDING:
            return True
        return self.state in UNDER_WAY and any(parcel.state == ParcelState.WAITING for parcel in self.parcels)

    @property
    def was_cancelled(self) -> bool:
        """All of it, before or after it was paid."""
        return all(parcel.state == ParcelState.CANCELLED for parcel in self.parcels)

    @property
    def can_return(self) -> bool:
        """Whether something of it has arrived."""
        return any(parcel.state == ParcelState.DELIVERED for parcel in self.parcels)

    @property
    def has_returns(self) -> bool:
        """Whether something of it goes back, or has gone."""
        return any(line.returned for parcel in self.parcels for line in parcel.lines)

    @property
    def returned_minor(self) -> int:
        return sum(each.amount_minor for each in self.money_back)

    @property
    def state(self) -> OrderState:
        return OrderState(self.row["state"])

    @property
    def pieces(self) -> int:
        return sum(line.quantity for parcel in self.parcels for line in parcel.lines)

    @property
    def sentence(self) -> str:
        return sentence(self.state, [parcel.state for parcel in self.parcels], self.held_until)

    @property
    def held_until(self) -> datetime:
        """By the clock of the place it goes to."""
        until: datetime = self.row["reserved_until"]
        return until.astimezone(clock_of(self.row["country"], self.row["postcode"]))

    @property
    def can_be_paid(self) -> bool:
        return self.state == OrderState.PENDING and self.row["reserved_until"] > now()

    @property
    def declined(self) -> Attempt | None:
        """The last try to pay, when it has failed."""
        last = self.attempts[0] if self.attempts else None
        return last if last and last.state == AttemptState.FAILED else None

    @property
    def checking(self) -> Attempt | None:
        """A try to pay of which nobody knows yet whether it worked: the shopper is not asked to pay again."""
        last = self.attempts[0] if self.attempts else None
        return last if last and last.is_open and last.checking_since else None

    @property
    def charged(self) -> Attempt | None:
        """The attempt whose money came in, or is held by the bank; kept or not."""
        taken = (*PAYING, AttemptState.RELEASED, AttemptState.REFUNDING, AttemptState.REFUNDED)
        return next((attempt for attempt in self.attempts if attempt.state in taken), None)


async def detail_of(order_id: int) -> OrderDetail:
    """Everything in six queries. Who may see it is `ownership`'s question."""
    row = await fetch_one(
        """SELECT o.*, coalesce(i.number, '') AS invoice FROM shop_order o LEFT JOIN invoice i ON i."order" = o.id
           WHERE o.id = $1""",
        order_id,
    )
    assert row is not None, "whoever asks has found the order"
    parcels = await fetch(
        """SELECT p.*, supplier.name AS supplier_name, w.code AS warehouse_code, s.carrier, s.tracking_code,
                  s.expected_on,
                  coalesce(s.delivered_at, (SELECT max(moved_at) FROM parcel_move
                                            WHERE parcel = p.id AND to_state = 'delivered')) AS arrived_at
           FROM parcel p JOIN supplier ON supplier.id = p.supplier JOIN warehouse w ON w.id = p.warehouse
           LEFT JOIN shipment s ON s.parcel = p.id WHERE p."order" = $1 ORDER BY p.number""",
        order_id,
    )
    lines = await fetch(
        """SELECT l.parcel, l.id, l.product_slug, l.sku, l.name, l.note, l.options::text AS options, l.image,
                  l.quantity, l.cancelled, l.returned, l.unit_price_minor
           FROM order_line l JOIN parcel p ON p.id = l.parcel WHERE p."order" = $1 ORDER BY l.id""",
        order_id,
    )
    happened = await _happened(order_id)
    found = tuple(
        _parcel(
            OrderState(row["state"]),
            parcel,
            tuple(_line(line) for line in lines if line["parcel"] == parcel["id"]),
            sorted((*happened[None], *happened[parcel["id"]]), key=lambda each: each.at),
        )
        for parcel in parcels
    )
    attempts = tuple(await attempts_of(order_id))
    return OrderDetail(row, found, attempts, await _money_back(order_id) if row["paid_at"] else ())


async def _money_back(order_id: int) -> tuple[Returned, ...]:
    rows = await fetch(
        """SELECT c.number, c.reason, c.amount_minor, c.issued_at,
                  NOT EXISTS (SELECT FROM money_request m WHERE m."order" = c."order" AND m.cause = c.number
                              AND m.state <> 'done' AND NOT (m.part = 'bank' AND m.instead_of IS NULL)
                              AND NOT EXISTS
                                (SELECT FROM money_request again WHERE again.instead_of = m.id)) AS is_sent
           FROM credit_note c WHERE c."order" = $1 ORDER BY c.id""",
        order_id,
    )
    return tuple(Returned(**row) for row in rows)


async def _happened(order_id: int) -> dict[int | None, list[Happened]]:
    """Parcel -> what happened to it; None -> what happened to the order."""
    rows = await fetch(
        """SELECT NULL::bigint AS parcel, 'order' AS subject, to_state AS what, '' AS place, moved_at AS at, id
           FROM order_move WHERE "order" = $1
           UNION ALL
           SELECT p.id, 'parcel', m.to_state, '',
                  CASE WHEN m.to_state = 'delivered' THEN coalesce(s.delivered_at, m.moved_at) ELSE m.moved_at END, m.id
           FROM parcel p JOIN parcel_move m ON m.parcel = p.id LEFT JOIN shipment s ON s.parcel = p.id
           WHERE p."order" = $1
           UNION ALL
           SELECT p.id, 'tracking', e.kind, e.place, e.at, e.id
           FROM parcel p JOIN shipment s ON s.parcel = p.id JOIN tracking_event e ON e.shipment = s.id
           WHERE p."order" = $1 ORDER BY at, id""",
        order_id,
    )
    kinds: dict[str, Any] = {"order": OrderState, "parcel": ParcelState, "tracking": TrackingKind}
    found = defaultdict[int | None, list[Happened]](list)
    for row in rows:
        found[row["parcel"]].append(Happened(kinds[row["subject"]](row["what"]), row["at"], row["place"]))
    return found


def _parcel(order: OrderState, row: Any, lines: tuple[Line, ...], happened: list[Happened]) -> ParcelDetail:
    standing = Standing(ParcelState(row["state"]), row["promised_on"], row["expected_on"], local_day(row["arrived_at"]))
    return ParcelDetail(
        row["number"],
        row["supplier_name"],
        row["warehouse_code"],
        row["service_level"],
        row["delivery_minor"],
        standing,
        ticket(order, standing),
        lines,
        timeline(happened, row["supplier_name"], standing.due_on, is_cancelled=standing.state == ParcelState.CANCELLED),
        NAMES[row["carrier"]] if row["carrier"] is not None else "",
        row["tracking_code"] or "",
    )


def _line(row: Any) -> Line:
    fields = {name: value for name, value in dict(row).items() if name != "parcel"}
    return Line(**{**fields, "options": msgspec.json.decode(row["options"], type=dict[str, str])})
