"""The index follows the database, and survives what happens to processes."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.events.event import Event
from app.events.outbox import publish
from app.infra.database import execute, fetch
from app.search import documents
from app.search.engine import Engine, engine
from app.search.events import index_products, tidy
from app.search.index import Index, folder
from app.search.query import Query
from app.search.rebuilding import ensure, rebuild
from app.search.sorting import first
from tests.search.conftest import Reindex
from tests.world import World


def event(*products: int) -> Event:
    return Event(uuid4(), "products", "k", {"products": list(products)})


async def found(text: str = "") -> list[str]:
    return sorted(each.name for each in (await engine().search(Query(q=text))).documents)


async def test_a_change_becomes_visible_by_its_event(world: World, reindex: Reindex) -> None:
    made = await world.product("Alcova lamp")
    await reindex()
    await execute("UPDATE product SET name = 'Lousa lamp' WHERE id = $1", made.product)
    told = event(made.product)
    await index_products([told])
    assert engine().refresh()
    assert (await found("alcova"), await found("lousa")) == ([], ["Lousa lamp"])
    assert (await fetch("SELECT consumer FROM processed WHERE event_id = $1", told.event_id))[0]["consumer"] == "search"


async def test_the_same_event_again_changes_nothing(world: World, reindex: Reindex) -> None:
    made = await world.product("Alcova lamp")
    await reindex()
    for _ in range(3):
        await index_products([event(made.product), event(made.product)])
    engine().refresh()
    assert await found() == ["Alcova lamp"]


async def test_words_of_what_was_sold_once_are_forgotten(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop takes new products every day, and a web process runs for months."""
    monkeypatch.setattr("app.search.engine.FEW_WORDS", 100)
    made, known = await world.product("Alcova lamp"), list[int]()
    await world.product("Lousa mug")
    await reindex()
    for turn in range(8):
        models = " ".join(f"{letter}lamp{chr(97 + turn)}" for letter in "bcdfghjklmnpqrstvwxz")
        await execute("UPDATE product SET name = $2 WHERE id = $1", made.product, f"Alcova {models}")
        await index_products([event(made.product)])
        await tidy()
        assert engine().refresh()
        known.append(len(engine().known.words))
    assert max(known) < 6 * 20
    assert await found("lousa") == ["Lousa mug"]
    assert await found("alcvoa") == [f"Alcova {models}"]  # spelling knows what there is


