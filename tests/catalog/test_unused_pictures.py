"""Pictures that nothing shows any more go; what a product or an order shows, or a supplier names again, stays."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.catalog import picture_files, wanted_pictures
from app.catalog.depicting import key_of
from app.catalog.unused_pictures import KEPT, forget_unused
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.orders.pictured import pictured
from tests.catalog.wishing import wanted
from tests.orders.sending import paid
from tests.world import Goods, World

OLD, NEW = "https://maker.example/lamp.jpg?v=1", "https://maker.example/lamp.jpg?v=2"


@pytest.fixture(autouse=True)
def empty_folder(environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "feira_data", tmp_path)


async def shown_by_none(keys: Sequence[str]) -> set[str]:
    return set()


async def fetched(supplier: int, *links: str) -> None:
    await wanted(supplier, links)
    await execute("UPDATE picture SET state = 'ready'")
    for link in links:
        with picture_files.workplace() as folder:
            (folder / "made" / "160.webp").write_bytes(b"a picture")
            picture_files.publish(folder / "made", key_of(link))


async def shows(goods: Goods, link: str, table: str = "product") -> None:
    number = goods.product if table == "product" else goods.variant
    address = f"/pictures/{key_of(link)}/lamp-task-bottle"
    await execute(f"UPDATE {table} SET image = $2 WHERE id = $1", number, address)


async def a_month_later() -> None:
    await execute("UPDATE picture SET unused_since = unused_since - $1::interval", KEPT)


async def known() -> set[str]:
    rows = await fetch("SELECT key, url FROM picture")
    assert all(picture_files.is_there(row["key"]) for row in rows)
    return {row["url"] for row in rows}


async def test_a_picture_that_no_product_shows_goes_a_month_later_with_its_files(world: World) -> None:
    lamp, supplier = await world.product(), await world.supplier()
    await fetched(supplier, OLD, NEW)
    await shows(lamp, NEW)
    assert await forget_unused(shown_by_none) == 0
    assert await known() == {OLD, NEW}
    await a_month_later()
    assert await forget_unused(shown_by_none) == 1
    assert await known() == {NEW}
    assert not picture_files.is_there(key_of(OLD))


async def test_nobody_asks_the_supplier_for_it_meanwhile(world: World) -> None:
    await fetched(await world.supplier(), OLD)
    await forget_unused(shown_by_none)
    assert not await wanted_pictures.claim(8, 8)


async def test_the_picture_of_a_variant_stays(world: World) -> None:
    lamp, supplier = await world.product(), await world.supplier()
    await fetched(supplier, OLD)
    await shows(lamp, OLD, "variant")
    await forget_unused(shown_by_none)
    await a_month_later()
    assert await forget_unused(shown_by_none) == 0


async def test_what_a_supplier_names_again_or_a_product_shows_again_stays(world: World) -> None:
    lamp, supplier = await world.product(), await world.supplier()
    await fetched(supplier, OLD, NEW)
    await forget_unused(shown_by_none)
    await a_month_later()
    await wanted(supplier, [OLD])
    await shows(lamp, NEW)
    assert await forget_unused(shown_by_none) == 0
    assert await known() == {OLD, NEW}


async def test_what_was_bought_is_still_seen_in_its_order(world: World) -> None:
    lamp, supplier = await world.product(), await world.supplier()
    await fetched(supplier, OLD, NEW)
    await shows(lamp, OLD)
    await paid(world, lamp)
    await execute("UPDATE product SET image = '/art/lamp-task-bottle.svg'")
    await forget_unused(pictured)
    await a_month_later()
    assert await forget_unused(pictured) == 1
    assert await known() == {OLD}


async def test_a_picture_that_is_being_fetched_is_left_alone(world: World) -> None:
    await fetched(await world.supplier(), OLD)
    await forget_unused(shown_by_none)
    await a_month_later()
    await execute("UPDATE picture SET next_attempt_at = now()")
    assert await wanted_pictures.claim(8, 8)
    assert await forget_unused(shown_by_none) == 0
