"""Mails to the shop's operators about money: what a bank did by itself, and what a provider would not do."""

from collections.abc import Sequence

from app.accounts.tables import Role
from app.events.event import Event
from app.infra.database import fetch
from app.infra.money import euro
from app.notifications.accounts import Words, notice
from app.notifications.composing import Composed

DESK = "/admin/payments"

# Kind of the event -> subject, and what to do.
SAYS = {
    "chargeback": (
        "A bank has taken back {amount} of order {number}",
        "Answer the dispute at the provider. What is cancelled or sent back of this order is not refunded meanwhile.",
    ),
    "chargeback_returned": (
        "A bank has given back {amount} of order {number}",
        "Refunds that waited for it can be asked for again.",
    ),
    "authorisation_lost": (
        "A bank has let go of {amount} that it held for order {number}",
        "It cannot be captured any more. What is not paid for does not leave: cancel it on the order’s page, or ask.",
    ),
    "capture_failed": (
        "{amount} of order {number} could not be taken",
        "Its goods may have left. The desk says why it failed; ask again there, or ask the shopper.",
    ),
    "refund_failed": (
        "{amount} of order {number} could not be sent back",
        "The shopper waits for it. The desk says why it failed; ask again there, or pay it another way and say so.",
    ),
    "release_failed": (
        "{amount} that is held for order {number} could not be let go",
        "The desk says why it failed; ask again there.",
    ),
}


async def compose(event: Event) -> Sequence[Composed]:
    """One for every operator."""
    subject, said = SAYS[str(event.payload["kind"])]
    subject = subject.format(amount=euro(int(event.payload["amount_minor"])), number=event.payload["number"])
    words = Words(subject, (said,), go="Look at it", path=DESK)
    operators = await fetch("SELECT email, name FROM account WHERE role = $1 ORDER BY id", Role.OPERATOR)
    return [notice(f"money_{event.payload['kind']}", each["email"], each["name"], words) for each in operators]
