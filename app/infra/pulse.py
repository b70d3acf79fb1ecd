"""Whether PostgreSQL is there, asked every few seconds: pages that need no query must know it, too."""

import contextlib

from app.infra.database import DatabaseUnavailable, fetch
from app.infra.recurring import Recurring

SECONDS = 2.0


async def _ask() -> float:
    with contextlib.suppress(DatabaseUnavailable):  # the database module remembers what came of it
        await fetch("SELECT 1")
    return SECONDS


PULSE = Recurring("pulse", _ask)
