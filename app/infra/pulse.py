"""Whether PostgreSQL is there, asked every few seconds: pages that need no query must know it, too."""

import asyncio
import contextlib
import contextvars

from app.infra.database import DatabaseUnavailable, fetch

SECONDS = 2.0

_task: asyncio.Task[None] | None = None


async def start(*_: object) -> None:
    """Ask by and by, until `stop` (a start-up hook)."""
    global _task
    _task = asyncio.create_task(_ask(), context=contextvars.Context())


async def stop(*_: object) -> None:
    if _task:
        _task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _task


async def _ask() -> None:
    while True:
        with contextlib.suppress(DatabaseUnavailable):  # the database module remembers what came of it
            await fetch("SELECT 1")
        await asyncio.sleep(SECONDS)
