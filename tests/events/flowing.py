"""The relay and consumers at work, as in a worker."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.events import consumers
from app.events.consumers import Consumer
from app.events.log import StreamLog
from app.events.relay import relay
from app.infra import redis
from app.infra.database import fetch


@asynccontextmanager
async def flowing(*those: Consumer) -> AsyncIterator[None]:
    """For the block. Nothing is lost when it ends: another one goes on where this one stopped."""
    log = StreamLog(redis.client(patient=True))

    async def relaying() -> None:
        while True:
            await relay(log)
            await asyncio.sleep(0.02)

    tasks = [asyncio.create_task(relaying())]
    tasks += [asyncio.create_task(consumers.run(each, log, "reader")) for each in those]
    try:
        yield
    finally:
        await _stop(tasks)


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    """A task that is cancelled at the moment in which what it waits for arrives may go on: Python 3.11's wait_for."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=0.5)


async def until(happened: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait for something; generous, because the machine may be busy."""
    deadline = time.monotonic() + seconds
    while not await happened():
        assert time.monotonic() < deadline, "it has not happened"
        await asyncio.sleep(0.05)


async def taken_by(*those: Consumer) -> bool:
    """Whether each of these consumers has taken, or given up, every event of its topic."""
    rows = await fetch(
        """SELECT 1 FROM outbox o JOIN unnest($1::text[], $2::text[]) AS c(name, topic) ON c.topic = o.topic
           WHERE NOT EXISTS (SELECT FROM processed p WHERE p.consumer = c.name AND p.event_id = o.event_id)
             AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.consumer = c.name AND d.event_id = o.event_id
                                                         AND d.replayed_at IS NULL)""",
        [each.name for each in those],
        [each.topic for each in those],
    )
    return not rows
