"""The search index is written by this process alone, at low priority: pages come first. `python -m workers.indexer`"""

import os

from app.events.log import StreamLog
from app.infra import redis
from app.infra.recurring import Turn
from app.search.events import tidy
from app.search.rebuilding import ensure
from workers import running
from workers.consumers import INDEXING

NICENESS = 9  # beyond that of the worker
INDEX_SECONDS = 60


async def ensure_turn() -> float:
    await ensure()
    return INDEX_SECONDS


def turns() -> dict[str, Turn]:
    log = StreamLog(redis.client(patient=True))
    return {"index": ensure_turn, "tidy": tidy, **running.consuming(log, running.reader_name(), INDEXING)}


if __name__ == "__main__":
    os.nice(NICENESS)
    running.run("indexer", turns)
