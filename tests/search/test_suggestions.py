"""What a search may become while it is typed: nothing is suggested that finds nothing."""

import re

import httpx
import pytest

from app.search import suggesting
from app.search.asked import Popular
from app.search.engine import engine
from app.search.query import Query
from app.search.suggesting import Suggestions, suggest
from tests.search.conftest import Reindex
from tests.world import World


async def stock(world: World, reindex: Reindex) -> None:
    await world.product("Alcova desk lamp", brand="Alcova")
    await world.product("Barro desk lamp with clamp", brand="Barro")
    await world.product("Barro chávena azul", brand="Barro", category="mugs-and-cups/mugs")
    await world.product("Sold out laptop", stock={})
    await reindex()


def suggested(typed: str, popular: tuple[Popular, ...] = ()) -> Suggestions:
    return suggest(engine().snapshot, engine().wordlists.current, popular, typed)


def texts(typed: str) -> list[str]:
    return [row.text for row in suggested(typed).rows if not row.category and not row.brand]


async def test_the_last_word_is_completed_by_what_stands_with_the_others(world: World, reindex: Reindex) -> None:
    await stock(world, reindex)
    assert texts("la")[0] in ("lamp", "lamps") and "laptop" in texts("la")
    assert len({"desk lamp", "desk lamps"} & set(texts("desk la"))) == 1  # both find the same
    assert "desk lamp clamp" in texts("desk lamp")


async def test_what_often_follows_a_word_of_very_many_products_is_found_among_some_of_them(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "SAMPLE", 4)
    for number in range(10):
        await world.product(f"Lamp {'clamp' if number % 2 else 'table'} {number}")
    await reindex()
    assert {"lamp clamp", "lamp table"} <= set(texts("lamp"))


async def test_accents_do_not_matter_and_are_shown(world: World, reindex: Reindex) -> None:
    await stock(world, reindex)
    assert texts("chav") == ["chávena"]


async def test_categories_and_brands_are_places_to_go_to(world: World, reindex: Reindex) -> None:
    await stock(world, reindex)
    assert [row.category for row in suggested("desk la").rows if row.category] == ["lighting/desk-lamps"]
    assert [row.brand for row in suggested("barr").rows if row.brand] == ["Barro"]


async def test_what_others_ask_comes_first(world: World, reindex: Reindex) -> None:
    await stock(world, reindex)
    asked = (
        Popular("desk lamp clamp", "Desk lamp clamp", 9),
        Popular("mug", "mug", 99),
        Popular("desk gone", "desk gone", 9),
    )
    found = suggested("desk", asked)
    assert found.rows[0].text == "Desk lamp clamp"
    assert all(row.text not in ("mug", "desk gone") for row in found.rows)


async def test_a_misspelt_beginning_is_put_right(world: World, reindex: Reindex) -> None:
    await stock(world, reindex)
    assert suggested("dessk lamp").products
    assert suggested("qqqqqqqq") == Suggestions((), ())


@pytest.mark.parametrize("typed", ["keby", "keyyb", "kexbo", "keybbo"])
async def test_a_misspelt_beginning_of_a_long_word_is_put_right(typed: str, world: World, reindex: Reindex) -> None:
    await world.product("Typewriter")
    await world.product("Keyboardstand")
    await reindex()
    assert suggested(typed).rows[0].text == "keyboardstand"


async def test_products_that_can_be_bought_come_first(world: World, reindex: Reindex) -> None:
    await stock(world, reindex)
    names = [document.name for document in suggested("la").products]
    assert names[-1] == "Sold out laptop" and len(names) == 3


@pytest.mark.parametrize("typed", ["l", "la", "desk", "desk l", "b", "barro ", "chavena a", "clamp"])
async def test_whatever_is_suggested_finds_something(typed: str, world: World, reindex: Reindex) -> None:
    await stock(world, reindex)
    for row in suggested(typed).rows:
        asked = Query(q="" if row.category or row.brand else row.text, category=row.category)
        result = await engine().search(asked)
        assert result.total and result.every_word, row


async def test_an_empty_shop_suggests_nothing(world: World, reindex: Reindex) -> None:
    await reindex()
    assert suggested("lamp") == Suggestions((), ())


async def test_the_fragment_asks_nothing_of_the_database(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await stock(world, reindex)
    client.cookies.set("feira_postcode", "1200-109")
    await client.get("/search/suggestions?q=desk")  # the delivery map is loaded now
    answer = await client.get("/search/suggestions?q=desk+la")
    assert answer.headers.get("x-query-count", "0") == "0"
    assert "<span>desk la<b>mp" in answer.text and "Alcova desk lamp" in answer.text
    assert re.search(r'<time class="promise-day" datetime="\d{4}-\d\d-\d\d">', answer.text)


@pytest.mark.parametrize("typed", ["", " ", "%00", "%", "a" * 10_000, "<script>", "'\"", "\u202e", "🎁", "\ufffd"])
async def test_no_text_breaks_the_fragment(
    typed: str, world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await stock(world, reindex)
    answer = await client.get("/search/suggestions", params={"q": typed})
    assert answer.status_code == 200 and "<script" not in answer.text
