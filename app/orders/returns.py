"""What was asked to be sent back (`return_asking.py`) is decided by an operator, and refunded when the goods are there.

What was agreed to and does not come is closed (`return_closing.py`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.infra.database import execute, fetch, fetch_one, transaction
from app.inventory.returning import put_back
from app.orders.bought import BoughtParcel, bought
from app.orders.crediting import Credit, credit, items_of
from app.orders.locking import LockedOrder, locked_order
from app.orders.return_asking import LONGEST_NOTE, CannotReturn, tell
from app.orders.states import follow_returns, move_return
from app.orders.tables import ReturnState


@dataclass(frozen=True)
class Locked:
    id: int
    order: LockedOrder
    number: int
    state: ReturnState
    pieces: dict[int, int]  # line -> how many


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
