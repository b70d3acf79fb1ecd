"""The sandbox provider's own books: payments that wait on its page, and what was decided there."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.payments.provider import Charge
from app.payments.sandbox_cards import Card
from app.payments.sandbox_webhooks import announce

OPEN_FOR = timedelta(hours=1)
SLOW = timedelta(seconds=30)

DECLINED = "The bank declined the card."
CLOSED = "The time to pay was over."
CHALLENGE_FAILED = "The bank could not confirm that it was you."


@dataclass(frozen=True)
class Payment:
    """What the hosted page shows."""

    reference: str
    amount_minor: int
    description: str
    return_url: str
    state: str
    method: str
    failure: str
    manual_capture: bool
    created_at: datetime

    @property
    def is_over(self) -> bool:
        return self.state not in ("open", "challenge") or self.created_at + OPEN_FOR <= now()


def page_of(reference: str) -> str:
    return f"/sandbox/pay/{reference}"


async def open_payment(charge: Charge) -> str:
    """The reference of the charge's payment; one per key."""
    await execute(
        """INSERT INTO sandbox_payment (reference, idempotency_key, amount_minor, currency, description, return_url,
             state, method, failure, created_at, manual_capture)
           VALUES ($1, $2, $3, $4, $5, $6, 'open', '', '', $7, $8) ON CONFLICT (idempotency_key) DO NOTHING""",
        f"sbx_{secrets.token_urlsafe(18)}",
        charge.key,
        charge.amount_minor,
        charge.currency,
        charge.description,
        charge.return_path,
        now(),
        charge.manual_capture,
    )
    row = await fetch_one("SELECT reference FROM sandbox_payment WHERE idempotency_key = $1", charge.key)
    assert row is not None
    return str(row["reference"])


async def payment_of(reference: str) -> Payment | None:
    row = await fetch_one(
        """SELECT reference, amount_minor, description, return_url, state, method, failure, manual_capture, created_at
           FROM sandbox_payment WHERE reference = $1""",
        reference,
    )
    return Payment(**row) if row else None


async def present(reference: str, card: Card) -> str:
    """Take a card for an open payment; returns the payment's state. What is decided stays decided."""
    states = {"approve": "approved", "decline": "declined", "challenge": "challenge", "slow": "processing"}
    state = states[card.behaviour]
    return await _decide(reference, "open", state, card.method)


async def answer_challenge(reference: str, *, approved: bool) -> str:
    """Confirm or refuse on the bank's second page; returns the payment's state."""
    return await _decide(reference, "challenge", "approved" if approved else "declined", "", CHALLENGE_FAILED)


async def decide_slow(reference: str = "") -> None:
    """What banks took their time for, and have decided by now: of one payment, or of all."""
    rows = await fetch(
        """SELECT reference FROM sandbox_payment
           WHERE state = 'processing' AND ready_at <= $2 AND ($1 = '' OR reference = $1) LIMIT 100""",
        reference,
        now(),
    )
    for row in rows:
        await _decide(row["reference"], "processing", "approved", "")


async def close_payment(reference: str) -> None:
    """Nobody can pay there any more, if nobody has begun to."""
    await execute(
        "UPDATE sandbox_payment SET state = 'declined', failure = $2 WHERE reference = $1 AND state = 'open'",
        reference,
        CLOSED,
    )


async def _decide(reference: str, before: str, state: str, method: str, failure: str = DECLINED) -> str:
    async with transaction():
        row = await fetch_one(
            """UPDATE sandbox_payment SET state = $3::text, failure = $4,
                 captured_minor = CASE WHEN $3::text = 'approved' AND NOT manual_capture THEN amount_minor ELSE 0 END,
                 ready_at = CASE WHEN $3::text = 'processing' THEN $7::timestamptz END,
                 method = CASE WHEN $5 = '' THEN method ELSE $5 END
               WHERE reference = $1 AND state = $2 AND created_at > $6
               RETURNING reference, idempotency_key, state, method, failure, amount_minor, manual_capture""",
            reference,
            before,
            state,
            failure if state == "declined" else "",
            method,
            now() - OPEN_FOR,
            now() + SLOW,
        )
        if row is not None and state in ("approved", "declined"):
            await announce(_message(row))
    payment = await payment_of(reference)
    return payment.state if payment else ""


def _message(row: Any) -> dict[str, Any]:
    good = "payment.authorised" if row["manual_capture"] else "payment.succeeded"
    return {
        "type": good if row["state"] == "approved" else "payment.failed",
        "amount_minor": row["amount_minor"],
        "reference": row["reference"],
        "key": row["idempotency_key"],
        "method": row["method"],
        "failure": row["failure"],
    }
