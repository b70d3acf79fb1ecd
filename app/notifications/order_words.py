"""What mails say about an order, kind by kind. None where by now there is nothing to say: another mail says it."""

from dataclasses import dataclass
from typing import Any

from app.infra.money import euro
from app.notifications.ordered import Ordered, ParcelOf
from app.notifications.rendering import first_name
from app.orders.tables import OrderState
from app.payments.attempts import attempts_of
from app.payments.tables import AttemptState
from app.web.rendering import day

Payload = dict[str, Any]

_KEPT = (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED)


@dataclass(frozen=True)
class Words:
    """`said` are paragraphs; `go` is what the button to the order says; `parcel`: only this one is shown."""

    subject: str
    title: str
    said: tuple[str, ...]
    notice: str = ""
    go: str = "Look at your order"
    parcel: ParcelOf | None = None


async def placed(order: Ordered, _: Payload) -> Words:
    name = first_name(order.name)
    held = f"Not paid yet. Your things are held for you until {order.held_until}."
    return Words(
        f"We have your order {order.number}",
        "We have your order",
        (f"Thank you{', ' + name if name else ''}. {_count(order.pieces)} for {euro(order.total_minor)}.",),
        f"{held} If you are paying just now, all is well." if order.can_be_paid else "",
        "Pay or look at it" if order.can_be_paid else Words.go,
    )


async def paid(order: Ordered, _: Payload) -> Words | None:
    if order.state not in _KEPT:
        return None
    several = len(order.parcels) > 1
    packing = f"The sellers pack {len(order.parcels)} parcels now." if several else "The seller packs it now."
    arrives = f"All of it is there by {day(order.all_by)}." if several else f"It arrives {day(order.all_by)}."
    return Words(f"Order {order.number} is paid", "Paid, thank you", (f"{packing} {arrives}",))


async def payment_failed(order: Ordered, _: Payload) -> Words | None:
    if not order.can_be_paid:
        return None
    last = (await attempts_of(order.id))[0]
    if last.state != AttemptState.FAILED:  # the next try is under way
        return None
    return Words(
        f"Your card was not charged for order {order.number}",
        "Your card was not charged",
        (f"{last.failure} Try again, or use another card.".strip(),),
        f"Your things are held for you until {order.held_until}.",
        f"Pay {euro(order.total_minor)}",
    )


async def expired(order: Ordered, _: Payload) -> Words | None:
    if order.state != OrderState.EXPIRED:
        return None
    return Words(
        f"Order {order.number} was not paid in time",
        "Not paid in time",
        (
            f"The hold ended {day(order.reserved_until.date())}, {order.held_until}, so nothing was ordered "
            "and your card was not charged.",
            "What you chose may still be there: you can order it again.",
        ),
    )


async def refund_due(order: Ordered, _: Payload) -> Words:
    if order.state in _KEPT:
        said = "The order was paid twice. We are sending the second payment back; the order itself goes on."
    else:
        said = (
            f"Your payment of {euro(order.total_minor)} came after the hold had ended, and the goods were gone. "
            "We are sending it back."
        )
    return Words(f"Your money for order {order.number} comes back", "Your money comes back", (said,))


async def refunded(order: Ordered, payload: Payload) -> Words:
    amount = euro(int(payload.get("amount_minor", order.total_minor)))
    return Words(
        f"{amount} for order {order.number} was sent back",
        f"{amount} is on its way back",
        ("It goes to what you paid with. Banks take up to five working days to show it.",),
    )


async def shipped(order: Ordered, payload: Payload) -> Words:
    parcel, which = _parcel(order, payload)
    arrives = f"It arrives {day(parcel.promised_on if parcel else order.all_by)}."
    return Words(
        f"{which} of order {order.number} is on its way" if parcel else f"Order {order.number} is on its way",
        "It is on its way",
        (f"{which} is with the carrier. {arrives}",),
        go="Follow it",
        parcel=parcel,
    )


async def delivered(order: Ordered, payload: Payload) -> Words:
    parcel, which = _parcel(order, payload)
    return Words(
        f"{which} of order {order.number} has arrived" if parcel else f"Order {order.number} has arrived",
        "It has arrived",
        (f"{which} was delivered. If something is wrong with it, tell us on the order’s page.",),
        parcel=parcel,
    )


async def cancelled(order: Ordered, payload: Payload) -> Words:
    whole = order.state in (OrderState.CANCELLED, OrderState.REFUNDED)
    parcel, which = (None, "All of it") if whole else _parcel(order, payload)
    return Words(
        f"Order {order.number} is cancelled" if whole else f"Part of order {order.number} is cancelled",
        "Cancelled" if whole else "Part of it is cancelled",
        (
            f"{which} was cancelled and will not be sent." if parcel or whole else "Part of it will not be sent.",
            "What you have paid for it goes back to what you paid with; another mail says when.",
        ),
        parcel=parcel,
    )


def _count(pieces: int) -> str:
    return "1 item" if pieces == 1 else f"{pieces} items"


def _parcel(order: Ordered, payload: Payload) -> tuple[ParcelOf | None, str]:
    """The parcel that the event names, and how to call it; None when it is about the whole order."""
    parcel = order.parcel(int(payload["parcel"])) if "parcel" in payload else None
    if parcel is None or len(order.parcels) == 1:
        return parcel, "Your parcel" if len(order.parcels) == 1 else "All of it"
    return parcel, f"Parcel {parcel.number} of {len(order.parcels)}"
