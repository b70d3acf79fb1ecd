"""Stripe behind the shop's provider interface: hosted Checkout pages, payment intents, refunds.

An attempt's reference is its Checkout Session. Keys make calls happen once; Stripe keeps them for a day, and keeps its
own failures with them, too. So what may have been sent before is looked for first, by the key that we write into
metadata.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from app.infra.settings import settings
from app.payments.provider import Charge, Outcome, ProviderUnavailable, Started, Statement, Verdict, Wish
from app.payments.stripe_client import Refused, Replayed, answered, client
from app.payments.stripe_reading import mark_of, of_refund, of_session

EXPANDED: Any = {"expand": ["payment_intent.latest_charge"]}
PAGE = 100


class Stripe:
    least_minor = 50  # in euros

    async def start(self, charge: Charge) -> Started:
        """A page whose address nobody was told cannot be paid on, so another try may have a key of its own."""
        back = f"{settings().public_url}{charge.return_path}"
        marks = {"attempt": charge.key}
        card = {"request_multicapture": "if_available"} if charge.manual_capture else {}
        parameters: dict[str, Any] = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "adaptive_pricing": {"enabled": False},  # what was confirmed is charged, in its currency
            "client_reference_id": charge.key,
            "metadata": marks,
            "payment_intent_data": {
                "metadata": marks,
                "description": charge.description,
                "capture_method": "manual" if charge.manual_capture else "automatic",
            },
            **({"payment_method_options": {"card": card}} if card else {}),
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": charge.currency.lower(),
                        "unit_amount": charge.amount_minor,
                        "product_data": {"name": charge.description},
                    },
                }
            ],
            "success_url": back,
            "cancel_url": back,
            "expires_at": int(charge.page_until.timestamp()),
        }
        key = f"{charge.key}-{charge.tries}"
        try:
            session = await answered(client().checkout.sessions.create_async(parameters, {"idempotency_key": key}))
        except Refused as refused:  # of our own making: nobody has seen a card yet
            raise ProviderUnavailable(f"Stripe refuses to open a page: {refused} {refused.code}") from None
        if not session.url:
            raise ProviderUnavailable("Stripe gave no page")
        return Started(session.id, session.url)

    async def page(self, reference: str) -> str | None:
        session = await self._session(reference)
        return session.url if session.status == "open" else None

    async def status(self, reference: str) -> Outcome:
        return of_session(await self._session(reference))

    async def close(self, reference: str) -> Outcome:
        with suppress(Refused):  # completed or expired meanwhile
            await answered(client().checkout.sessions.expire_async(reference))
        return await self.status(reference)

    async def capture(self, wish: Wish) -> Outcome:
        intent = await self._intent(wish.payment)
        if intent.amount_received >= wish.captured_before_minor + wish.amount_minor:
            return Outcome(Verdict.SUCCEEDED, "")  # sent before, its answer was lost
        if intent.status != "requires_capture":
            return Outcome(Verdict.FAILED, "", failure="The bank no longer holds the money.")
        what: dict[str, Any] = {"amount_to_capture": wish.amount_minor}
        if wish.takes_parts:
            what["final_capture"] = wish.is_last
        return await self._once(
            wish, lambda key: client().payment_intents.capture_async(intent.id, what, {"idempotency_key": key})
        )

    async def release(self, wish: Wish) -> Outcome:
        """Stripe lets go of a part only together with the last capture, or all that is left by cancelling."""
        intent = await self._intent(wish.payment)
        if not wish.is_last or intent.status != "requires_capture":
            return Outcome(Verdict.SUCCEEDED, "")
        return await self._once(
            wish, lambda key: client().payment_intents.cancel_async(intent.id, {}, {"idempotency_key": key})
        )

    async def refund(self, wish: Wish) -> Outcome:
        if wish.reference:
            try:
                return of_refund(await answered(client().refunds.retrieve_async(wish.reference)))
            except Refused as refused:
                raise ProviderUnavailable(f"Stripe does not know refund {wish.reference}: {refused}") from None
        intent = (await self._intent(wish.payment)).id
        if wish.again:
            async for refund in _pages(client().refunds.list_async, {"payment_intent": intent}):
                if mark_of(refund, "request") == wish.key:
                    return of_refund(refund)
        what = {"payment_intent": intent, "amount": wish.amount_minor, "metadata": {"request": wish.key}}
        return await self._once(wish, lambda key: client().refunds.create_async(what, {"idempotency_key": key}))

    async def attempt_key_of(self, intent: str) -> str:
        """Of the attempt that a payment intent belongs to; empty when it is not ours."""
        try:
            found = await answered(client().payment_intents.retrieve_async(intent))
        except Refused:
            return ""
        return mark_of(found, "attempt")

    async def statements(self, since: datetime) -> list[Statement]:
        """Payments that were made since then, each with its refunds, as Stripe's books have them."""
        found: dict[str, Statement] = {}
        window = {"created": {"gte": int(since.timestamp())}}
        async for intent in _pages(client().payment_intents.list_async, window):
            key = mark_of(intent, "attempt")
            if key:  # others may use the same account
                found[intent.id] = Statement(key, intent.id, intent.amount, intent.amount_received, {})
        async for refund in _pages(client().refunds.list_async, window):
            if refund.payment_intent in found and refund.status == "succeeded":
                key = mark_of(refund, "request") or refund.id
                found[refund.payment_intent].refunds[key] = refund.amount
        return list(found.values())

    async def _once(self, wish: Wish, call: Any) -> Outcome:
        """With the wish's key. A failure that Stripe keeps for it has not happened, or we had found it: a new key."""
        try:
            try:
                done = await answered(call(wish.key))
            except Replayed:
                if not wish.again:
                    raise
                done = await answered(call(f"{wish.key}-{wish.tries}"))
        except Refused as refused:
            return Outcome(Verdict.FAILED, "", failure=str(refused))
        return of_refund(done) if done.object == "refund" else Outcome(Verdict.SUCCEEDED, "")

    async def _session(self, reference: str) -> Any:
        try:
            return await answered(client().checkout.sessions.retrieve_async(reference, EXPANDED))
        except Refused as refused:
            raise ProviderUnavailable(f"Stripe does not know {reference}: {refused}") from None

    async def _intent(self, reference: str) -> Any:
        session = await self._session(reference)
        if session.payment_intent is None:
            raise ProviderUnavailable(f"{reference} has no payment")
        return session.payment_intent


async def _pages(call: Any, what: dict[str, Any]) -> Any:
    """Everything of a list, page by page."""
    last: dict[str, Any] = {}
    while True:
        answer = await answered(call({**what, **last, "limit": PAGE}))
        for each in answer.data:
            yield each
        if not answer.has_more or not answer.data:
            return
        last = {"starting_after": answer.data[-1].id}
