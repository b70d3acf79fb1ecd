"""Whether PostgreSQL is there, asked every few seconds: pages that need no query must know it, too."""

import contextlib
from collections.abc import Awaitable, Callable

from app.infra.database import fetch
from app.infra.outages import DatabaseUnavailable
from app.infra.recurring import Recurring

SECONDS = 2.0

questions: list[Callable[[], Awaitable[None]]] = []
"""Other small things to ask at each beat, such as whether something was changed that this process keeps in memory."""


async def _ask() -> float:
    with contextlib.suppress(DatabaseUnavailable):  # the database module remembers what came of it
        await fetch("SELECT 1")
        for question in questions:
            await question()
    return SECONDS


PULSE = Recurring("pulse", _ask)
