"""Attempts and provider's words, without a browser."""

import msgspec

from app.checkout import webhooks
from app.checkout.paying import payment_page
from app.checkout.reconciling import reconcile
from app.checkout.settling import settle
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.payments import sandbox_payments
from app.payments.attempts import Attempt, attempts_of
from app.payments.provider import Outcome, Verdict
from app.payments.sandbox_cards import BY_NUMBER
from app.payments.sandbox_webhooks import sign

GOOD, BAD, ASKS, SLOW = "4242424242424242", "4000000000000002", "4000000000003220", "4000000000000077"


async def begun(order_id: int) -> Attempt:
    """The order's open attempt, its shopper on the provider's page."""
    await payment_page(order_id)
    return (await attempts_of(order_id))[0]


async def present(attempt: Attempt, card: str) -> str:
    assert attempt.provider_reference
    return await sandbox_payments.present(attempt.provider_reference, BY_NUMBER[card])


async def asked_about() -> int:
    """Every open attempt has waited long enough: its provider is asked; of how many."""
    await execute("UPDATE payment_attempt SET ask_at = now()")
    return await reconcile()


def succeeded(attempt: Attempt) -> Outcome:
    return Outcome(Verdict.SUCCEEDED, attempt.provider_reference or "", "Visa ending 4242")


def failed(attempt: Attempt) -> Outcome:
    return Outcome(Verdict.FAILED, attempt.provider_reference or "", "Visa ending 0002", "The bank declined the card.")


async def captured(attempt: Attempt) -> None:
    """The shopper has paid, and the shop knows."""
    await present(attempt, GOOD)
    await settle(attempt.id, succeeded(attempt))


async def held(attempt: Attempt) -> None:
    """The shopper's bank holds the money for us, and the shop knows."""
    await execute("UPDATE sandbox_payment SET manual_capture = true WHERE reference = $1", attempt.provider_reference)
    await present(attempt, GOOD)
    await settle(attempt.id, Outcome(Verdict.AUTHORISED, attempt.provider_reference or "", "Visa ending 4242"))


async def some_webhook(which: int, is_forged: bool) -> None:
    """The message sent so many before the last, if there is one, once more; or one that is forged after it.

    Raises:
        BadSignature: it was forged.
    """
    rows = await fetch("SELECT payload::text FROM sandbox_webhook ORDER BY id DESC OFFSET $1 LIMIT 1", which)
    for row in rows:
        body = row["payload"].encode()
        if is_forged:
            told = msgspec.json.decode(body)
            body = msgspec.json.encode({**told, "id": "evt_forged", "type": "payment.succeeded"})
        await webhooks.receive(body, "t=1,v1=00" if is_forged else sign(body, int(now().timestamp())))
