"""Every movement of money, one row each, written in the transaction that learns of it, never changed."""

from typing import Literal

from app.infra.clock import now
from app.infra.database import execute, fetch
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


async def has(attempt: Attempt, kind: Kind, key: str) -> bool:
    """Whether that movement is written already. The caller has locked the attempt."""
    return bool(
        await fetch("SELECT FROM ledger_entry WHERE attempt = $1 AND kind = $2 AND key = $3", attempt.id, kind, key)
    )


def lost_hold(attempt: Attempt) -> str:
    """The key of the release that a bank made by itself, of all that no capture was on its way for."""
    return f"{attempt.key}-lost"


async def lost(attempt: Attempt) -> int:
    """What a bank held for us and has let go of by itself: nobody asked it to."""
    rows = await fetch(
        """SELECT -coalesce(sum(e.amount_minor), 0)::bigint AS minor FROM ledger_entry e
           WHERE e.attempt = $1 AND e.kind = 'release' AND NOT EXISTS
             (SELECT FROM money_request r WHERE r.attempt = e.attempt AND r.kind = e.kind AND r.key = e.key)""",
        attempt.id,
    )
    return int(rows[0]["minor"])


async def charged_back(attempt: Attempt) -> int:
    """What a bank has taken from us for its customer, and has not given back to us."""
    rows = await fetch(
        """SELECT -coalesce(sum(amount_minor), 0)::bigint AS minor FROM ledger_entry
           WHERE attempt = $1 AND kind IN ('chargeback', 'chargeback_returned')""",
        attempt.id,
    )
    return max(0, int(rows[0]["minor"]))
