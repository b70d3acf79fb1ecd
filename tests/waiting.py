"""For tests of who waits for whom."""

import asyncio

from app.infra.database import fetch


async def until_somebody_waits() -> None:
    """Until a transaction waits for a lock of another."""
    while not await fetch("SELECT FROM pg_locks WHERE NOT granted LIMIT 1"):  # noqa: ASYNC110 - PostgreSQL tells nobody
        await asyncio.sleep(0.01)
