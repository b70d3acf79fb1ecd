"""How late the event loop of a web process wakes up while its search engine works: what a page would wait."""

import asyncio
import gc
import itertools
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import islice

from whoosh import index as whoosh_index

from app.search.engine import SWITCH_SECONDS, Engine
from app.search.query import Query
from app.search.suggesting import suggest
from app.search.writing import write
from bench.search_catalogue import Vocabulary, entries

CHANGES = (2_000, 20_000)
ASKED = 100
BARE_SECONDS = 2.0
SLEEP = 0.001


async def lateness(
    engine: Engine, asked: Sequence[Query], vocabulary: Vocabulary, most_changes: int
) -> dict[str, list[float]]:
    """By how many seconds a task that sleeps a millisecond oversleeps, by what goes on meanwhile.

    "bare": one thread counts, and does nothing else: what this machine and Python's threads let no program be better
    than. "answering": queries with facets, and suggestions. A number: the same while so many changed products are taken
    up and the list of words is made anew. Writing them is not measured: the indexer is a process of its own.
    """
    sys.setswitchinterval(SWITCH_SECONDS)  # as in a web process
    gc.freeze()
    found: dict[str, list[float]] = {"bare": [], "answering": []}
    async with _sleeping(found["bare"]):
        await asyncio.to_thread(_count)
    async with _sleeping(found["answering"]):
        await _ask(engine, asked[:ASKED], lambda: False)
    for changes in sorted({min(changes, most_changes) for changes in CHANGES}):
        await asyncio.to_thread(_change, engine, vocabulary, changes)
        late = found[str(changes)] = []
        async with _sleeping(late):
            taking = asyncio.create_task(asyncio.to_thread(engine.refresh))
            await _ask(engine, itertools.cycle(asked), taking.done)
            await taking
    return found


@asynccontextmanager
async def _sleeping(late: list[float]) -> AsyncIterator[None]:
    over = asyncio.Event()

    async def sleep() -> None:
        while not over.is_set():
            began = time.perf_counter()
            await asyncio.sleep(SLEEP)
            late.append(time.perf_counter() - began - SLEEP)

    sleeper = asyncio.create_task(sleep())
    try:
        yield
    finally:
        over.set()
        await sleeper


def _count() -> None:
    end = time.perf_counter() + BARE_SECONDS
    while time.perf_counter() < end:
        pass


async def _ask(engine: Engine, asked: Iterable[Query], is_enough: Callable[[], bool]) -> None:
    """A query, then what is suggested while its words are typed, and so on; nothing is kept between them."""
    for query in asked:
        if is_enough():
            return
        engine._results.clear()
        await engine.search(query)
        snapshot, words, text = engine.snapshot, engine.wordlists.current, query.q[: len(query.q) // 2]
        await engine.run(lambda: suggest(snapshot, words, (), text))  # noqa: B023 - it is awaited here


def _change(engine: Engine, vocabulary: Vocabulary, changes: int) -> None:
    changed = list(islice(entries(changes, vocabulary), changes))
    opened = whoosh_index.open_dir(str(engine.index.current()))
    write(opened, [each.document.product for each in changed], changed)
    engine.wordlists._made = float("-inf")  # it has rested
