"""What mails say about an order, kind by kind. None where by now there is nothing to say: another mail says it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.infra.money import euro
from app.notifications.ordered import Ordered
from app.notifications.rendering import first_name
from app.orders.crediting import what_becomes_of
from app.orders.detail import ParcelDetail
from app.orders.return_asking import WITHDRAWAL_DAYS, arrivals
from app.orders.tables import OrderState, ParcelState
from app.payments.tables import AttemptState
from app.web.rendering import day

Payload = dict[str, Any]

# What the law wants to be said with the confirmation (directive 2011/83/EU, article 8).
_WITHDRAWAL = (
    f"Changed your mind? You may send things back for {WITHDRAWAL_DAYS} days after they arrive, and pay nothing for it."
)
_KEPT = (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED)


@dataclass(frozen=True)
class Words:
    """`said` are paragraphs; `go` is what the button to the order says; `shown`: only this, not the whole order.

    `page` is which of the order's pages it is about. Guests are led to the order: their key opens it there.
    """

    subject: str
    title: str
    said: tuple[str, ...]
    notice: str = ""
    go: str = "Look at your order"
    shown: tuple[ParcelDetail, ...] = ()
    page: str = ""


async def placed(order: Ordered, _: Payload) -> Words:
    name = first_name(order.detail.row["name"])
    held = f"Not paid yet. Your items are held for you until {order.time_held_until}."
    return Words(
        f"We have your order {order.number}",
        "We have your order",
        # apart: behind a name that is written from right to left a number would stand on its other side
        (f"Thank you{', ' + name if name else ''}.", f"{_count(order.detail.pieces)} for {euro(order.total_minor)}."),
        f"{held} If you are paying just now, all is well." if order.detail.can_be_paid else "",
        "Pay or look at it" if order.detail.can_be_paid else Words.go,
    )


async def paid(order: Ordered, _: Payload) -> Words | None:
    if order.state not in _KEPT:
        return None
    several = len(order.detail.parcels) > 1
    packing = f"The sellers pack {len(order.detail.parcels)} parcels now." if several else "The seller packs it now."
    arrives = f"All of it is there by {day(order.all_by)}." if several else f"It arrives {day(order.all_by)}."
    charged = order.detail.charged
    if charged and charged.state == AttemptState.AUTHORISED:
        held = f"Your bank holds {euro(order.total_minor)} for it, and is asked for the money as parcels leave."
        said = (f"{packing} {arrives}", held, _WITHDRAWAL)
        return Words(f"Order {order.number} is confirmed", "Confirmed, thank you", said)
    return Words(f"Order {order.number} is paid", "Paid, thank you", (f"{packing} {arrives}", _WITHDRAWAL))


async def payment_failed(order: Ordered, _: Payload) -> Words | None:
    last = order.detail.declined
    if not order.detail.can_be_paid or last is None:  # the next try is under way, or was good
        return None
    return Words(
        f"Your card was not charged for order {order.number}",
        "Your card was not charged",
        (f"{last.failure} Try again, or use another card.".strip(),),
        f"Your items are held for you until {order.time_held_until}.",
        f"Pay {euro(order.total_minor)}",
    )


async def expired(order: Ordered, _: Payload) -> Words | None:
    if order.state != OrderState.EXPIRED:
        return None
    return Words(
        f"Order {order.number} was not paid in time",
        "Not paid in time",
        (
            f"The hold ended {day(order.held_until.date())}, {order.time_held_until}, so nothing was ordered "
            "and your card was not charged.",
            "What you chose may still be there: you can order it again.",
        ),
    )


async def refund_due(order: Ordered, _: Payload) -> Words:
    if order.state in _KEPT:
        said = "The order was paid twice. We are sending the second payment back; the order itself goes on."
    elif order.detail.was_cancelled:
        said = f"Your payment of {euro(order.total_minor)} came when the order was cancelled. We are sending it back."
    else:
        gone = "the goods, or the discount, were gone" if order.detail.row["discount_code"] else "the goods were gone"
        said = (
            f"Your payment of {euro(order.total_minor)} came after the hold had ended, and {gone}. "
            "We are sending it back."
        )
    return Words(f"Your money for order {order.number} comes back", "Your money comes back", (said,))


async def refunded(order: Ordered, payload: Payload) -> Words:
    amount = euro(int(payload.get("amount_minor", order.total_minor)))
    by_card = "It goes to what you paid with. Banks take up to five working days to show it."
    by_hand = "It could not go to what you paid with, so we have paid it another way. Tell us if it has not come."
    return Words(
        f"{amount} for order {order.number} was sent back",
        f"{amount} is on its way back",
        (by_hand if payload.get("by_hand") else by_card,),
    )


async def shipped(order: Ordered, payload: Payload) -> Words | None:
    parcel, which = _parcel(order, payload)
    if parcel and parcel.state == ParcelState.DELIVERED:
        return None
    arrives = f"It should arrive {day(parcel.standing.due_on if parcel else order.all_by)}."
    by = f"{parcel.carrier}, tracking code {parcel.tracking_code}." if parcel and parcel.tracking_code else ""
    return Words(
        f"{which} of order {order.number} is on its way" if parcel else f"Order {order.number} is on its way",
        "It is on its way",
        tuple(filter(None, (f"{which} is with the carrier. {arrives}", by))),
        go="Follow it",
        shown=(parcel,) if parcel else (),
    )


async def delivered(order: Ordered, payload: Payload) -> Words:
    parcel, which = _parcel(order, payload)
    return Words(
        f"{which} of order {order.number} has arrived" if parcel else f"Order {order.number} has arrived",
        "It has arrived",
        (
            " ".join(filter(None, (f"{which} was delivered.", parcel.outcome if parcel else ""))),
            " ".join(filter(None, (await _back_until(order, parcel), "If something is wrong with it, tell us there."))),
        ),
        shown=(parcel,) if parcel else (),
    )


async def cancelled(order: Ordered, payload: Payload) -> Words:
    """All of it, or what was left."""
    return Words(
        f"Order {order.number} is cancelled",
        "Your order is cancelled",
        ("Nothing of it is sent any more.", money_of(payload)),
        shown=_lines(order, payload),
    )


async def lines_cancelled(order: Ordered, payload: Payload) -> Words:
    return Words(
        f"Part of order {order.number} is cancelled",
        "Part of your order is cancelled",
        ("This is not sent any more; the rest goes on as it was.", money_of(payload)),
        shown=_lines(order, payload),
    )


def money_of(payload: Payload) -> str:
    """Where the money of what was cancelled, or has come back, is."""
    if "amount_minor" not in payload:
        return "You were not charged."
    note = f" Credit note {payload['credit_note']}." if "credit_note" in payload else ""
    said = what_becomes_of(*(int(payload.get(name, 0)) for name in ("amount_minor", "lost_minor", "bank_minor")))
    return said + note


def _lines(order: Ordered, payload: Payload) -> tuple[ParcelDetail, ...]:
    """The parcels of the lines that the event names, with these lines only; of none that we know, none."""
    named = payload.get("lines", ())
    parcels = [
        replace(parcel, lines=tuple(line for line in parcel.lines if line.id in named))
        for parcel in order.detail.parcels
    ]
    return tuple(parcel for parcel in parcels if parcel.lines)


def _count(pieces: int) -> str:
    return "1 item" if pieces == 1 else f"{pieces} items"


async def _back_until(order: Ordered, parcel: ParcelDetail | None) -> str:
    """Until when what came may go back without a reason."""
    arrived = (await arrivals(order.id)).get(parcel.number) if parcel else None
    if arrived is None:
        return "You may send it back on the order’s page."
    return f"You may send it back on the order’s page until {day(arrived + timedelta(days=WITHDRAWAL_DAYS))}."


def _parcel(order: Ordered, payload: Payload) -> tuple[ParcelDetail | None, str]:
    """The parcel that the event names, and how to call it; None when it is about the whole order."""
    parcel = order.parcel(int(payload["parcel"])) if "parcel" in payload else None
    if parcel is None or len(order.detail.parcels) == 1:
        return parcel, "Your parcel" if len(order.detail.parcels) == 1 else "All of it"
    return parcel, f"Parcel {parcel.number} of {len(order.detail.parcels)}"
