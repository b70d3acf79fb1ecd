"""Feeds that are over are forgotten after FEEDS_KEPT_DAYS; what is still needed of them stays, and what is on sale."""

from datetime import timedelta

import pytest

from app.infra.clock import frozen, now
from app.infra.database import execute, fetch
from app.suppliers import leftovers, rereading
from app.suppliers.arriving import feeds_folder
from app.suppliers.old_feeds import forget_old
from tests.suppliers.line import offers, row, send, send_and_take
from tests.suppliers.test_leftovers import grow_old
from tests.world import World

LATER = timedelta(days=91)


async def there_are() -> list[int]:
    return [feed["id"] for feed in await fetch("SELECT id FROM feed ORDER BY id")]


async def test_old_ones_go_with_their_reports_and_files_and_the_last_one_stays(world: World) -> None:
    supplier = await world.supplier()
    first = await send_and_take(supplier, [row("L1"), row("L2", price="free")])
    file = grow_old(feeds_folder() / (await fetch("SELECT path FROM feed"))[0]["path"])
    last = await send_and_take(supplier, [row("L1", price="50.00")])
    with frozen(now() + timedelta(days=89)):
        assert await forget_old() == 0
    with frozen(now() + LATER):
        assert await forget_old() == 1
        assert await forget_old() == 0
    assert await there_are() == [last.id]
    assert not await fetch("SELECT id FROM feed_problem") and len(await fetch("SELECT id FROM applied_batch")) == 2
    assert first.rejected == 1 and (await offers(supplier))["L1"]["price_minor"] == 5000
    await leftovers.sweep_leftovers()
    assert not file.exists()
    assert await rereading.read_again(last.id)


async def test_what_came_by_api_since_the_last_file_keeps_that_file_and_the_newest_only(world: World) -> None:
    supplier = await world.supplier()
    file = await send_and_take(supplier, [row("L1")])
    for _ in range(3):
        await send_and_take(supplier, [row("L1")], mode="delta")
    await execute("UPDATE feed SET format = 'api', state = 'finished' WHERE id > $1", file.id)
    newest = (await there_are())[-1]
    with frozen(now() + LATER):
        assert await forget_old() == 2
    assert await there_are() == [file.id, newest]


async def test_single_offers_by_api_go_after_a_week(world: World) -> None:
    supplier = await world.supplier()
    for _ in range(3):
        await send_and_take(supplier, [row("L1")], mode="delta")
    await execute("UPDATE feed SET format = 'api', state = 'finished'")
    newest = (await there_are())[-1]
    with frozen(now() + timedelta(days=6)):
        assert await forget_old() == 0
    with frozen(now() + timedelta(days=8)):
        assert await forget_old() == 2
    assert await there_are() == [newest]


@pytest.mark.parametrize("state", ["waiting", "reading", "applying"])
async def test_what_has_not_come_to_its_end_stays(world: World, state: str) -> None:
    supplier = await world.supplier()
    stuck = await send(supplier, [row("L1")])
    await execute("UPDATE feed SET state = $1", state)
    await execute(
        """INSERT INTO feed (supplier, filename, path, content_hash, size, state, created_at)
           SELECT supplier, filename, path, content_hash, size, 'finished', created_at FROM feed"""
    )
    with frozen(now() + LATER):
        assert await forget_old() == 0
    assert stuck in await there_are()


async def test_a_feed_that_brings_nothing_new_keeps_no_second_file(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1")])
    again = await send_and_take(supplier, [row("L1")])
    assert again.state == "unchanged"
    (path, same) = [feed["path"] for feed in await fetch("SELECT path FROM feed ORDER BY id")]
    assert path == same
    for file in feeds_folder().glob(f"{supplier}/*"):
        grow_old(file)
    await leftovers.sweep_leftovers()
    assert [file.name for file in feeds_folder().glob(f"{supplier}/*")] == [path.split("/")[1]]
