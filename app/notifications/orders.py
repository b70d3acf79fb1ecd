"""Mails about an order, from its rows as they stand when the mail is written. Sellers get none of them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from app.events.event import Event
from app.infra.clock import now
from app.infra.database import fetch
from app.notifications import order_words, return_words
from app.notifications.composing import Composed, Composer
from app.notifications.links import address
from app.notifications.order_words import Words
from app.notifications.ordered import Ordered, ordered
from app.orders.links import key_of

UNPAID = ("placed", "payment_failed", "expired", "cancelled")  # of which it may be that nobody has paid
MOST_UNPAID = 10
UNPAID_WITHIN = timedelta(hours=1)

Say = Callable[[Ordered, dict[str, Any]], Awaitable[Words | None]]


def about(kind: str, say: Say) -> Composer:
    """A composer of one mail to who ordered; of none when there is nothing to say any more."""

    async def compose(event: Event) -> Sequence[Composed]:
        order = await ordered(int(event.payload["order"]))
        words = await say(order, event.payload) if order else None
        if order is None or words is None or not order.email:  # of an account that was deleted no address is kept
            return ()
        if order.detail.row["paid_at"] is None and await _had_enough(order.email):
            return ()
        link, secrets = _link(order, words)
        values = {"order": order.detail, "row": order.detail.row, "words": words, "link": link}
        return [Composed(f"order_{kind}", order.email, words.subject, values, secrets, template="order")]

    return compose


async def _had_enough(email: str) -> bool:
    """Whether so much was written to an address of late about orders that nobody paid: who types it at a checkout need
    not be who reads it, and an order costs nothing until it is paid."""
    rows = await fetch(
        "SELECT FROM mail WHERE recipient = $1 AND created_at > $2 AND kind = ANY($3) LIMIT $4",
        email,
        now() - UNPAID_WITHIN,
        [f"order_{kind}" for kind in UNPAID],
        MOST_UNPAID,
    )
    return len(rows) == MOST_UNPAID


def _link(order: Ordered, words: Words) -> tuple[str, tuple[str, ...]]:
    """Where the order is seen: an account's by signing in, a guest's by the key in the link, which is secret."""
    if not order.is_of_guest:
        return address(f"/sign-in?next=/orders/{order.number}{words.page}"), ()
    key = key_of(order.number)
    return address(f"/orders/{order.number}?key={key}"), (key,)


COMPOSERS = {
    kind: about(kind, say)
    for kind, say in (
        ("placed", order_words.placed),
        ("paid", order_words.paid),
        ("payment_failed", order_words.payment_failed),
        ("expired", order_words.expired),
        ("refund_due", order_words.refund_due),
        ("refunded", order_words.refunded),
        ("shipped", order_words.shipped),
        ("delivered", order_words.delivered),
        ("cancelled", order_words.cancelled),
        ("lines_cancelled", order_words.lines_cancelled),
        ("return_requested", return_words.requested),
        ("return_approved", return_words.approved),
        ("return_refused", return_words.refused),
        ("return_closed", return_words.closed),
        ("return_received", return_words.received),
    )
}
