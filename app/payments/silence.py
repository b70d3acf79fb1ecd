"""Attempts about which a provider cannot be heard: it has forgotten them, or is not set up any more.

They are not asked about for ever. After days and many tries, or when what is said cannot be taken over, one waits at
/admin/payments for a person, who may have it asked about again. Money that comes in all the same is taken over as ever:
by webhooks, and by the nightly comparison of books.
"""

from datetime import timedelta

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.payments.attempts import Attempt

AFTER = timedelta(days=3)
TRIES = 100
LONGEST = 400


async def note(attempt: Attempt, said: str, *, is_final: bool = False) -> None:
    """It was asked about in vain. `said` is for operators; `is_final`: asking again would bring the same."""
    await execute(
        """UPDATE payment_attempt SET silent_tries = silent_tries + 1, silence = $2,
             given_up_at = coalesce(given_up_at, CASE WHEN $3 OR (silent_tries + 1 >= $4 AND created_at <= $5)
                                                 THEN $6::timestamptz END)
           WHERE id = $1 AND state IN ('created', 'pending')""",
        attempt.id,
        said[:LONGEST].replace("\0", ""),
        is_final,
        TRIES,
        now() - AFTER,
        now(),
    )


async def end(attempt: Attempt) -> None:
    """The provider has answered."""
    if attempt.silent_tries:
        await execute(
            "UPDATE payment_attempt SET silent_tries = 0, silence = '', given_up_at = NULL WHERE id = $1", attempt.id
        )


async def ask_again(attempt_id: int | None) -> int:
    """Have one that waits, or for None all, asked about once more; returns how many. Still in vain, they wait again."""
    rows = await fetch(
        """UPDATE payment_attempt SET given_up_at = NULL, silent_tries = $2, ask_at = $3
           WHERE given_up_at IS NOT NULL AND state IN ('created', 'pending') AND id = coalesce($1, id) RETURNING id""",
        attempt_id,
        TRIES,
        now(),
    )
    return len(rows)
