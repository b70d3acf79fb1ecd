"""Builds the whole index anew beside the one in use (blue/green), then points at it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from whoosh import index as whoosh_index

from app.infra.clock import now
from app.infra.database import fetch
from app.infra.logs import log
from app.search.documents import Entry, load
from app.search.index import Index, folder
from app.search.writing import WRITER_MB, write

BATCH = 500  # products read at once
COMMITTED = 4_000  # products of one commit, so of one segment: every query looks into each
# Changes that were being written when the build began may carry an earlier time than its beginning.
OVERLAP = timedelta(minutes=10)

Progress = Callable[[int, int], None]


async def rebuild(progress: Progress | None = None) -> int:
    """Index every product into a new generation and use it; returns how many. `progress` gets (done, of how many)."""
    index, began = Index(folder()), now()
    place = await asyncio.to_thread(index.new_generation)
    products = [row["id"] for row in await fetch("SELECT id FROM product ORDER BY id")]
    written = 0
    for start in range(0, len(products), COMMITTED):
        entries: list[Entry] = []
        for part in range(start, min(start + COMMITTED, len(products)), BATCH):
            entries += await load(products[part : min(part + BATCH, start + COMMITTED)])
            if progress:
                progress(min(part + BATCH, len(products)), len(products))
        await asyncio.to_thread(_append, place, [], entries)
        written += len(entries)
    lock = index.locked()
    await asyncio.to_thread(lock.__enter__)  # from here on nobody writes into the old index
    try:
        changed = await _changed_since(began - OVERLAP)
        for start in range(0, len(changed), BATCH):  # as many as a large feed has
            part_changed = changed[start : start + BATCH]
            await asyncio.to_thread(_append, place, part_changed, await load(part_changed))
        await asyncio.to_thread(index.use, place)
    finally:
        lock.__exit__(None, None, None)
    log("search").info("index rebuilt", products=written, generation=place.name)
    return written


async def ensure() -> None:
    """Build the index if there is none that this code can read (at the start of a worker)."""
    if await asyncio.to_thread(Index(folder()).open) is None:
        await rebuild()


async def _changed_since(moment: datetime) -> list[int]:
    """Products of events that the old index may have got while the new one was being built."""
    rows = await fetch(
        """SELECT DISTINCT jsonb_array_elements_text(payload -> 'products')::bigint AS id
           FROM outbox WHERE topic LIKE 'products%' AND created_at >= $1""",
        moment,
    )
    return [row["id"] for row in rows]


def _append(place: Path, products: list[int], entries: list[Entry]) -> None:
    write(whoosh_index.open_dir(str(place)).writer(limitmb=WRITER_MB), products, entries)
