"""Sending back: asked for by the shopper, decided by an operator, refunded when the goods are there.

Within 14 days of its arrival anything may go back (right of withdrawal, directive 2011/83/EU, article 9), and what is
broken or not what was ordered within the three years of the legal guarantee. Pieces count as returned from the request
on, so that none goes back twice: a CHECK on the line refuses what two requests at once would add up to. What was agreed
to and does not come is closed (`return_closing.py`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.inventory.returning import put_back
from app.orders.bought import BoughtParcel, bought
from app.orders.crediting import Credit, credit, items_of
from app.orders.locking import LockedOrder, locked_order
from app.orders.states import follow_returns, move_return
from app.orders.tables import ParcelState, ReturnState
from app.orders.words import local_day, today

LONGEST_NOTE = 1000

# Reason -> its words, and for how many days after the arrival it counts.
REASONS: dict[str, tuple[str, int]] = {
    "changed_mind": ("I have changed my mind", 14),
    "broken": ("It is broken or does not work", 3 * 365),
    "wrong": ("It is not what I ordered", 3 * 365),
}


class CannotReturn(Exception):
    """Nothing was done. The text is for people; `field` is the form's field that it is about."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Locked:
    id: int
    order: LockedOrder
    number: int
    state: ReturnState
    pieces: dict[int, int]  # line -> how many


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
        await execute(
            """UPDATE order_line SET returned = returned + wanted.pieces
               FROM unnest($1::bigint[], $2::int[]) AS wanted (id, pieces)
               WHERE order_line.id = wanted.id AND order_line.parcel = ANY($3::bigint[])""",
            list(wanted),
            list(wanted.values()),
            [parcel.id for parcel in parcels],
        )
        row = await fetch_one(
            """INSERT INTO order_return ("order", number, state, reason, note, requested_at)
               SELECT $1, coalesce(max(number), 0) + 1, 'requested', $2, $3, $4 FROM order_return WHERE "order" = $1
               RETURNING id, number""",
            order_id,
            reason,
            note.replace("\0", ""),
            now(),
        )
        assert row is not None
        await execute(
            """INSERT INTO return_line ("return", parcel, line, pieces)
               SELECT $1, l.parcel, l.id, wanted.pieces FROM unnest($2::bigint[], $3::int[]) AS wanted (id, pieces)
               JOIN order_line l ON l.id = wanted.id AND l.parcel = ANY($4::bigint[]) ORDER BY l.id""",
            row["id"],
            list(wanted),
            list(wanted.values()),
            [parcel.id for parcel in parcels],
        )
        await execute(
            """INSERT INTO return_move ("return", from_state, to_state, actor, moved_at)
               VALUES ($1, NULL, 'requested', 'shopper', $2)""",
            row["id"],
            now(),
        )
        await tell(order, "return_requested", row["number"])
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


async def approve(order_id: int, number: int, actor: str) -> None:
    """Raises LookupError: no such return. MoveRefused: it is decided already."""
    async with transaction():
        found = await _locked_return(order_id, number)
        await move_return(found.id, ReturnState.APPROVED, actor)
        await tell(found.order, "return_approved", number)


async def refuse(order_id: int, number: int, actor: str, why: str) -> None:
    """Its pieces may be asked for again.

    Raises:
        LookupError: no such return. MoveRefused: it is decided already.
        CannotReturn: `why` is empty or too long.
    """
    await end(order_id, number, actor, why, ReturnState.REFUSED)


async def end(order_id: int, number: int, actor: str, why: str, to_state: ReturnState) -> None:
    """Nothing goes back by it: it is refused or closed, and its pieces may be asked for again. Raises as `refuse`."""
    if not why or len(why) > LONGEST_NOTE:
        raise CannotReturn(f"Say why, in at most {LONGEST_NOTE} characters: the shopper reads it.", "why")
    async with transaction():
        found = await _locked_return(order_id, number)
        await move_return(found.id, to_state, actor)
        await execute("UPDATE order_return SET answer = $2 WHERE id = $1", found.id, why)
        await _free_pieces(found)
        await tell(found.order, f"return_{to_state}", number)


