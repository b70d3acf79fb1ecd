"""Events as the relay hands them over, without Redis."""

from typing import Any

import msgspec

from app.events.event import Event
from app.infra.database import fetch
from app.notifications.writing import write_mails


async def published(topic: str = "orders") -> list[Event]:
    rows = await fetch("SELECT event_id, topic, key, payload FROM outbox WHERE topic = $1 ORDER BY id", topic)
    return [Event(row["event_id"], row["topic"], row["key"], msgspec.json.decode(row["payload"])) for row in rows]


async def written(topic: str = "orders") -> list[Any]:
    """Let the consumer take all events of the topic; every mail that there is then."""
    await write_mails(await published(topic))
    return await mails()


async def mails() -> list[Any]:
    return await fetch("SELECT * FROM mail ORDER BY id")
