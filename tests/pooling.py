"""A pool that many tests use one after another: what a new connection has to learn takes longer than most tests."""

import asyncio
from typing import Any

from app.infra import database


class Lasting:
    """Is closed only for its test: it waits, as a pool does, until nobody uses a connection of it."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pool, name)

    async def close(self) -> None:
        while self.pool.get_size() > self.pool.get_idle_size():  # noqa: ASYNC110 - a pool tells nobody
            await asyncio.sleep(0.001)


class Pools:
    """Gives each test the pool of the last one, or a new one if that was given up."""

    def __init__(self) -> None:
        self._lasting: Lasting | None = None

    async def open(self) -> None:
        """As `database.open_pool`, for one test."""
        if self._lasting is None or self._lasting.is_closing():
            await database.open_pool()
            self._lasting = Lasting(database.DB.pool)
        database.DB.pool = self._lasting

    async def close(self) -> None:
        if self._lasting is not None:
            await self._lasting.pool.close()
