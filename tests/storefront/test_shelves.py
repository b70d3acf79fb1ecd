"""Shelves by themselves: other goods on them, all of one on a page, and those below a product."""

import re

import pytest

from app.activity.tables import Kind
from app.infra.database import execute, fetch
from app.storefront.shelves import SHOWN, ShelfKind
from tests.accounts.people import Client
from tests.activity.hearing import heard
from tests.search.conftest import Reindex
from tests.storefront.shelves import HTMX, shelf
from tests.world import Goods, World


async def test_a_shelf_shows_others_and_the_first_again(client: Client, market: list[Goods]) -> None:
    first = shelf((await client.get("/")).text, "new")
    more = re.search(r'hx-get="/shelves/new\?from=(\d+)"', first)
    assert more and int(more[1]) == SHOWN
    second = (await client.get(f"/shelves/new?from={SHOWN}", headers=HTMX)).text
    assert second.lstrip().startswith('<section class="shelf" id="shelf-new"')
    names = [set(re.findall(r'href="/p/([^"]+)"', part)) for part in (first, second)]
    assert all(len(each) == SHOWN for each in names) and not names[0] & names[1]
    for start in ("999999", "-5", "x", "9" * 40, "%00", ""):
        answer = await client.get(f"/shelves/new?from={start}", headers=HTMX)
        assert set(re.findall(r'href="/p/([^"]+)"', answer.text)) == names[0]


async def test_without_javascript_all_of_a_shelf_stands_on_a_page(client: Client, market: list[Goods]) -> None:
    page = (await client.get("/shelves/new")).text
    assert page.count('<li class="product-card">') == len(market)
    assert "They came onto the square last" in page
    assert (await client.get("/shelves/again")).status_code == 404  # nobody who has bought anything


@pytest.mark.parametrize("kind", list(ShelfKind))
async def test_every_kind_of_shelf_can_be_asked_for(client: Client, market: list[Goods], kind: ShelfKind) -> None:
    assert (await client.get(f"/shelves/{kind}", headers=HTMX)).status_code == 200


async def test_a_new_product_has_neighbours_at_once(
    client: Client, world: World, market: list[Goods], reindex: Reindex
) -> None:
    new = await world.product("Lamp of today", price_minor=5000)
    await reindex()
    page = (await client.get(f"/p/{new.slug}")).text
    assert "Bought together" not in page
    assert page.partition("More like this")[2].count('href="/p/lamp-') == 5
    mug = await world.product("Mug of today", category="mugs-and-cups/mugs", brand="Oficina")
    await reindex()
    page = (await client.get(f"/p/{mug.slug}")).text
    also = page.partition("Also by Oficina</h2>")[2].partition("</section>")[0]
    assert "Nobody has bought it with something else yet." in also and "Lamp" in also


async def test_all_that_is_bought_together_goes_into_the_cart_by_one_button(
    client: Client, market: list[Goods]
) -> None:
    page = (await client.get(f"/p/{market[0].slug}")).text
    form = page.partition('<form class="together"')[2].partition("</form>")[0]
    offers = dict(re.findall(r'name="(offer\d)" value="(\d+)"', form))
    assert len(offers) == 3 and "Add all three" in form
    answer = await client.post("/cart/sets", data={**offers, "next": "/cart"})
    assert "Added: Lamp 0, Mug" in answer.text
    assert len(await fetch("SELECT FROM cart_line")) == 3
    await heard()
    rows = await fetch("SELECT kind FROM activity WHERE kind = $1", Kind.CARTED)
    assert len(rows) == 3


async def test_of_a_set_what_cannot_be_had_is_named(client: Client, market: list[Goods]) -> None:
    await execute("UPDATE stock SET on_hand = reserved WHERE offer = $1", market[8].offer)
    data = {"offer0": str(market[0].offer), "offer1": str(market[8].offer), "offer2": "x", "offer3": "9" * 30}
    answer = await client.post("/cart/sets", data={**data, "next": "//evil.example"})
    assert "Added: Lamp 0." in answer.text and "Mug 0 is sold out." in answer.text
    assert str(answer.url).endswith("/cart")
    answer = await client.post("/cart/sets", data={})
    assert "There was nothing to add." in answer.text
    assert (await client.post("/cart/sets", data={"offer0": "0"}, headers=HTMX)).status_code == 422
