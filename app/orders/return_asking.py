"""Asking to send something back, while its time has not run out.

Within 14 days of its arrival anything may go back (right of withdrawal, directive 2011/83/EU, article 9), and what is
broken or not what was ordered within the three years of the legal guarantee. Pieces count as returned from the request
on, so that none goes back twice: a CHECK on the line refuses what two requests at once would add up to.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.events.outbox import publish
from app.infra.clock import local_day, now, today
from app.infra.database import execute, fetch, fetch_one, transaction
from app.orders.bought import BoughtParcel, bought
from app.orders.locking import LockedOrder, locked_order
from app.orders.tables import ParcelState

LONGEST_NOTE = 1000

WITHDRAWAL_DAYS = 14

# Reason -> its words, and for how many days after the arrival it counts.
REASONS: dict[str, tuple[str, int]] = {
    "changed_mind": ("I have changed my mind", WITHDRAWAL_DAYS),
    "broken": ("It is broken or does not work", 3 * 365),
    "wrong": ("It is not what I ordered", 3 * 365),
}


class CannotReturn(Exception):
    """Nothing was done. The text is for people; `field` is the form's field that it is about."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


async def ask(order_id: int, pieces: Mapping[int, int], reason: str, note: str) -> int:
    """Ask to send so many pieces of these lines back; returns the request's number among those of the order.

    Raises:
        CannotReturn: one of them has not arrived, or too long ago, or there are not so many left; or a field is wrong.
    """
    if reason not in REASONS:
        raise CannotReturn("Choose why it goes back.", "reason")
    if len(note) > LONGEST_NOTE:
        raise CannotReturn(f"Use at most {LONGEST_NOTE} characters.", "note")
    wanted = {line: count for line, count in pieces.items() if count}
    if not wanted:
        raise CannotReturn("Choose how many pieces go back.", "pieces")
    async with transaction():
        order = await locked_order(order_id)
        parcels = await bought(order_id)
        _require(parcels, await arrivals(order_id), wanted, REASONS[reason][1])
        number = await _write(order_id, [parcel.id for parcel in parcels], wanted, reason, note)
        await tell(order, "return_requested", number)
    return number


async def _write(order_id: int, parcels: list[int], wanted: Mapping[int, int], reason: str, note: str) -> int:
    """The request with its lines and the first of its moves; its number. From now on the pieces count as returned.

    `parcels` are those of the order: with them its lines lie in one partition.
    """
    lines, pieces = list(wanted), list(wanted.values())
    await execute(
        """UPDATE order_line SET returned = returned + wanted.pieces
           FROM unnest($1::bigint[], $2::int[]) AS wanted (id, pieces)
           WHERE order_line.id = wanted.id AND order_line.parcel = ANY($3::bigint[])""",
        lines,
        pieces,
        parcels,
    )
    row = await fetch_one(
        """INSERT INTO order_return ("order", number, state, reason, note, requested_at)
           SELECT $1, coalesce(max(number), 0) + 1, 'requested', $2, $3, $4 FROM order_return WHERE "order" = $1
           RETURNING id, number""",
        order_id,
        reason,
        note,
        now(),
    )
    assert row is not None
    await execute(
        """INSERT INTO return_line ("return", parcel, line, pieces)
           SELECT $1, l.parcel, l.id, wanted.pieces FROM unnest($2::bigint[], $3::int[]) AS wanted (id, pieces)
           JOIN order_line l ON l.id = wanted.id AND l.parcel = ANY($4::bigint[]) ORDER BY l.id""",
        row["id"],
        lines,
        pieces,
        parcels,
    )
    await execute(
        """INSERT INTO return_move ("return", from_state, to_state, actor, moved_at)
           VALUES ($1, NULL, 'requested', 'shopper', $2)""",
        row["id"],
        now(),
    )
    return int(row["number"])


async def arrivals(order_id: int) -> dict[int, date]:
    """Parcel's number -> the day on which it arrived."""
    rows = await fetch(
        """SELECT p.number, coalesce(s.delivered_at, (SELECT max(moved_at) FROM parcel_move
                                                      WHERE parcel = p.id AND to_state = 'delivered')) AS at
           FROM parcel p LEFT JOIN shipment s ON s.parcel = p.id WHERE p."order" = $1 AND p.state = 'delivered'""",
        order_id,
    )
    return {row["number"]: day for row in rows if (day := local_day(row["at"]))}


def _require(
    parcels: Sequence[BoughtParcel], arrived: Mapping[int, date], wanted: Mapping[int, int], days: int
) -> None:
    lines = {line.id: (parcel, line) for parcel in parcels for line in parcel.lines}
    for line_id, count in wanted.items():
        if line_id not in lines:
            raise CannotReturn("Choose again: that is not part of this order.", "pieces")
        parcel, line = lines[line_id]
        field = f"pieces-{line_id}"
        if parcel.state != ParcelState.DELIVERED:
            raise CannotReturn(f"{line.name} has not arrived yet.", field)
        if count > line.left:
            left = f"{line.left} piece{'s' if line.left != 1 else ''}"
            raise CannotReturn(f"Of {line.name} only {left} can still go back.", field)
        day = arrived.get(parcel.number)
        if day and today() > day + timedelta(days=days):
            late = f"{line.name} arrived more than {days} days ago, so it can no longer go back for that."
            raise CannotReturn(late, field)


async def tell(order: LockedOrder, kind: str, number: int, **more: str | int) -> None:
    said = {"kind": kind, "order": order.id, "number": order.number, "return": number}
    await publish("orders", order.number, said | more)
