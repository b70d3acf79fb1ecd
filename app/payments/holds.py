"""Authorisations end: a bank holds money for some days only.

No hold is left to lapse: a day before it does, whatever is still held is captured, whether its parcels have left or
not. Goods that are cancelled afterwards are refunded instead of released: that is the one difference for the shopper.
"""

from datetime import timedelta

from app.infra.clock import now
from app.infra.database import fetch, transaction
from app.payments.attempts import locked
from app.payments.requests import ask
from app.payments.tables import AttemptState, RequestKind

BEFORE = timedelta(days=1)
SWEEP = 100


async def capture_before_lapse() -> int:
    """Ask for the rest of every authorisation that ends within a day; returns how many. For a job, every hour."""
    rows = await fetch(
        """SELECT id FROM payment_attempt WHERE state = 'authorised' AND held_until <= $1
             AND captured_minor + released_minor < authorised_minor
             AND NOT EXISTS (SELECT FROM money_request r WHERE r.key = payment_attempt.key || '-lapse')
           ORDER BY held_until LIMIT $2""",
        now() + BEFORE,
        SWEEP,
    )
    asked = 0
    for row in rows:
        async with transaction():
            attempt = await locked(row["id"])
            if attempt.state == AttemptState.AUTHORISED and attempt.held_minor:
                reason = "the bank would have let it go"
                await ask(attempt, RequestKind.CAPTURE, attempt.held_minor, f"{attempt.key}-lapse", reason)
                asked += 1
    return asked
