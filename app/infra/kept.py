"""A small thing that every page needs, kept in memory: renewed in the background, and kept on while that fails."""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from app.infra.logs import log
from app.infra.outages import DatabaseUnavailable, is_known_away

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """What `load` answers, at most about `seconds` old. A first empty answer is not kept: the shop is being set up.

    Args:
        keeps_empty: a first empty answer is one like any other.
    """

    def __init__(
        self, load: Callable[[], Awaitable[Thing]], seconds: float = 60.0, *, keeps_empty: bool = False
    ) -> None:
        self._load, self._seconds, self._keeps_empty = load, seconds, keeps_empty
        self._thing: Thing | None = None
        self._renew_at = 0.0
        self._renewing: asyncio.Task[Thing] | None = None

    async def get(self) -> Thing:
        """The thing, from memory if it is there.

        Raises:
            whatever `load` raises, as long as it has never worked; DatabaseUnavailable at once on a page while that is
            away.
        """
        if self._thing is None:
            if is_known_away():
                raise DatabaseUnavailable("it was away a moment ago")
            return await self.renewed()
        if time.monotonic() >= self._renew_at:
            self._renewal()
        return self._thing

    async def renewed(self) -> Thing:
        """As it is now; who asks while it is renewed waits for that. Raises whatever `load` raises."""
        return await asyncio.shield(self._renewal())

    async def renew(self) -> Thing:
        """Load it as this task sees it, whose transaction may not be over. Raises whatever `load` raises."""
        loaded = await self._load()
        if loaded or self._keeps_empty or self._thing is not None:
            self._thing = loaded
        return loaded

    @property
    def at_hand(self) -> Thing | None:
        """What there is, however old."""
        return self._thing

    def forget(self) -> None:
        self._thing = None

    def _renewal(self) -> asyncio.Task[Thing]:
        """The one running renewal; it has a context of its own, so that it joins no page's transaction."""
        running = self._renewing
        if running is None or running.done() or running.get_loop() is not asyncio.get_running_loop():
            name = self._load.__module__  # for the log
            running = asyncio.create_task(self._renew(), name=name, context=contextvars.Context())
            self._renewing = running
            running.add_done_callback(_report)
        return running

    async def _renew(self) -> Thing:
        self._renew_at = time.monotonic() + self._seconds  # after a failure, too: not at every page
        return await self.renew()


def _report(task: asyncio.Task) -> None:
    if not task.cancelled() and (error := task.exception()):
        log("kept").warning("not renewed", of=task.get_name(), error=repr(error))
