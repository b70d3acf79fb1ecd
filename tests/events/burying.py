"""Dead letters, without waiting for a consumer to try."""

import json
from typing import Any
from uuid import uuid4

from app.infra.clock import now
from app.infra.database import fetch


async def buried(consumer: str = "search", topic: str = "products", payload: dict[str, Any] | None = None) -> int:
    """A letter that waits; returns its id."""
    rows = await fetch(
        """INSERT INTO dead_letter (consumer, topic, event_id, key, payload, reason, attempts, created_at)
           VALUES ($1, $2, $3, '7', $4, 'ValueError: no', 5, $5) RETURNING id""",
        consumer,
        topic,
        uuid4(),
        json.dumps(payload or {"products": [7]}),
        now(),
    )
    return int(rows[0]["id"])
