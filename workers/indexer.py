"""The search index is written by this process alone, at low priority: pages come first. `python -m workers.indexer`"""

import asyncio
import os

from app.events.log import StreamLog
from app.infra import redis
from app.infra.recurring import Turn
from app.search.events import tidy
from app.search.index import folder
from app.search.rebuilding import ensure
from app.search.understanding import spoken
from workers import running
from workers.indexing import INDEXING

NICENESS = 9  # beyond that of the worker
INDEX_SECONDS = 60
SPOKEN_SECONDS = 3600


async def ensure_turn() -> float:
    await ensure()
    return INDEX_SECONDS


async def spoken_turn() -> float:
    await asyncio.to_thread(spoken.keep, folder())
    return SPOKEN_SECONDS


def turns() -> dict[str, Turn]:
    log = StreamLog(redis.client(patient=True))
    own = {"index": ensure_turn, "spoken": spoken_turn, "tidy": tidy}
    return own | running.consuming(log, running.reader_name(), INDEXING)


if __name__ == "__main__":
    os.nice(NICENESS)
    running.run("indexer", turns)