async def receive(order_id: int, number: int, actor: str, restocked: Collection[int]) -> Credit | None:
    """The goods are back: those lines are sold again, the others written off, and all of them are refunded.

    Raises:
        LookupError: no such return. MoveRefused: it is not approved, or was received before.
        CannotReturn: it was closed, and its pieces go back otherwise.
        MoneyRefused: the order has not so much money left.
    """
    async with transaction():
        found = await _locked_return(order_id, number)
        parcels, before = await bought(order_id), await _received_before(order_id)
        if found.state == ReturnState.CLOSED:
            await _count_again(found, parcels)
        await move_return(found.id, ReturnState.RECEIVED, actor)
        await execute(
            'UPDATE return_line SET is_restocked = line = ANY($2) WHERE "return" = $1', found.id, list(restocked)
        )
        await follow_returns(order_id, actor)
        wants = [
            (line.offer, parcel.warehouse, found.pieces[line.id])
            for parcel in parcels
            for line in parcel.lines
            if line.id in found.pieces and line.id in restocked
        ]
        if wants:
            await put_back(order_id, wants)
        items = items_of([_as_received(parcel, before) for parcel in parcels], found.pieces)
        await move_return(found.id, ReturnState.REFUNDED, actor)
        credited = await credit(found.order, items, "returned", shipped=True)
        await tell(found.order, "return_received", number, **(credited.told if credited else {}))
        return credited


async def _free_pieces(found: Locked) -> None:
    """The pieces of a return that comes to nothing may be asked for again."""
    await _count(found, -1)


async def _count_again(found: Locked, parcels: Sequence[BoughtParcel]) -> None:
    """The pieces of a closed return that came after all.

    Raises:
        CannotReturn: another return has them by now.
    """
    for line in (line for parcel in parcels for line in parcel.lines):
        if found.pieces.get(line.id, 0) > line.left:
            raise CannotReturn(f"{line.name} goes back with another return by now. Look at the order's others.", "")
    await _count(found, 1)


async def _count(found: Locked, sign: int) -> None:
    await execute(
        """UPDATE order_line SET returned = order_line.returned + $2 * r.pieces
           FROM return_line r WHERE r."return" = $1 AND order_line.parcel = r.parcel AND order_line.id = r.line""",
        found.id,
        sign,
    )


async def _received_before(order_id: int) -> dict[int, int]:
    """Line -> pieces of it that came back in earlier returns."""
    rows = await fetch(
        """SELECT l.line, sum(l.pieces)::int AS pieces FROM return_line l JOIN order_return r ON r.id = l."return"
           WHERE r."order" = $1 AND r.state IN ('received', 'refunded') GROUP BY l.line""",
        order_id,
    )
    return {row["line"]: row["pieces"] for row in rows}


def _as_received(parcel: BoughtParcel, before: Mapping[int, int]) -> BoughtParcel:
    """Only what is here counts as returned."""
    return replace(parcel, lines=tuple(replace(line, returned=before.get(line.id, 0)) for line in parcel.lines))


async def _locked_return(order_id: int, number: int) -> Locked:
    order = await locked_order(order_id)
    row = await fetch_one('SELECT id, state FROM order_return WHERE "order" = $1 AND number = $2', order_id, number)
    if row is None:
        raise LookupError(f"no return {number} of order {order.number}")
    lines: list[Any] = await fetch('SELECT line, pieces FROM return_line WHERE "return" = $1', row["id"])
    return Locked(row["id"], order, number, ReturnState(row["state"]), {line["line"]: line["pieces"] for line in lines})


async def tell(order: LockedOrder, kind: str, number: int, **more: str | int) -> None:
    said = {"kind": kind, "order": order.id, "number": order.number, "return": number}
    await publish("orders", order.number, said | more)
