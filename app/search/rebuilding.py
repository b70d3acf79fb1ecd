"""Builds the whole index anew beside the one in use (blue/green), then points at it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from whoosh import index as whoosh_index

from app.infra.clock import now
from app.infra.database import fetch
from app.infra.logs import log
from app.search.documents import AT_ONCE, Entry, load
from app.search.index import Index, folder
from app.search.writing import Writer, write

COMMITTED = 4_000  # products of one commit, so of one segment: every query looks into each
# Changes that were being written when the build began may carry an earlier time than its beginning.
OVERLAP = timedelta(minutes=10)

TURN_SECONDS = 0.2  # between two looks whether another builder is done

Progress = Callable[[int, int], None]


async def rebuild(progress: Progress | None = None) -> int:
    """Index every product into a new generation and use it; returns how many. `progress` gets (done, of how many).

    Waits while another process builds. After an error the old index is in use as before.

    Raises:
        DatabaseUnavailable: the products cannot be read.
        OSError: the index cannot be written, perhaps because the disk is full.
    """
    index = Index(folder())
    async with _turn(index):
        return await _build(index, progress)


async def ensure() -> None:
    """Build the index if there is none that this code can read (at the start of a worker), or bring it up to date."""
    index = Index(folder())
    while await asyncio.to_thread(Writer(index).complete):
        pass
    if await asyncio.to_thread(index.open) is None:
        async with _turn(index):
            if await asyncio.to_thread(index.open) is None:  # nobody has built it while we waited
                await _build(index, None)
    if await asyncio.to_thread(index.older):
        await _take_over(index)


async def prepare(progress: Progress | None = None) -> int | None:
    """Build the index of this version while the version before it goes on with its own; returns how many products.

    None: there was nothing before, or it is there already.
    """
    index = Index(folder())
    if not await asyncio.to_thread(index.older) or await asyncio.to_thread(index.open) is not None:
        return None
    return await rebuild(progress)


async def _take_over(index: Index) -> None:
    """As the first worker of this version: what the one before has written since into its own index comes into ours."""
    place = await asyncio.to_thread(index.current)
    if place is not None:
        with await asyncio.to_thread(_locked, index):
            await _catch_up(place, index.used_since() - OVERLAP)
        await asyncio.to_thread(index.forget_older)


@asynccontextmanager
async def _turn(index: Index) -> AsyncIterator[None]:
    """Alone among builders, of all processes. Waiting can be given up."""
    while (turn := await asyncio.to_thread(index.turn_to_build)) is None:  # noqa: ASYNC110 - of other processes, too
        await asyncio.sleep(TURN_SECONDS)
    with turn:
        yield


async def _build(index: Index, progress: Progress | None) -> int:
    began = now()
    await asyncio.to_thread(index.sweep)
    place = await asyncio.to_thread(index.new_generation)
    try:
        written = await _fill(place, progress)
        with await asyncio.to_thread(_locked, index):  # from here on nobody writes into the old index
            await _catch_up(place, began - OVERLAP)
            await asyncio.to_thread(index.use, place)
    except Exception:
        await asyncio.to_thread(index.abandon, place)
        raise
    log("search").info("index rebuilt", products=written, generation=place.name)
    return written


def _locked(index: Index) -> ExitStack:
    """The lock of the writers, taken already."""
    stack = ExitStack()
    stack.enter_context(index.locked())
    return stack


async def _fill(place: Path, progress: Progress | None) -> int:
    products, written = [row["id"] for row in await fetch("SELECT id FROM product ORDER BY id")], 0
    for start in range(0, len(products), COMMITTED):
        entries: list[Entry] = []
        for part in range(start, min(start + COMMITTED, len(products)), AT_ONCE):
            entries += await load(products[part : min(part + AT_ONCE, start + COMMITTED)])
            if progress:
                progress(min(part + AT_ONCE, len(products)), len(products))
        await asyncio.to_thread(_append, place, [], entries)
        written += len(entries)
    return written


async def _catch_up(place: Path, moment: datetime) -> None:
    """What changed since, in parts: it may be as much as a large feed has."""
    changed = await _changed_since(moment)
    for start in range(0, len(changed), AT_ONCE):
        part = changed[start : start + AT_ONCE]
        await asyncio.to_thread(_append, place, part, await load(part))


async def _changed_since(moment: datetime) -> list[int]:
    """Products of events that the old index may have got while the new one was being built."""
    rows = await fetch(
        """SELECT DISTINCT jsonb_array_elements_text(payload -> 'products')::bigint AS id
           FROM outbox WHERE topic LIKE 'products%' AND created_at >= $1""",
        moment,
    )
    return [row["id"] for row in rows]


def _append(place: Path, products: list[int], entries: list[Entry]) -> None:
    write(whoosh_index.open_dir(str(place)), products, entries)
