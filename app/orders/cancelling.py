"""Cancelling: an order, or lines of it, as long as their parcel is not packed. Stock and money go back with it.

Packing and cancelling lock the order, so of the two exactly one happens to a parcel. Operators may cancel a packed
parcel as well, until it is handed over.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.events.outbox import publish
from app.infra.database import execute, transaction
from app.inventory.reservations import release
from app.inventory.returning import put_back
from app.orders.bought import BoughtLine, BoughtParcel, bought
from app.orders.crediting import Credit, credit, items_of
from app.orders.locking import LockedOrder, locked_order
from app.orders.parcels import UNDER_WAY, locked_parcel
from app.orders.states import follow_parcels, follow_returns, move, move_parcel
from app.orders.tables import OrderState, ParcelState
from app.payments.attempts import order_is_over


class CannotCancel(Exception):
    """Nothing was cancelled. The text is for people."""


@dataclass(frozen=True)
class Cancelled:
    """What was done: nothing when all of it was cancelled before. `credit` is None for what was never paid."""

    lines: int
    is_whole: bool
    credit: Credit | None


async def cancel(order_id: int, lines: Collection[int] | None, actor: str) -> Cancelled:
    """Cancel lines of an order, or, for None, all of it; again changes nothing.

    Raises:
        CannotCancel: one of them is packed, or is none of this order; or it is past that, or nothing was chosen.
        MoneyRefused: its money went back before.
    """
    async with transaction():
        order = await locked_order(order_id)
        if order.state == OrderState.PENDING:
            return await _cancel_unpaid(order, lines, actor)
        if order.state == OrderState.CANCELLED:
            return Cancelled(0, True, None)
        if order.state not in UNDER_WAY:
            raise CannotCancel(f"The order is {order.state}, so it can no longer be cancelled.")
        parcels = await bought(order_id)
        chosen = _chosen(parcels, lines)
        if not chosen:
            return Cancelled(0, False, None)
        return await _cancel_paid(order, parcels, chosen, actor)


async def cancel_packed(order_id: int, number: int, actor: str) -> Cancelled:
    """Cancel a packed parcel that has not left; its pieces are put back. For operators: the way out for one that cannot
    leave, as when the bank has let go of its money.

    Raises:
        LookupError: there is no such parcel.
        ParcelNotReady: it is not packed, or it is handed over or cancelled already.
        MoneyRefused: its money went back before.
    """
    async with transaction():
        packed = await locked_parcel(order_id, number)
        packed.require(ParcelState.PACKED, "cancelled")
        parcels = await bought(order_id)
        chosen = [(each, line) for each in parcels if each.id == packed.id for line in each.lines if line.left]
        return await _cancel_paid(packed.order, parcels, chosen, actor)


def _chosen(parcels: Sequence[BoughtParcel], lines: Collection[int] | None) -> list[tuple[BoughtParcel, BoughtLine]]:
    """The lines that are to be cancelled now; those that were already are left out.

    Raises:
        CannotCancel: see `cancel`.
    """
    if lines is not None and not lines:
        raise CannotCancel("Choose what to cancel.")
    known = {line.id for parcel in parcels for line in parcel.lines}
    if lines is not None and not set(lines) <= known:
        raise CannotCancel("Choose again: that is not part of this order.")
    chosen = [
        (parcel, line)
        for parcel in parcels
        for line in parcel.lines
        if (lines is None or line.id in lines) and line.left
    ]
    late = sorted({parcel.number for parcel, _ in chosen if parcel.state != ParcelState.WAITING})
    if late:
        which = f"Parcel {late[0]} is" if len(late) == 1 else f"Parcels {', '.join(map(str, late))} are"
        raise CannotCancel(f"{which} packed already, so nothing was cancelled. What has arrived can be sent back.")
    return chosen


async def _cancel_unpaid(order: LockedOrder, lines: Collection[int] | None, actor: str) -> Cancelled:
    """Whole, or not at all. Money that should still come in goes back by itself (`checkout/settling.py`)."""
    parcels = await bought(order.id)
    ids = {line.id for parcel in parcels for line in parcel.lines}
    if lines is not None and set(lines) != ids:
        raise CannotCancel("An order that is not paid yet is cancelled as a whole.")
    await execute(
        "UPDATE order_line SET cancelled = quantity WHERE parcel = ANY($1)", [parcel.id for parcel in parcels]
    )
    for parcel in parcels:
        await move_parcel(parcel.id, ParcelState.CANCELLED, actor)
    await move(order.id, OrderState.CANCELLED, actor)
    await order_is_over(order.id, "The order was cancelled.")
    await _tell(order, "cancelled", ids, None)
    await release(order.id)
    return Cancelled(len(ids), True, None)


async def _cancel_paid(
    order: LockedOrder, parcels: Sequence[BoughtParcel], chosen: Sequence[tuple[BoughtParcel, BoughtLine]], actor: str
) -> Cancelled:
    ids, emptied = {line.id for _, line in chosen}, {parcel.id for parcel, _ in chosen}
    await execute(
        "UPDATE order_line SET cancelled = quantity - returned WHERE parcel = ANY($1) AND id = ANY($2)",
        [parcel.id for parcel in parcels],
        sorted(ids),
    )
    for parcel in parcels:
        if parcel.id in emptied and not any(line.left and line.id not in ids for line in parcel.lines):
            await move_parcel(parcel.id, ParcelState.CANCELLED, actor)
    is_whole = await follow_parcels(order.id, actor) == OrderState.CANCELLED
    await follow_returns(order.id, actor)  # perhaps all that has arrived went back before
    await put_back(order.id, [(line.offer, parcel.warehouse, line.left) for parcel, line in chosen])
    credited = await credit(
        order, items_of(parcels, {line.id: line.left for _, line in chosen}), "cancelled", shipped=False
    )
    await _tell(order, "cancelled" if is_whole else "lines_cancelled", ids, credited)
    return Cancelled(len(ids), is_whole, credited)


async def _tell(order: LockedOrder, kind: str, lines: Collection[int], credited: Credit | None) -> None:
    said = {"kind": kind, "order": order.id, "number": order.number, "lines": sorted(lines)}
    if credited:
        said |= credited.told
    await publish("orders", order.number, said)
