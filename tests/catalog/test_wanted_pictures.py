"""Which pictures are wanted, and whose turn it is."""

import asyncio

import pytest

from app.catalog import wanted_pictures
from app.catalog.depicting import key_of
from app.catalog.wanted_pictures import claim, note_wishes, want
from app.infra.database import execute, fetch, transaction
from tests.catalog.wishing import wanted
from tests.world import World


async def test_wanting_is_part_of_what_wants_it(world: World) -> None:
    with pytest.raises(RuntimeError):
        async with transaction():
            await want(await world.supplier(), ["https://big.example/a.jpg"])
            raise RuntimeError
    assert await note_wishes() == 0


async def test_a_supplier_with_many_pictures_leaves_room_for_the_others(world: World) -> None:
    await wanted(await world.supplier(), [f"https://big.example/{number}.jpg" for number in range(100)])
    small = await world.supplier("Casa Pratas")
    await wanted(small, ["https://small.example/1.jpg"])
    due = await claim(8, 2)
    assert sorted(picture.supplier == small for picture in due) == [False, False, True]
    assert not [picture for picture in await claim(8, 2, [await world.supplier()]) if picture.supplier != small]


async def test_new_pictures_go_before_those_that_are_looked_at_again(world: World) -> None:
    supplier = await world.supplier()
    await wanted(supplier, [f"https://big.example/{number}.jpg" for number in range(5)])
    await execute("UPDATE picture SET state = 'ready', next_attempt_at = next_attempt_at - interval '1 day'")
    await wanted(supplier, ["https://big.example/new.jpg"])
    assert [picture.url for picture in await claim(8, 2)] == ["https://big.example/new.jpg"]
    assert [picture.is_ready for picture in await claim(8, 2)] == [True, True]


async def test_two_workers_never_fetch_the_same_picture(world: World) -> None:
    await wanted(await world.supplier(), [f"https://big.example/{number}.jpg" for number in range(40)])
    taken = [picture.key for found in await asyncio.gather(*(claim(8, 4) for _ in range(8))) for picture in found]
    assert len(taken) == len(set(taken)) > 0


async def test_what_many_batches_want_is_noted_once_by_however_many_workers(world: World) -> None:
    supplier = await world.supplier()
    links = [f"https://big.example/{number}.jpg" for number in range(300)]
    for number in range(60):
        await want(supplier, links[number : 241 + number])
    noted = await asyncio.gather(*(note_wishes() for _ in range(4)))
    while more := await note_wishes():
        noted.append(more)
    assert sum(noted) == 60
    assert await wanted_pictures.counts(supplier) == {"waiting": 300, "ready": 0, "failed": 0}
    rows = await fetch("SELECT key, url FROM picture")
    assert all(row["key"] == key_of(row["url"]) for row in rows)


async def test_a_link_in_any_script_has_one_name(world: World) -> None:
    link = "https://loja.example/caneca-\u00e9-\u6f22\u5b57-\U0001f3fa.jpg"
    await wanted(await world.supplier(), [link])
    assert [row["url"] for row in await fetch("SELECT url FROM picture WHERE key = $1", key_of(link))] == [link]
