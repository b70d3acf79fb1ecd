"""A small thing that every page needs, kept in memory: renewed in the background, and kept on while that fails."""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from app.infra.database import DatabaseUnavailable, is_known_away
from app.infra.logs import log

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """What `load` answers, at most about `seconds` old. An empty answer is not kept: the shop is still being set up."""

    def __init__(self, load: Callable[[], Awaitable[Thing]], seconds: float = 60.0) -> None:
        self._load, self._seconds = load, seconds
        self._thing: Thing | None = None
        self._renew_at = 0.0
        self._renewing: asyncio.Task[Thing] | None = None

    async def get(self) -> Thing:
        """The thing, from memory if it is there.

        Raises:
            whatever `load` raises, as long as it has never worked; DatabaseUnavailable at once on a page while that is
            away.
        """
        if not self._thing:
            if is_known_away():
                raise DatabaseUnavailable("it was away a moment ago")
            return await asyncio.shield(self._renewal())
        if time.monotonic() >= self._renew_at:
            self._renewal()
        return self._thing

    def forget(self) -> None:
        self._thing = None

    def _renewal(self) -> asyncio.Task[Thing]:
        """The one running renewal; it has a context of its own, so that it joins no page's transaction."""
        running = self._renewing
        if running is None or running.done() or running.get_loop() is not asyncio.get_running_loop():
            self._renewing = running = asyncio.create_task(self._renew(), context=contextvars.Context())
            running.add_done_callback(_report)
        return running

    async def _renew(self) -> Thing:
        self._renew_at = time.monotonic() + self._seconds  # after a failure, too: not at every page
        self._thing = await self._load()
        return self._thing


def _report(task: asyncio.Task) -> None:
    if not task.cancelled() and (error := task.exception()):
        log("kept").warning("not renewed", error=repr(error))
