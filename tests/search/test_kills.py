"""Killed at any moment, an index is as it was before a commit or as it is after it, and nothing is left lying about."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.infra.database import execute
from app.search.engine import Engine, engine
from app.search.index import Index, folder
from app.search.query import Query
from app.search.rebuilding import rebuild
from app.search.writing import Writer
from tests.search import killed
from tests.search.conftest import Reindex
from tests.search.killed import TURNS, entries, taken_out
from tests.world import World

pytestmark = pytest.mark.slow

SEED = 20_26
OF_INDEXING, OF_REBUILDING = 12, 8

State = dict[int, int]  # product -> version


def state(turn: int) -> State:
    """What the index holds after a turn: the ten, and the newest three of the others."""
    return dict.fromkeys(range(1, 11), turn) | {100 + old: old for old in range(max(turn - 2, 1), turn + 1)}


async def held(root: Path) -> State:
    """Every product that the index holds, by a process that opens it anew, and that a search finds."""
    opened = Engine(root)
    try:
        assert opened.refresh()
        documents = list(opened.snapshot.documents())
        found = {each.product: each.version for each in documents}
        assert len(found) == len(documents)
        assert (await opened.search(Query(q="lamp"))).total == len(documents)
        return found
    finally:
        opened.close()


def moments(touched: int, count: int) -> Iterator[tuple[int, float]]:
    """Seeded: half of them on the brink of a change on disk, half some milliseconds after one."""
    chance = random.Random(SEED)
    for number in range(count):
        yield chance.randint(1, touched), chance.uniform(0.001, 0.03) if number % 2 else 0.0


def count_of(said: list[str]) -> int:
    return int(said[-1].removeprefix("touched="))


def assert_tidy(root: Path) -> None:
    """No file in the generation in use that its commit does not name, and no generation that is not complete."""
    index = Index(root)
    place, opened = index.current(), index.open()
    assert place
    assert opened
    named = {each.segment_id() for each in opened._segments()}
    of_segments = {each.name for each in place.iterdir() if each.name.startswith("MAIN_") and "LOCK" not in each.name}
    assert {name.split(".")[0] for name in of_segments} <= named
    assert not (place / "MAIN.tmp").exists()
    assert len(list(place.glob("*.toc*"))) == 1
    assert {each.name for each in root.iterdir() if each.is_dir()} == {place.name}


def fresh(root: Path) -> Writer:
    index = Index(root)
    index.use(index.new_generation())
    writer = Writer(index)
    assert writer.update([], entries(1))
    return writer


@pytest.mark.timeout(90)
async def test_indexing_is_killed_at_any_moment(tmp_path: Path) -> None:
    fresh(tmp_path / "whole")
    touched = count_of(killed.run(killed.index, tmp_path / "whole", 0, 0, tmp_path / "said"))
    assert await held(tmp_path / "whole") == state(TURNS - 1)
    for number, (moment, later) in enumerate(moments(touched, OF_INDEXING)):
        root = tmp_path / str(number)
        fresh(root)
        said = killed.run(killed.index, root, moment, later, tmp_path / "said")
        begun = [int(turn) for turn in said if turn.isdigit()][-1]
        assert await held(root) in (state(begun - 1), state(begun)), (moment, later)
        writer = Writer(Index(root))
        for turn in (begun, begun + 1):  # the event comes again, then others
            assert writer.update(taken_out(turn), entries(turn))
        assert await held(root) == state(begun + 1)
        assert_tidy(root)


@pytest.mark.timeout(90)
async def test_rebuilding_is_killed_at_any_moment(world: World, reindex: Reindex, tmp_path: Path) -> None:
    made = [await world.product(f"Alcova lamp {number}") for number in range(10)]
    await reindex()
    old = await held(folder())
    await execute("UPDATE product SET version = version + 1")
    new = {product: version + 1 for product, version in old.items()}
    assert len(old) == len(made)
    touched = count_of(killed.run(killed.rebuild, folder(), 0, 0, tmp_path / "said"))
    assert await held(folder()) == new
    for moment, later in moments(touched, OF_REBUILDING):
        before = await held(folder())
        await execute("UPDATE product SET version = version + 1")
        after = {product: version + 1 for product, version in new.items()}
        killed.run(killed.rebuild, folder(), moment, later, tmp_path / "said")
        assert await held(folder()) in (before, after), (moment, later)
        new = after
    await rebuild()
    assert engine().refresh()
    assert await held(folder()) == new
    assert len(list(folder().glob("GEN-*"))) <= 2  # the one before is kept for who is opening it
    Index(folder()).sweep()
    assert_tidy(folder())
