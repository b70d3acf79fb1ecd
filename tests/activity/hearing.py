"""What this process has noted goes through the real log to its consumer, at once."""

from app.activity.noting import TOPIC, noted
from app.activity.tables import Kind
from app.events.event import Event
from app.events.log import StreamLog
from app.infra import redis
from app.infra.database import fetch
from app.recommendations.activity import take_activity

GROUP = "recommendations"


async def told() -> list[Event]:
    """Tell the log what was noted, and read it."""
    log = StreamLog(redis.client(patient=True))
    await log.join(GROUP, TOPIC)
    await noted().tell(log)
    entries = await log.read(GROUP, "test", TOPIC, 1000, wait_ms=100)
    await log.acknowledge(GROUP, TOPIC, [position for position, _ in entries])
    return [event for _, event in entries]


async def heard() -> None:
    await take_activity(await told())


async def kept() -> list[tuple[Kind, int | None, str]]:
    """(kind, product, query) of what is kept of anybody, the oldest first."""
    rows = await fetch("SELECT kind, product, query FROM activity ORDER BY id")
    return [(Kind(row["kind"]), row["product"], row["query"]) for row in rows]


async def counted(kind: str) -> int:
    rows = await fetch("SELECT coalesce(sum(times), 0)::int AS times FROM activity_count WHERE kind = $1", kind)
    return int(rows[0]["times"])
