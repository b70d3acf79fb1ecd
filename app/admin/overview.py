"""What waits for an operator."""

from dataclasses import dataclass
from datetime import timedelta

from app.events import dead_letters
from app.infra.clock import now
from app.infra.database import fetch_one

RECENT = timedelta(days=1)


@dataclass(frozen=True)
class Overview:
    waiting: int  # applications
    failed_feeds: int  # within RECENT
    dead_letters: int


async def overview() -> Overview:
    row = await fetch_one(
        """SELECT (SELECT count(*) FROM supplier WHERE state = 'applied') AS waiting,
                  (SELECT count(*) FROM feed WHERE state = 'failed' AND finished_at > $1) AS failed_feeds""",
        now() - RECENT,
    )
    assert row is not None
    letters = sum((await dead_letters.waiting()).values())
    return Overview(row["waiting"], row["failed_feeds"], letters)
