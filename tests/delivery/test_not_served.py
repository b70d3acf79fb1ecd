"""A place that nobody drives to is refused before an order, and nothing is lost."""

import httpx

from app.infra.database import fetch
from tests.checkout.shopping import ADDRESS, fill_cart, words
from tests.search.conftest import Reindex
from tests.world import World

NOWHERE = "9500-150"


async def test_the_checkout_refuses_a_place_that_is_not_served_and_keeps_cart_and_form(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await reindex()
    form = await client.post("/delivery/postcode", data={"postcode": NOWHERE, "next": "/"})
    assert form.status_code == 422 and f"We do not deliver to {NOWHERE} yet" in words(form)
    await fill_cart(client, lamp)
    answer = await client.post("/checkout/address", data={**ADDRESS, "postcode": NOWHERE})
    assert answer.status_code == 422 and "We do not deliver to this postcode yet" in words(answer)
    assert ADDRESS["line1"] in answer.text
    assert "Alcova desk lamp" in words(await client.get("/cart"))
    assert not await fetch("SELECT FROM shop_order")
