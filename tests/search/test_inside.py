"""A search on a category's page keeps to that category, says so, and has a way out."""

import re

import httpx
import pytest

from app.search.asked import search_log
from tests.search.conftest import Reindex
from tests.world import World

PHONE_LAMP, DESK, MUG = "Alcova phone lamp", "Alcova desk lamp", "Lamp mug"


@pytest.fixture
async def market(world: World, reindex: Reindex, client: httpx.AsyncClient) -> httpx.AsyncClient:
    for n in range(3):
        await world.product(f"{DESK} {n}", category="lighting/desk-lamps")
    for n in range(2):
        await world.product(f"{PHONE_LAMP} {n}", category="lighting/table-lamps")
    await world.product(MUG, category="mugs-and-cups/mugs", brand="Barro")
    await reindex()
    return client


def chips(page: str) -> list[tuple[str, str]]:
    """(address, words and count) of the places that a search may look in."""
    nav = re.search(r'<nav aria-label="Where to search">(.*?)</nav>', page, re.DOTALL)
    found = re.findall(r'<a class="chip chip-go" href="([^"]+)"[^>]*>(.*?)</a>', nav.group(1) if nav else "")
    return [(href, re.sub(r"<[^>]+>", "", words).removesuffix(" products")) for href, words in found]


async def test_the_field_of_a_category_keeps_to_it_and_can_be_told_otherwise(market: httpx.AsyncClient) -> None:
    page = (await market.get("/c/lighting/desk-lamps")).text
    assert re.findall(r'<option value="([^"]*)">([^<]+)', page) == [
        ("lighting/desk-lamps", "In Desk lamps"),
        ("lighting", "In Lighting"),
        ("", "All of Feira"),
    ]
    assert 'name="in"' not in (await market.get("/search?q=lamp")).text


@pytest.mark.parametrize(
    ("sent", "leads_to"),
    [
        ("in=lighting&q=lamp", "/c/lighting?q=lamp"),
        ("in=lighting%2Fdesk-lamps&q=desk+lamp", "/c/lighting/desk-lamps?q=desk+lamp"),
        ("in=lighting&q=", "/c/lighting"),
        ("in=&q=lamp", "/search?q=lamp"),
        ("in=nowhere&q=lamp&brand=", "/search?q=lamp"),
        ("in=//evil.example&q=lamp&brand=", "/search?q=lamp"),
    ],
)
async def test_what_the_field_sends_becomes_one_address_for_one_list(
    market: httpx.AsyncClient, sent: str, leads_to: str
) -> None:
    answer = await market.get(f"/search?{sent}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
    assert (await market.get(leads_to, follow_redirects=False)).status_code == 200


async def test_a_search_inside_says_how_much_is_there_above_and_anywhere(market: httpx.AsyncClient) -> None:
    page = (await market.get("/c/lighting/desk-lamps?q=lamp&sort=price")).text
    assert "“lamp” in Desk lamps" in page and MUG not in page and PHONE_LAMP not in page
    assert chips(page) == [
        ("/c/lighting/desk-lamps?q=lamp&amp;sort=price", "In Desk lamps only 3"),
        ("/c/lighting?q=lamp&amp;sort=price", "In Lighting 5"),
        ("/search?q=lamp&amp;sort=price", "In all of Feira 6"),
    ]


async def test_every_place_offered_has_as_many_as_it_says(market: httpx.AsyncClient) -> None:
    for address in ("/c/lighting?q=lamp", "/c/lighting?q=desk+lamps", "/c/mugs-and-cups?q=lamp", "/c/lighting?q=barro"):
        for href, words in chips((await market.get(address)).text):
            said = re.search(
                r'<p class="soft num">(\d+) product|<h1>Nothing', (await market.get(href.replace("&amp;", "&"))).text
            )
            assert said and (said.group(1) or "0") == words.rsplit(" ", 1)[1], (address, href)


async def test_a_category_that_is_not_searched_offers_no_choice_of_place(market: httpx.AsyncClient) -> None:
    for address in ("/c/lighting", "/c/lighting?sort=price", "/search?q=lamp", "/search?q=lamp&category=lighting"):
        assert not chips((await market.get(address)).text)


async def test_filters_stay_when_the_search_goes_further(market: httpx.AsyncClient) -> None:
    page = (await market.get("/c/lighting?q=lamp&brand=Oficina&stock=in")).text
    assert ("/search?q=lamp&amp;brand=Oficina&amp;stock=in", "In all of Feira 5") in chips(page)


async def test_nothing_inside_says_what_there_is_elsewhere(market: httpx.AsyncClient) -> None:
    page = (await market.get("/c/lighting?q=mug")).text
    assert "Nothing called “mug” in Lighting" in page
    assert "In all of Feira there is 1 product for it." in page
    assert '<a class="button" href="/search?q=mug">Search in all of Feira</a>' in page
    assert "without them there" not in page
    filtered = (await market.get("/c/lighting?q=mug&max=1")).text
    assert '<a class="button" href="/search?q=mug">Search in all of Feira</a>' in filtered


async def test_nothing_with_filters_counts_what_the_category_has_without_them(market: httpx.AsyncClient) -> None:
    page = (await market.get("/c/lighting/desk-lamps?q=lamp&max=1")).text
    assert "without them there are 3 products" in page
    assert "Nothing of this is on sale at the moment" in (await market.get("/c/other")).text


async def test_suggestions_stay_inside_with_a_way_out(market: httpx.AsyncClient) -> None:
    inside = (await market.get("/search/suggestions", params={"q": "la", "in": "lighting"})).text
    assert 'href="/c/lighting?q=lamp"' in inside and DESK in inside and MUG not in inside
    assert 'href="/search?q=la"' in inside and "Search all of Feira for <b>la</b>" in inside
    only = (await market.get("/search/suggestions", params={"q": "mu", "in": "lighting"})).text
    assert re.findall(r'role="option" id="([^"]+)"', only) == ["s-all"]
    anywhere = (await market.get("/search/suggestions", params={"q": "la", "in": "no/such"})).text
    assert 'href="/search?q=lamp"' in anywhere and "all of Feira" not in anywhere


async def test_a_search_inside_is_kept_by_the_browser_and_not_counted(market: httpx.AsyncClient) -> None:
    search_log()._asked.clear()
    await market.get("/c/lighting?q=mug")
    assert "Forget the search for mug" in (await market.get("/search")).text
    assert not search_log()._asked
    assert 'href="/c/lighting?q=mug"' in (await market.get("/search/suggestions?q=&in=lighting")).text
