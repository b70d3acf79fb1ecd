"""Providers' messages, each taken once."""

from app.infra.clock import now
from app.infra.database import fetch, fetch_one


async def first_time(provider: str, event: str, payload: str) -> bool:
    """Write the message down, in the transaction of its effect; False when it was taken before.

    A duplicate that comes while the first is in work waits for that one's commit.
    """
    row = await fetch_one(
        """INSERT INTO webhook_event (provider, event, payload, received_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (provider, event) DO NOTHING RETURNING id""",
        provider,
        event,
        payload,
        now(),
    )
    return row is not None


async def is_taken(provider: str, event: str) -> bool:
    """Whether it was taken before: a replay then costs no call."""
    return bool(await fetch("SELECT FROM webhook_event WHERE provider = $1 AND event = $2", provider, event))
