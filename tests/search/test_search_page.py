"""/search as a shopper meets it."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.delivery.estimate import delivery_map
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.search.engine import engine
from app.search.nearly import MOST
from tests.search.conftest import Reindex
from tests.world import Goods, World

LISBOA = {"cookie": "feira_postcode=1200-109"}
HTMX = {"hx-request": "true"}


@pytest.fixture
async def market(world: World, reindex: Reindex, client: httpx.AsyncClient) -> httpx.AsyncClient:
    for number in range(30):
        await world.product(
            f"Alcova desk lamp {number}",
            price_minor=2000 + 100 * number,
            stock={"LIS" if number % 2 else "OPO": 1 + number},
            options={"Colour": "Ink blue" if number % 3 else "Moss"},
        )
    await world.product("Barro mug", category="mugs-and-cups/mugs", brand="Barro", supplier="Barro & Luz")
    await reindex()
    return client


@pytest.fixture
async def many(world: World, reindex: Reindex, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """More stools than one page holds."""
    for number in range(50):
        await world.product(f"Banco stool {number}", attributes={"Wood": "Oak" if number % 2 else "beech"})
    await reindex()
    return client


async def test_a_page_of_results_takes_no_query(market: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "show_query_count", True)
    await market.get("/search", headers=LISBOA)  # the map and the categories are kept from now on
    for address in ("/search?q=lamp", "/search?q=lamp&by=2030-01-01&sort=arrives", "/c/lighting", "/"):
        answer = await market.get(address, headers=LISBOA)
        assert (answer.status_code, answer.headers["x-query-count"]) == (200, "0"), address


async def test_the_page_of_a_brand_or_a_seller_says_whose_it_is_and_no_word_of_a_stranger(
    market: httpx.AsyncClient,
) -> None:
    assert "<h1>Barro</h1>" in (await market.get("/search?brand=Barro")).text
    assert "<h1>Oficina do Vale</h1>" in (await market.get("/search?supplier=oficina-do-vale")).text
    for address in (
        "/search",
        "/search?brand=Barro&brand=Alcova",
        "/search?brand=Cheap+pills",
        "/search?supplier=cheap-pills",
    ):
        page = (await market.get(address)).text
        assert "<title>All products" in page, address


async def test_each_card_says_the_day_that_the_delivery_map_promises(market: httpx.AsyncClient) -> None:
    page = (await market.get("/search?q=mug", headers=LISBOA)).text
    promise = (await delivery_map()).promise(["LIS"], 0, "lisboa", now())
    assert promise
    assert f'datetime="{promise.date.isoformat()}"' in page
    assert "add a postcode" in (await market.get("/search?q=mug")).text


async def test_the_day_filter_lets_through_what_is_promised_by_then(market: httpx.AsyncClient) -> None:
    near = (await delivery_map()).promise(["LIS"], 0, "lisboa", now())
    assert near
    page = (await market.get(f"/search?q=desk&by={near.date}", headers=LISBOA)).text
    assert "15 of 30 products arrive by" in page
    assert "By " in page
    without_a_place = (await market.get(f"/search?q=desk&by={near.date}")).text
    assert "30 products" in without_a_place


async def test_pages_follow_each_other_and_the_last_holds_for_those_beyond(many: httpx.AsyncClient) -> None:
    first = (await many.get("/search?q=stool")).text
    assert first.count('class="product-card"') == 48
    assert "/search?q=stool&amp;page=2" in first
    last = (await many.get("/search?q=stool&page=99")).text
    assert last.count('class="product-card"') == 2
    assert "<title>“stool”, page 2 · Feira</title>" in last
    assert '<link rel="canonical" href="/search?q=stool&amp;page=2">' in last


async def test_htmx_gets_the_list_alone_with_its_title_and_address(market: httpx.AsyncClient) -> None:
    answer = await market.get("/search?q=lamp&min=&max=30&brand=&sort=best", headers=HTMX)
    assert answer.text.lstrip().startswith("<title>“lamp” · Feira</title>")
    assert 'id="results-all"' in answer.text
    assert "<header" not in answer.text
    assert answer.headers["hx-push-url"] == "/search?q=lamp&max=30"
    assert "HX-Request" in answer.headers["vary"]


async def test_htmx_that_lost_its_history_gets_the_whole_page(market: httpx.AsyncClient) -> None:
    headers = {**HTMX, "hx-history-restore-request": "true"}
    assert "<header" in (await market.get("/search?q=lamp", headers=headers)).text


async def test_a_range_of_prices_is_written_as_prices_are(market: httpx.AsyncClient) -> None:
    ranges = {"min=0": "From €0", "max=20.5": "Up to €20.50", "min=5&max=5000": "€5 to €5,000"}
    for query, said in ranges.items():
        assert f"{said}<" in (await market.get(f"/search?q=lamp&{query}")).text, query


async def test_the_address_of_a_submitted_form_is_tidied(market: httpx.AsyncClient) -> None:
    answer = await market.get(
        "/search?q=lamp&category=&min=25&max=&colour=Moss&colour=Ink+blue", follow_redirects=False
    )
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {
        "q": ["lamp"],
        "min": ["25"],
        "colour": ["Ink blue", "Moss"],
    }


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%ff%fe&page=-1",
        "q=" + "a-" * 3000,
        "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "min=abc&max=1e999&by=2026-13-45&sort=;drop&page=0x1",
        "min=-5&max=NaN&page=99999999999999999999&by=0000-00-00",
        "min=Infinity&by=9999-12-31&stock=out",
        "category=../../etc/passwd&brand=%27%20OR%201=1--&supplier=%F0%9F%92%A9",
        "&".join(f"colour=c{n}" for n in range(500)),
        "q=*&q=lamp&q[]=x&%00=1",
        "q=%E2%80%AE%E2%80%8B",
        "page=%D9%A3&min=%D9%A3",
    ],
)
async def test_nonsense_in_the_address_is_as_if_it_were_not_there(market: httpx.AsyncClient, query: str) -> None:
    for headers in ({}, LISBOA, {**LISBOA, **HTMX}):
        answer = await market.get(f"/search?{query}", headers=headers)
        assert answer.status_code == 200, answer.text[:300]
        assert "<script>alert" not in answer.text


async def test_nothing_found_offers_only_what_exists(market: httpx.AsyncClient) -> None:
    page = (await market.get("/search?q=unknownthing")).text
    assert "Nothing called “unknownthing”" in page
    assert "New on the square" in page
    page = (await market.get("/search?q=mug&colour=Moss&max=1")).text
    assert "Nothing is left with these filters; without them there is 1 product" in page
    page = (await market.get("/search?q=lamp&colour=Moss&max=1")).text
    assert "Without it there are 10 products" in page
    assert 'href="/search?q=lamp&amp;colour=Moss"' in page


async def test_words_that_no_product_has_together_are_said_and_loosened(market: httpx.AsyncClient) -> None:
    page = (await market.get("/search?q=desk+mug")).text
    assert "No product has all of these words" in page
    assert 'href="/search?q=mug">mug <span class="soft num">1</span>' in page


async def test_every_filter_that_is_on_can_be_taken_off_by_a_link(market: httpx.AsyncClient) -> None:
    page = (await market.get("/search?q=lamp&category=lighting&min=20&stock=in&supplier=oficina-do-vale")).text
    for address in (
        "/search?q=lamp&amp;supplier=oficina-do-vale&amp;min=20&amp;stock=in",
        "/search?q=lamp&amp;category=lighting&amp;supplier=oficina-do-vale&amp;stock=in",
        "/search?q=lamp&amp;category=lighting&amp;supplier=oficina-do-vale&amp;min=20",
        "/search?q=lamp&amp;category=lighting&amp;min=20&amp;stock=in",
    ):
        assert f'<a class="chip" href="{address}">' in page
    assert '<a class="chips-clear" href="/search?q=lamp">' in page


async def in_two_colours(world: World) -> tuple[Goods, int]:
    """A bottle green lamp that is on sale, and its variant in ink blue, which is not yet."""
    made = await world.product(options={"Colour": "Bottle green"})
    (row,) = await fetch(
        """INSERT INTO variant (product, sku, options, image, note)
           VALUES ($1, 'SECOND', '{"Colour": "ink blue"}', '/art/lamp-task-ink.svg', '') RETURNING id""",
        made.product,
    )
    return made, int(row["id"])


async def test_a_card_shows_and_leads_to_the_colour_that_was_asked_for(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made, second = await in_two_colours(world)
    await world.offer(second)
    await reindex()
    assert "/art/lamp-task-ink.svg" not in (await client.get("/search?q=alcova")).text
    listed = (await client.get("/search?q=alcova&colour=Ink+blue")).text
    assert "/art/lamp-task-ink.svg" in listed and "Bottle green, weighted base" not in listed
    assert f'href="/p/{made.slug}?colour=Ink+blue"' in listed
    for colour, is_second in (("Ink+blue", True), ("Bottle+green", False)):
        product = (await client.get(f"/p/{made.slug}?colour={colour}")).text
        assert ('name="variant" value="SECOND"' in product) is is_second


async def test_a_heart_keeps_the_colour_that_its_card_shows(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made, second = await in_two_colours(world)
    for supplier, price_minor in (("Casa Pratas", 9900), ("Barro & Luz", 7900)):
        await world.offer(second, supplier=supplier, price_minor=price_minor)
    await reindex()
    for colour, kept, price_minor in (("Ink+blue", second, 7900), ("Bottle+green", made.variant, 4890)):
        await execute("DELETE FROM wishlist_entry")
        listed = (await client.get(f"/search?q=alcova&colour={colour}")).text
        (form,) = re.findall(r'<form class="save-form".*?</form>', listed)
        await client.post("/wishlists/entries", data=dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)))
        (entry,) = await fetch("SELECT variant, added_price_minor FROM wishlist_entry")
        assert tuple(entry.values()) == (kept, price_minor)


async def test_an_empty_shop_says_that_it_is_being_set_up(client: httpx.AsyncClient, reindex: Reindex) -> None:
    assert engine().snapshot.total == 0
    for address in ("/", "/search"):
        answer = await client.get(address)
        assert (answer.status_code, "being set up" in answer.text) == (200, True)


async def test_what_is_close_to_it_stands_below_and_is_not_counted(market: httpx.AsyncClient) -> None:
    page = (await market.get("/search?q=lamp+29")).text
    above, below = page.split("Close to what you searched for")
    assert ">1 product<" in above
    assert "Alcova desk lamp 29" in above
    assert below.count("/p/alcova-desk-lamp-") >= MOST
    assert "Close to what you searched for" not in (await market.get("/search?q=lamp")).text
