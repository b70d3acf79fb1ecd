"""Reads feeds: small ones at once, large ones one after another, each in a process of its own at low priority.

`python -m workers.reader FEED` reads one.
"""

import asyncio
import os
import sys

from app.infra.database import connected
from app.infra.recurring import forever
from app.suppliers import feeds
from app.suppliers.reading import read_feed
from workers import running

NICENESS = 5  # beyond that of the worker
CONNECTIONS = 2

_large = asyncio.Lock()


async def read(feed_id: int) -> None:
    """Read a feed, or leave it to the sweeper while a large one is being read."""
    if not await feeds.is_large(feed_id):
        await read_feed(feed_id)
    elif not _large.locked():
        async with _large:
            await running.child("workers.reader", str(feed_id))


async def main(feed_id: int) -> None:
    async with connected(CONNECTIONS, in_background=True):
        room = asyncio.create_task(forever("room", running.make_room))
        await read_feed(feed_id)
        room.cancel()


if __name__ == "__main__":
    os.nice(NICENESS)
    running.ready()
    asyncio.run(main(int(sys.argv[1])))
