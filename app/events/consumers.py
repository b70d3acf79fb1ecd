"""Runs a consumer: reads its topic, hands events over, retries, and gives up into the dead letters."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from redis.exceptions import RedisError, ResponseError

from app.events.event import Event
from app.events.log import StreamLog
from app.infra.clock import now
from app.infra.database import execute
from app.infra.logs import log
from app.infra.metrics import EVENTS_BURIED, EVENTS_TAKEN
from app.infra.outages import DatabaseUnavailable, StatementTimedOut

TRIES = 5
_OUTAGES = (DatabaseUnavailable, RedisError, OSError)  # they are waited out; a statement that is too slow is not one


class NotYet(Exception):
    """The event's turn has not come (one that belongs before it is missing): it goes to the back of the log."""


@dataclass(frozen=True)
class Consumer:
    """`handle` must be idempotent; it gets up to `batch` events of `topic` at once, in order."""

    name: str
    topic: str
    handle: Callable[[list[Event]], Awaitable[None]]
    batch: int = 1


async def run(consumer: Consumer, events: StreamLog, reader: str) -> None:
    """Consume for ever. Outages of Redis, PostgreSQL and the disk are waited out."""
    logger = log(f"consumer.{consumer.name}")
    joined, again = False, True
    while True:
        try:
            if not joined:
                await events.join(consumer.name, consumer.topic)
                joined = True
            entries = await events.read(
                consumer.name, reader, consumer.topic, consumer.batch, wait_ms=1000, again=again
            )
            again = again and bool(entries)
            if entries:
                await _take(consumer, [event for _, event in entries])
                await events.acknowledge(consumer.name, consumer.topic, [position for position, _ in entries])
                EVENTS_TAKEN.labels(consumer.name, consumer.topic).inc(len(entries))
        except ResponseError:
            joined = False  # the log was flushed: the group is gone with it
        except (RedisError, OSError, TimeoutError, DatabaseUnavailable) as error:
            logger.warning("waiting until it can go on", error=str(error))  # for a server, or a place to write
            again = True  # what was being taken is not acknowledged
            await asyncio.sleep(1)


async def _take(consumer: Consumer, batch: list[Event]) -> None:
    """All at once if that works, else one by one, so that one bad event does not hold up the others."""
    try:
        await consumer.handle(batch)
    except _OUTAGES as error:
        if not isinstance(error, StatementTimedOut):
            raise
        await _one_by_one(consumer, batch, error)
    except NotYet:
        await _to_the_back(batch)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is retried, then kept as a dead letter
        await _one_by_one(consumer, batch, error)


async def _one_by_one(consumer: Consumer, batch: list[Event], error: Exception) -> None:
    if len(batch) == 1:
        await _retry(consumer, batch[0], error)
    else:
        for event in batch:
            await _take(consumer, [event])


async def _retry(consumer: Consumer, event: Event, error: Exception) -> None:
    attempt = 1
    while attempt < TRIES:
        await asyncio.sleep(0.1 * 2**attempt)
        try:
            return await consumer.handle([event])
        except NotYet:
            return await _to_the_back([event])
        except Exception as again:
            if isinstance(again, _OUTAGES) and not isinstance(again, StatementTimedOut):
                raise
            error = again
            attempt += 1
    await _bury(consumer, event, error)


async def _to_the_back(batch: list[Event]) -> None:
    await asyncio.sleep(0.5)  # the relay is faster than whatever is missing
    await execute("UPDATE outbox SET relayed_at = NULL WHERE event_id = ANY($1)", [event.event_id for event in batch])


async def _bury(consumer: Consumer, event: Event, error: Exception) -> None:
    log(f"consumer.{consumer.name}").error("dead letter", event_id=str(event.event_id), error=repr(error))
    await execute(
        """INSERT INTO dead_letter (consumer, topic, event_id, key, payload, reason, attempts, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        consumer.name,
        event.topic,
        event.event_id,
        event.key,
        json.dumps(event.payload),
        repr(error)[:2000],
        TRIES,
        now(),
    )
    EVENTS_BURIED.labels(consumer.name, event.topic).inc()
