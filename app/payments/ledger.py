"""Every movement of money, one row each, written in the transaction that learns of it."""

from typing import Literal

from app.infra.clock import now
from app.infra.database import execute
from app.payments.attempts import Attempt


async def record(attempt: Attempt, kind: Literal["capture", "refund"]) -> None:
    """The whole amount of an attempt came in, or went back (negative)."""
    amount = attempt.amount_minor if kind == "capture" else -attempt.amount_minor
    await execute(
        """INSERT INTO ledger_entry (attempt, "order", kind, amount_minor, currency, created_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        attempt.id,
        attempt.order,
        kind,
        amount,
        attempt.currency,
        now(),
    )