async def test_what_was_read_earlier_never_overwrites_what_was_read_later(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both lanes of the log may tell of one product at the same time."""
    made, has_read = await world.product("Alcova lamp"), asyncio.Event()
    await reindex()

    async def slow_at_first(sql: str, products: list[int]) -> list[Any]:
        rows = await fetch(sql, products)
        if not has_read.is_set():
            has_read.set()
            await asyncio.sleep(0.5)
        return rows

    monkeypatch.setattr(documents, "fetch", slow_at_first)
    earlier = asyncio.create_task(index_products([event(made.product)]))
    await has_read.wait()
    await execute("UPDATE product SET name = 'Lousa lamp' WHERE id = $1", made.product)
    await asyncio.gather(earlier, index_products([event(made.product)]))
    engine().refresh()
    assert await found() == ["Lousa lamp"]


async def test_what_nobody_offers_any_more_leaves_the_index(world: World, reindex: Reindex) -> None:
    made = await world.product("Alcova lamp")
    await world.product("Lousa lamp")
    await reindex()
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", made.offer)
    await index_products([event(made.product)])
    engine().refresh()
    assert await found() == ["Lousa lamp"]


async def test_a_lost_or_damaged_index_is_built_anew_by_the_next_event(world: World, reindex: Reindex) -> None:
    made = await world.product("Alcova lamp")
    await world.product("Lousa lamp")
    await index_products([event(made.product)])
    engine().refresh()
    assert await found() == ["Alcova lamp", "Lousa lamp"]
    place = Index(folder()).current()
    assert place
    for file in place.glob("*.toc"):
        file.write_bytes(b"no index")
    await index_products([event(made.product)])
    assert engine().refresh()
    assert await found() == ["Alcova lamp", "Lousa lamp"]


async def test_a_worker_builds_the_index_where_there_is_none(world: World, reindex: Reindex) -> None:
    await world.product("Alcova lamp")
    await ensure()
    first = Index(folder()).current()
    await ensure()
    assert Index(folder()).current() == first
    engine().refresh()
    assert await found() == ["Alcova lamp"]


async def test_the_old_index_answers_while_a_new_one_is_built(world: World, reindex: Reindex) -> None:
    await world.product("Alcova lamp")
    await reindex()
    seen: list[tuple[int, int]] = []
    await world.product("Lousa lamp")

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        assert not engine().refresh()

    assert await rebuild(progress) == 2
    assert seen == [(2, 2)]
    assert await found() == ["Alcova lamp"]
    assert engine().refresh()
    assert await found() == ["Alcova lamp", "Lousa lamp"]


async def test_no_query_grows_with_the_number_of_products_that_changed(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    async def counted(sql: str, products: list[int]) -> list[Any]:
        asked.append(len(products))
        return await fetch(sql, products)

    monkeypatch.setattr(documents, "AT_ONCE", 2)
    monkeypatch.setattr(documents, "fetch", counted)
    made = [await world.product(f"Alcova {number}") for number in range(5)]
    products = [each.product for each in made]
    await publish("products", "k", {"products": products})
    await rebuild()
    await index_products([event(*products)])
    assert engine().refresh()
    assert len(await found("alcova")) == 5
    assert max(asked) == 2


async def test_many_small_commits_stay_searchable(world: World, reindex: Reindex) -> None:
    """Segments are merged on the way; those that stay are not read again."""
    await reindex()
    for number in range(25):
        made = await world.product(f"Lamp number{number}")
        await index_products([event(made.product)])
        engine().refresh()
        assert await found(f"number{number}") == [f"Lamp number{number}"]
    assert (await engine().search(Query(q="lamp"))).total == 25


async def test_the_watch_takes_up_commits_by_itself(world: World, reindex: Reindex) -> None:
    await reindex()
    engine().watch()
    made = await world.product("Alcova lamp")
    await index_products([event(made.product)])
    for _ in range(50):
        if await found() == ["Alcova lamp"]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the commit was not taken up")


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from app.search.documents import Document, Entry
from app.search.index import Index
from app.search.writing import Writer
index = Index(Path(sys.argv[1]))
if not index.current():
    index.use(index.new_generation())
turn = 0
while True:
    turn += 1
    def entry(n):
        stored = Document(n, turn, f"p{n}", f"lamp {n}", "", "B", "", (("a", "A"),), n, "S", 100, None, 0, {"LIS": 1},
                          (("s", "S"),), (), 1, 0)
        return Entry(stored, ["lamp", f"n{n}", f"t{turn}"])
    Writer(index).update(range(1, 21), [entry(n) for n in range(1, 21)])
    print(turn, flush=True)
"""


def test_a_kill_in_a_commit_leaves_a_whole_index(tmp_path: Path) -> None:
    """After each kill every product is there exactly once, all from the same commit, and the next writer can write."""
    chance = random.Random(7)
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE, env=dict(os.environ)
        )
        assert writer.stdout
        assert writer.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.08))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        engine = Engine(tmp_path)
        assert engine.refresh()
        documents = list(engine.snapshot.documents())
        assert sorted(each.product for each in documents) == list(range(1, 21))
        assert len({each.version for each in documents}) == 1
        engine.close()


async def test_merging_keeps_every_product_once_and_forgets_the_dead(world: World, reindex: Reindex) -> None:
    made = [await world.product(f"Alcova {number}") for number in range(8)]
    await reindex()
    for each in made:
        await execute("UPDATE product SET name = name || ' lamp' WHERE id = $1", each.product)
        await index_products([event(each.product)])
    opened = Index(folder()).open()
    assert opened
    assert len(opened._segments()) > 8
    while await tidy() == 0:
        pass
    assert engine().refresh()
    assert await found() == [f"Alcova {number} lamp" for number in range(8)]
    opened = Index(folder()).open()
    assert opened
    assert [(each.doc_count_all(), each.deleted_count()) for each in opened._segments()] == [(8, 0)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40), st.integers(1, 45))
def test_the_first_are_those_of_a_full_sort(pairs: list[tuple[int, int]], count: int) -> None:
    keys = [np.array([pair[place] for pair in pairs], np.int64) for place in (0, 1)] + [np.arange(len(pairs))]
    expected = sorted(range(len(pairs)), key=lambda number: (*pairs[number], number))[:count]
    assert first(keys, count).tolist() == expected
