"""Every movement of money, one row each, written in the transaction that learns of it, never changed."""

from typing import Literal

from app.infra.clock import now
from app.infra.database import execute
from app.payments.attempts import Attempt

Kind = Literal["authorisation", "capture", "release", "refund", "refund_returned", "chargeback", "chargeback_returned"]
AWAY = ("release", "refund", "chargeback")


async def record(attempt: Attempt, kind: Kind, amount_minor: int, key: str) -> None:
    """So much moved; what goes away is written as a negative amount.

    Args:
        key: of the attempt or the request that moved it: the same movement cannot be written twice.
    Raises:
        UniqueViolationError: it stands there already; the caller, who locked the attempt, has looked.
    """
    await execute(
        """INSERT INTO ledger_entry (attempt, "order", kind, key, amount_minor, currency, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        attempt.id,
        attempt.order,
        kind,
        key,
        -amount_minor if kind in AWAY else amount_minor,
        attempt.currency,
        now(),
    )
