"""Effects follow commit: an event is a row in the transaction of its cause, relayed afterwards."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import msgspec

from app.infra.clock import now
from app.infra.database import execute, fetch


async def publish(topic: str, key: str, payload: dict[str, Any]) -> UUID:
    """Write an event into the outbox, in the running transaction; returns its id."""
    event_id = uuid4()
    await execute(
        "INSERT INTO outbox (event_id, topic, key, payload, created_at) VALUES ($1, $2, $3, $4, $5)",
        event_id,
        topic,
        key,
        msgspec.json.encode(payload).decode(),
        now(),
    )
    return event_id


async def first_time(consumer: str, event_id: UUID) -> bool:
    """Mark an event as processed, in the transaction of its effect; False if it was already."""
    rows = await fetch(
        """INSERT INTO processed (consumer, event_id, processed_at) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING RETURNING id""",
        consumer,
        event_id,
        now(),
    )
    return bool(rows)


async def first_times(consumer: str, event_ids: Iterable[UUID]) -> set[UUID]:
    """The same for several: those that were not processed before."""
    rows = await fetch(
        """INSERT INTO processed (consumer, event_id, processed_at) SELECT $1, unnest($2::uuid[]), $3
           ON CONFLICT DO NOTHING RETURNING event_id""",
        consumer,
        list(event_ids),
        now(),
    )
    return {UUID(str(row["event_id"])) for row in rows}


async def mark_processed(consumer: str, event_ids: Iterable[UUID]) -> None:
    """For a consumer whose effect is outside PostgreSQL: say afterwards that it has happened."""
    await execute(
        """INSERT INTO processed (consumer, event_id, processed_at) SELECT $1, unnest($2::uuid[]), $3
           ON CONFLICT DO NOTHING""",
        consumer,
        list(event_ids),
        now(),
    )
