"""Moves outbox rows into the log, and puts back what the log has lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from redis.exceptions import RedisError

from app.events.event import Event
from app.events.log import StreamLog
from app.infra import logs
from app.infra.clock import now
from app.infra.database import execute, fetch

BATCH = 100
LOST_AFTER = timedelta(seconds=5)  # above what adding a batch to the log takes
KEEP_FOR = timedelta(hours=1)
KEEP_MARKS_FOR = timedelta(days=2)  # a Redis that comes back from its disk may bring what was taken since


async def relay(log: StreamLog) -> int:
    """Publish waiting events in order; returns how many.

    Rows are claimed by status, never by "id above the last": sequences commit out of order. A crash between claim and
    publish leaves a row that no consumer processes: `restore_lost` finds it.
    """
    rows = await fetch(
        """UPDATE outbox SET relayed_at = $1 WHERE id IN
             (SELECT id FROM outbox WHERE relayed_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING id, event_id, topic, key, payload""",
        now(),
        BATCH,
    )
    rows.sort(key=lambda row: row["id"])
    for done, row in enumerate(rows):
        try:
            await log.publish(_event(row))
        except (RedisError, OSError, TimeoutError):
            await execute("UPDATE outbox SET relayed_at = NULL WHERE id = ANY($1)", [r["id"] for r in rows[done:]])
            raise
    return len(rows)


async def restore_lost(log: StreamLog, consumers: dict[str, list[str]]) -> int:
    """Relay again what was relayed, is in no log any more and was not processed: Redis was flushed, a relay killed.

    It cannot be in the log any more when what came later than it has been taken from there.

    Args:
        consumers: topic -> names of its consumers.
    """
    restored = 0
    for topic, names in consumers.items():
        rows = await fetch(
            """UPDATE outbox o SET relayed_at = NULL
               WHERE o.topic = $1 AND o.relayed_at < $2 AND EXISTS (
                 SELECT FROM unnest($3::text[]) AS c(name)
                 WHERE NOT EXISTS (SELECT FROM processed p WHERE p.consumer = c.name AND p.event_id = o.event_id)
                   AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.consumer = c.name AND d.event_id = o.event_id
                                                               AND d.replayed_at IS NULL))
               RETURNING o.id""",
            topic,
            now() - LOST_AFTER - await log.lag(topic, names),
            names,
        )
        restored += len(rows)
    return restored


async def prune(log: StreamLog, consumers: dict[str, list[str]]) -> None:
    """Forget events that every consumer has processed a while ago, in the outbox and in the log; then their marks.

    What a consumer has not come to in the log is no while ago. A mark stays as long as its event: a dead letter keeps
    that, and who has taken it must not take it again. Events that were never in the outbox have marks, too.
    """
    latest = timedelta()
    await _drop_forsaken(log, consumers)
    for topic, names in consumers.items():
        lag = await log.lag(topic, names)
        latest = max(latest, lag)
        await execute(
            """DELETE FROM outbox o WHERE o.topic = $1 AND o.relayed_at < $2 AND
                 (SELECT count(*) FROM processed p WHERE p.event_id = o.event_id AND p.consumer = ANY($3)) = $4""",
            topic,
            now() - KEEP_FOR - lag,
            names,
            len(names),
        )
        await log.trim(topic)
    unheard = await fetch(  # topics that nobody listens to yet
        "DELETE FROM outbox WHERE relayed_at < $1 AND topic <> ALL($2) RETURNING topic",
        now() - KEEP_FOR,
        list(consumers),
    )
    for topic in {row["topic"] for row in unheard}:
        await log.trim(topic)
    await execute(
        """DELETE FROM processed p WHERE processed_at < $1
             AND NOT EXISTS (SELECT FROM outbox o WHERE o.event_id = p.event_id)""",
        now() - KEEP_MARKS_FOR - latest,
    )


async def _drop_forsaken(log: StreamLog, consumers: dict[str, list[str]]) -> None:
    """Or the log would for ever keep what a consumer of an earlier version has not taken."""
    for topic in await log.topics():
        for group in await log.drop_forsaken(topic, consumers.get(topic, [])):
            logs.log("relay").info("nobody reads for this group any more: dropped", topic=topic, group=group)
            await log.trim(topic)


def _event(row: Any) -> Event:
    return Event(UUID(str(row["event_id"])), row["topic"], row["key"], msgspec.json.decode(row["payload"]))
