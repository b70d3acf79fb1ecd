"""A place that nobody drives to is remembered, said on every page, and refused before an order; nothing is lost."""

import httpx

from app.delivery import estimate
from app.delivery.places import COOKIE
from app.infra.database import execute, fetch
from tests.checkout.shopping import ADDRESS, fill_cart, words
from tests.search.conftest import Reindex
from tests.world import World

NOWHERE = "9500-150"
SAID = f"We do not deliver to {NOWHERE} yet"


async def test_a_place_that_is_not_served_is_kept_and_said_on_every_page(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await reindex()
    await fill_cart(client, lamp)
    back = await client.post("/delivery/postcode", data={"postcode": NOWHERE, "next": "/search?q=lamp"})
    assert (back.status_code, back.url.path, client.cookies[COOKIE]) == (200, "/search", NOWHERE)
    product = f"/p/{lamp.slug}"
    for address in ("/", "/search?q=lamp", "/search?q=xqzzt", "/c/lighting", product, "/cart", "/wishlists", "/help"):
        page = await client.get(address)
        assert SAID in words(page) and "add a postcode" not in words(page), address
        assert 'class="promise-day" datetime' not in page.text, address
    assert (await client.get("/checkout")).url.path == "/cart"
    page = await client.post("/delivery/postcode", data={"postcode": "1200-109", "next": product})
    assert "We do not deliver" not in words(page) and 'class="promise-day" datetime' in page.text


async def test_as_soon_as_somebody_drives_there_the_page_has_a_day(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    await world.product(stock={"LIS": 5})
    await reindex()
    await client.post("/delivery/postcode", data={"postcode": NOWHERE})
    await execute("INSERT INTO postcode_area (prefix, place, zone) SELECT '95', 'Ponta Delgada', min(id) FROM zone")
    estimate.forget()
    page = await client.get("/search?q=lamp")
    assert "We do not deliver" not in words(page) and 'class="promise-day" datetime' in page.text


async def test_the_checkout_refuses_a_place_that_is_not_served_and_keeps_cart_and_form(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await reindex()
    await fill_cart(client, lamp)
    answer = await client.post("/checkout/address", data={**ADDRESS, "postcode": NOWHERE})
    assert answer.status_code == 422 and "We do not deliver to this postcode yet" in words(answer)
    assert ADDRESS["line1"] in answer.text
    assert "Alcova desk lamp" in words(await client.get("/cart"))
    assert not await fetch("SELECT FROM shop_order")
