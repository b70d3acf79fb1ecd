"""What Stripe tells the shop by itself.

A message only says that there is news: what is true is asked for, outside any transaction, so that messages may come
twice, in any order or never. It is then taken over in one transaction with the message's mark.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from app.checkout.carrying_out import settle_request
from app.checkout.settling import note_chargeback, settle
from app.checkout.webhooks import UnknownPayment, refuse_nul
from app.infra.database import transaction
from app.payments.attempts import attempt_by_key
from app.payments.provider import Wish
from app.payments.requests import request_by_key
from app.payments.stripe_provider import Stripe
from app.payments.stripe_webhooks import Event, check
from app.payments.webhook_events import first_time, is_taken

NAME = "stripe"
PAYMENTS = {
    "checkout.session.completed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
}
REFUNDS = {"refund.created", "refund.updated", "refund.failed"}
CHARGEBACKS = {"charge.dispute.funds_withdrawn": "chargeback", "charge.dispute.funds_reinstated": "chargeback_returned"}

Settling = Callable[[], Awaitable[None]]


async def receive(body: bytes, signature: str) -> None:
    """Take a message over; one that was taken before, or is not about our payments, changes nothing.

    Raises:
        BadSignature, msgspec.DecodeError: it is not Stripe's, or makes no sense.
        UnknownPayment: see there.
        ProviderUnavailable: Stripe cannot be asked now; the message will come again.
    """
    event = check(body, signature)
    refuse_nul(body)
    if await is_taken(NAME, event.id):
        return
    settling = await _settling(event)
    if settling is None:
        return
    async with transaction():
        if await first_time(NAME, event.id, body.decode()):
            await settling()


async def _settling(event: Event) -> Settling | None:
    """What the event is about, as a call that makes it true; None: not ours."""
    if event.type in PAYMENTS and event.attempt_key:
        return await _payment(event)
    if event.type in REFUNDS and event.request_key:
        request = await request_by_key(event.request_key)
        if request is None:
            raise UnknownPayment(event.request_key)
        wish = Wish("", request.key, request.amount_minor, request.currency, reference=event.data.object.id)
        return partial(settle_request, request.id, await Stripe().refund(wish))
    if event.type in CHARGEBACKS and event.data.object.payment_intent:
        key = await Stripe().attempt_key_of(event.data.object.payment_intent)
        attempt = await attempt_by_key(key) if key else None
        if attempt:
            dispute, kind = event.data.object, CHARGEBACKS[event.type]
            return partial(
                note_chargeback, attempt.id, dispute.id, abs(dispute.amount or 0), returned=kind != "chargeback"
            )
    return None


async def _payment(event: Event) -> Settling:
    attempt = await attempt_by_key(event.attempt_key)
    named = event.data.object.id if event.data.object.object == "checkout.session" else None
    reference = named or (attempt and attempt.provider_reference)
    if attempt is None or not reference:
        raise UnknownPayment(event.attempt_key)
    return partial(settle, attempt.id, await Stripe().status(reference))
