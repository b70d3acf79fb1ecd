"""What travels through the log."""

from typing import Any
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True):
    """Delivered at least once and in order per key; `event_id` is the same each time."""

    event_id: UUID
    topic: str
    key: str
    payload: dict[str, Any]
