"""Work that a process does again and again beside what it is asked for, until it stops."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable

from app.infra import metrics
from app.infra.logs import log

STOP_SECONDS = 0.1

Turn = Callable[[], Awaitable[float]]
"""Does some work and returns the seconds to wait before the next turn."""


async def forever(name: str, work: Turn) -> None:
    """Do `work` again and again; an outage or a mistake only delays it."""
    while True:
        try:
            pause = await work()
        except Exception as error:  # noqa: BLE001 - work that gives up helps nobody
            metrics.FAILURES.labels(name).inc()
            log("recurring").warning("will try again", part=name, error=repr(error))
            pause = 1.0
        await asyncio.sleep(pause)


class Recurring:
    """Turns between the start-up and the shutdown of a web process; in a context that is no page's."""

    def __init__(self, name: str, work: Turn) -> None:
        self._name, self._work = name, work
        self._task: asyncio.Task[None] | None = None

    async def start(self, *_: object) -> None:
        self._task = asyncio.create_task(forever(self._name, self._work), context=contextvars.Context())

    async def stop(self, *_: object) -> None:
        while self._task and not self._task.done():
            self._task.cancel()  # again: redis-py loses one that comes just when an answer does
            await asyncio.wait([self._task], timeout=STOP_SECONDS)
