"""What the pages about returns show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.infra.clock import local_day, today
from app.infra.database import fetch
from app.infra.settings import settings
from app.orders.bought import bought
from app.orders.return_asking import REASONS, arrivals
from app.orders.tables import ParcelState, ReturnState

SAID = {
    ReturnState.REQUESTED: "Asked for; we look at it within two working days",
    ReturnState.APPROVED: "Agreed: send it back",
    ReturnState.REFUSED: "Not agreed",
    ReturnState.CLOSED: "Closed: it has not arrived",
    ReturnState.RECEIVED: "It is here",
    ReturnState.REFUNDED: "Your money goes back",
}


@dataclass(frozen=True)
class ReturnedLine:
    id: int
    name: str
    sku: str
    image: str
    pieces: int
    unit_price_minor: int
    is_restocked: bool | None


@dataclass(frozen=True)
class ReturnView:
    order: str
    number: int
    state: ReturnState
    reason: str  # in words
    note: str
    answer: str
    requested_at: datetime
    is_net: bool  # its prices are without VAT
    closes_on: date | None  # when it has not arrived by then; None before it is agreed to
    lines: tuple[ReturnedLine, ...]
    moves: tuple[tuple[str, datetime], ...]  # in words

    @property
    def worth_minor(self) -> int:
        return sum(line.pieces * line.unit_price_minor for line in self.lines)


@dataclass(frozen=True)
class Returnable:
    """A line of which something may still go back."""

    id: int
    name: str
    note: str  # which of its forms it is
    image: str
    parcel: int
    left: int
    unit_price_minor: int
    is_net: bool  # that price is without VAT
    arrived_on: date | None
    until: date | None  # the last day for a change of mind
    is_for_faults_only: bool


async def returnable(order_id: int) -> list[Returnable]:
    arrived, found = await arrivals(order_id), []
    for parcel in await bought(order_id):
        day = arrived.get(parcel.number)
        until = day + timedelta(days=REASONS["changed_mind"][1]) if day else None
        found += [
            Returnable(
                line.id,
                line.name,
                line.note,
                line.image,
                parcel.number,
                line.left,
                line.unit_price_minor,
                line.is_net,
                day,
                until,
                bool(until and until < today()),
            )
            for line in parcel.lines
            if parcel.state == ParcelState.DELIVERED and line.left
        ]
    return found


async def returns_of(order_id: int) -> list[ReturnView]:
    """All of an order, the oldest first, in three queries."""
    return await _views('r."order" = $1', order_id)


async def open_returns() -> list[ReturnView]:
    """Those that wait for an operator, the oldest first."""
    return await _views("r.state IN ('requested', 'approved') AND $1::bigint IS NULL", None)


async def _views(condition: str, order_id: int | None) -> list[ReturnView]:
    rows = await fetch(
        f"""SELECT r.*, o.number AS order_number, o.is_net,
                   (SELECT max(moved_at) FROM return_move
                    WHERE "return" = r.id AND to_state = 'approved') AS approved_at
            FROM order_return r JOIN shop_order o ON o.id = r."order"
            WHERE {condition} ORDER BY r.id LIMIT 200""",  # noqa: S608 - only constants are put in
        order_id,
    )
    ids = [row["id"] for row in rows]
    lines = await fetch(
        """SELECT r."return", l.id, l.name, l.sku, l.image, r.pieces, l.unit_price_minor, r.is_restocked
           FROM return_line r JOIN order_line l ON l.parcel = r.parcel AND l.id = r.line
           WHERE r."return" = ANY($1) ORDER BY r.id""",
        ids,
    )
    moves = await fetch(
        'SELECT "return", to_state, moved_at FROM return_move WHERE "return" = ANY($1) ORDER BY id', ids
    )
    return [
        ReturnView(
            row["order_number"],
            row["number"],
            ReturnState(row["state"]),
            REASONS[row["reason"]][0],
            row["note"],
            row["answer"],
            row["requested_at"],
            row["is_net"],
            day and day + timedelta(days=settings().return_within_days),
            tuple(
                ReturnedLine(**{name: value for name, value in dict(line).items() if name != "return"})
                for line in lines
                if line["return"] == row["id"]
            ),
            tuple((SAID[ReturnState(m["to_state"])], m["moved_at"]) for m in moves if m["return"] == row["id"]),
        )
        for row in rows
        for day in (local_day(row["approved_at"]),)
    ]
