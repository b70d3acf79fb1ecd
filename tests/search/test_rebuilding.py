"""A rebuild takes its turn, loses nothing that happens meanwhile, and cleans up behind one that failed."""

import asyncio
import errno
from pathlib import Path
from typing import Any

import pytest

from app.events.outbox import publish
from app.infra.database import execute, transaction
from app.search import rebuilding
from app.search.engine import Engine, engine
from app.search.events import index_products
from app.search.index import FORMAT, Index, folder
from app.search.query import Query
from app.search.rebuilding import ensure, prepare, rebuild
from tests.search.conftest import Reindex
from tests.search.test_index import event
from tests.world import World


async def found() -> list[str]:
    engine().refresh()
    return sorted(each.name for each in (await engine().search(Query())).documents)


async def test_two_rebuilds_at_once_come_one_after_the_other(world: World, reindex: Reindex) -> None:
    await world.product("Alcova lamp")
    assert set(await asyncio.gather(rebuild(), rebuild(), rebuild())) == {1}
    assert await found() == ["Alcova lamp"]
    assert len(list(folder().glob("GEN-*"))) == 2


async def test_two_workers_that_find_no_index_build_one(world: World, reindex: Reindex) -> None:
    await world.product("Alcova lamp")
    await asyncio.gather(ensure(), ensure(), index_products([event(1)]))
    assert [each.name for each in folder().glob("GEN-*")] == ["GEN-1"]
    assert await found() == ["Alcova lamp"]


async def test_what_changes_during_a_rebuild_is_in_the_new_index(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, gone = await world.product("Alcova lamp"), await world.product("Lousa lamp")
    await reindex()
    filled = rebuilding._fill

    async def change_behind(place: Path, progress: Any) -> int:
        written = await filled(place, progress)
        await execute("UPDATE product SET name = 'Serra lamp' WHERE id = $1", made.product)
        await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", gone.offer)
        await publish("products", "k", {"products": [made.product, gone.product]})
        await index_products([event(made.product, gone.product)])  # into the old one, as always
        assert await found() == ["Serra lamp"]
        return written

    monkeypatch.setattr(rebuilding, "_fill", change_behind)
    await rebuild()
    assert await found() == ["Serra lamp"]


async def test_a_full_disk_leaves_the_old_index_in_use_and_nothing_behind(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.product("Alcova lamp")
    await reindex()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rebuilding, "_append", full)
    with pytest.raises(OSError, match="No space left"):
        await rebuild()
    assert await found() == ["Alcova lamp"]
    assert len(list(folder().glob("GEN-*"))) == 1
    monkeypatch.undo()
    assert await rebuild() == 1


def of_the_version_before() -> Path:
    """The index as a version with another format would have left it."""
    return folder().rename(folder().parent / str(FORMAT - 1))


async def test_the_index_of_a_new_format_is_built_while_the_version_before_goes_on_with_its_own(
    world: World, reindex: Reindex
) -> None:
    lamp = await world.product("Alcova lamp")
    assert await prepare() is None  # nothing was there before
    await reindex()
    before = of_the_version_before()
    assert await prepare() == 1 and await prepare() is None
    running = Engine(before)
    running.refresh()
    assert [each.name for each in (await running.search(Query())).documents] == ["Alcova lamp"]
    running.close()
    await execute("UPDATE product SET name = 'Serra lamp' WHERE id = $1", lamp.product)
    async with transaction():  # the old worker takes it, into its own index
        await publish("products", str(lamp.product), {"products": [lamp.product]})
    await ensure()
    assert await found() == ["Serra lamp"]
    assert not before.exists() and [each.name for each in folder().parent.iterdir()] == [str(FORMAT)]


async def test_a_worker_builds_what_nobody_has_prepared_and_leaves_what_is_newer(
    world: World, reindex: Reindex
) -> None:
    await world.product("Alcova lamp")
    await reindex()
    before, newer = of_the_version_before(), folder().parent / str(FORMAT + 1) / "GEN-1"
    newer.mkdir(parents=True)
    (folder().parent / "CURRENT").write_text("GEN-1-7")  # as the first versions had it
    await ensure()
    assert await found() == ["Alcova lamp"]
    assert not before.exists() and not (folder().parent / "CURRENT").exists() and newer.exists()
    newer.rmdir()
    newer.parent.rmdir()


async def test_half_a_generation_of_a_killed_builder_is_swept(world: World, reindex: Reindex) -> None:
    await world.product("Alcova lamp")
    await reindex()
    for _ in range(5):
        Index(folder()).new_generation()
    await rebuild()
    assert len(list(folder().glob("GEN-*"))) == 2
    assert await found() == ["Alcova lamp"]
