"""Home, categories, pages of words, and what machines read."""

import httpx
import pytest

from app.catalog.taxonomy import CATEGORIES
from app.search.documents import Document
from app.search.snapshot import Snapshot
from tests.search.conftest import Reindex
from tests.world import World


@pytest.fixture
async def market(world: World, reindex: Reindex, client: httpx.AsyncClient) -> httpx.AsyncClient:
    await world.product("Alcova desk lamp")
    await world.product("Nuvem table lamp", category="lighting/table-lamps")
    await world.product("Barro mug", category="mugs-and-cups/mugs", supplier="Barro")
    await reindex()
    return client


async def test_home_shows_the_days_once_the_postcode_is_known(market: httpx.AsyncClient) -> None:
    page = (await market.get("/")).text
    assert "From the market" in page
    assert "Order today" not in page
    page = (await market.post("/delivery/postcode", data={"postcode": "1200-109", "next": "/"})).text
    assert "Order today, in Lisboa by" in page
    assert "Here by " in page


async def test_home_counts_what_each_category_holds(market: httpx.AsyncClient) -> None:
    page = (await market.get("/")).text
    assert '<a href="/c/lighting">Lighting</a><p class="tiny soft num">2 in stock</p>' in page
    assert '<a href="/c/other">' not in page


async def test_a_category_holds_what_is_below_it(market: httpx.AsyncClient) -> None:
    page = (await market.get("/c/lighting")).text
    assert "2 products" in page
    assert (
        page.count('href="/c/lighting/desk-lamps"') == 2
    )  # among the filters, and above them where those are folded away
    page = (await market.get("/c/lighting/desk-lamps?max=100")).text
    assert "Alcova desk lamp" in page
    assert "Nuvem" not in page
    assert '<link rel="canonical" href="/c/lighting/desk-lamps?max=100">' in page


async def test_htmx_gets_a_category_s_list_alone(market: httpx.AsyncClient) -> None:
    answer = await market.get("/c/lighting?q=&max=100", headers={"hx-request": "true"})
    assert answer.text.lstrip().startswith("<title>Lighting · Feira</title>")
    assert answer.headers["hx-push-url"] == "/c/lighting?max=100"


@pytest.mark.parametrize("path", ["/c/nope", "/c/lighting/nope", "/c/%00", "/p/nope", "/p/%00", "/help/nope"])
async def test_what_there_is_not_is_a_404(market: httpx.AsyncClient, path: str) -> None:
    assert (await market.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/help", "/about", "/privacy", *(f"/help/{n}" for n in ("late", "returns", "feeds"))])
async def test_pages_of_words_are_there(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


async def test_suppliers_read_which_warehouses_there_are(client: httpx.AsyncClient, world: World) -> None:
    page = (await client.get("/help/feeds")).text
    assert "stock:LIS" in page and "by its code: LIS, OPO." in page


async def test_the_site_map_lists_categories_and_products(market: httpx.AsyncClient) -> None:
    answer = await market.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text.count("/p/") == 3 and "/w/" not in answer.text
    assert "/c/lighting/desk-lamps</loc>" in answer.text
    assert "Sitemap: " in (await market.get("/robots.txt")).text
    assert (await market.get("/.well-known/gpc.json")).json()["gpc"] is True


async def test_products_are_decoded_once_however_often_the_site_map_is_asked_for(
    market: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded, document = list[int](), Snapshot.document

    def noting(snapshot: Snapshot, number: int) -> Document:
        decoded.append(number)
        return document(snapshot, number)

    monkeypatch.setattr(Snapshot, "document", noting)
    for _ in range(3):
        assert (await market.get("/sitemap.xml")).text.count("/p/") == 3
    assert len(decoded) == 3


def test_every_category_s_picture_can_be_drawn() -> None:
    from app.catalog.art.addresses import address

    assert all(address(each.art_kind, each.art_form, "bottle") for each in CATEGORIES)
