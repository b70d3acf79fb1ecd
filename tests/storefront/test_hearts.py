"""The heart on a card is filled where its product is on a list of the shopper's, on every page that shows cards."""

import re

import pytest

from app.infra.settings import settings
from tests.accounts.people import Client, person, sign_in
from tests.search.conftest import Reindex
from tests.world import Goods, World


@pytest.fixture
async def goods(world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch) -> list[Goods]:
    made = [await world.product(name, stock={"LIS": 5}) for name in ("Alcova lamp", "Brisa lamp")]
    await reindex()
    monkeypatch.setattr(settings(), "show_query_count", True)
    return made


async def filled(client: Client, address: str) -> dict[int, str]:
    """Offer -> the list that its heart leads to."""
    page = (await client.get(address)).text
    return {int(offer): to for offer, to in re.findall(r'id="save-(\d+)" href="([^"]+)" data-kept', page)}


async def keep(client: Client, goods: Goods, **more: str) -> None:
    await client.post("/wishlists/entries", data={"offer": str(goods.offer), **more})


async def test_what_is_kept_has_a_filled_heart_wherever_its_card_stands(client: Client, goods: list[Goods]) -> None:
    assert await filled(client, "/search?q=lamp") == {}
    await keep(client, goods[0])
    (list_address,) = (await filled(client, "/search?q=lamp")).values()
    assert (await client.get(list_address)).status_code == 200
    for address in ("/", "/search?q=lamp", "/search?q=lamp&sort=price", "/shelves/new"):
        assert await filled(client, address) == {goods[0].offer: list_address}, address
    assert await filled(client, f"/p/{goods[1].slug}") == {goods[0].offer: list_address}


async def test_a_heart_is_empty_again_when_its_product_leaves_the_last_list(client: Client, goods: list[Goods]) -> None:
    await keep(client, goods[0])
    kitchen = (await client.post("/wishlists", data={"new_name": "Kitchen"})).url.path
    main = (await filled(client, "/search?q=lamp"))[goods[0].offer]
    assert kitchen != main
    await keep(client, goods[0], list=kitchen.rpartition("/")[2])
    assert await filled(client, "/search?q=lamp") == {goods[0].offer: main}, "the main list goes before"
    for entry, left in ((1, {goods[0].offer: kitchen}), (2, {})):
        await client.post(f"/wishlists/entries/{entry}", data={"remove": "1"})
        assert await filled(client, "/search?q=lamp") == left


async def test_nobody_sees_the_hearts_of_somebody_else(client: Client, goods: list[Goods]) -> None:
    await person("marta@example.pt")
    await sign_in(client, email="marta@example.pt")
    await keep(client, goods[0])
    assert len(await filled(client, "/search?q=lamp")) == 1
    await client.post("/sign-out")
    assert await filled(client, "/search?q=lamp") == {}
    await keep(client, goods[1])
    assert set(await filled(client, "/search?q=lamp")) == {goods[1].offer}


async def test_hearts_cost_no_query_of_their_own(client: Client, goods: list[Goods]) -> None:
    assert (await client.get("/search?q=lamp")).headers["x-query-count"] == "0"
    await client.post("/cart/lines", data={"offer": str(goods[1].offer), "quantity": "2"})
    await keep(client, goods[0])
    for address in ("/", "/search?q=lamp"):
        answer = await client.get(address)
        assert answer.headers["x-query-count"] == "1" and "data-kept" in answer.text, address
