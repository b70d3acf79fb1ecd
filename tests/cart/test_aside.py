"""Lines that leave the cart and may come back: saved for later, or removed a moment ago."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest

from app.accounts.owners import Owner
from app.cart import aside
from app.cart.changing import NotForSale, add, set_quantity
from app.cart.contents import Contents, load
from app.infra import clock
from app.infra.clock import frozen
from app.infra.database import execute
from tests.cart.test_merging import GUEST, marta, merged
from tests.cart.test_pages import HTMX, only_line, put, quantities
from tests.world import World

STRANGER = Owner(None, b"stranger")


async def cart() -> Contents:
    return await load(GUEST)


async def saved_lamp(world: World, quantity: int = 3, stock: int = 50) -> tuple[int, int]:
    """A lamp saved for later: its offer, and the id of what is set aside."""
    lamp = await world.product(stock={"LIS": stock})
    await add(GUEST, lamp.offer, quantity)
    await aside.save(GUEST, (await cart()).lines[0].id)
    return lamp.offer, (await cart()).saved[0].id


async def test_a_saved_line_leaves_the_cart_with_its_pieces_and_comes_back_with_them(world: World) -> None:
    offer, kept = await saved_lamp(world)
    before = await cart()
    assert (before.lines, before.count, before.saved[0].quantity) == ((), 0, 3)
    back = await aside.bring_back(GUEST, kept)
    assert back and (back.quantity, back.capped) == (3, False)
    after = await cart()
    assert [(line.offer_id, line.quantity) for line in after.lines] == [(offer, 3)] and not after.saved


async def test_a_line_that_is_sold_out_can_be_saved_but_comes_back_only_when_there_is_some(world: World) -> None:
    lamp = await world.product()
    await add(GUEST, lamp.offer, 2)
    await execute("UPDATE stock SET on_hand = 0")
    await aside.save(GUEST, (await cart()).lines[0].id)
    kept = (await cart()).saved[0].id
    with pytest.raises(NotForSale):
        await aside.bring_back(GUEST, kept)
    assert (await cart()).saved[0].quantity == 2
    await execute("UPDATE stock SET on_hand = 1")
    back = await aside.bring_back(GUEST, kept)
    assert back and (back.quantity, back.wanted) == (1, 2)


async def test_saving_what_is_saved_adds_up(world: World) -> None:
    offer, _ = await saved_lamp(world)
    await add(GUEST, offer, 2)
    await aside.save(GUEST, (await cart()).lines[0].id)
    assert [line.quantity for line in (await cart()).saved] == [5]


async def test_what_comes_back_joins_the_line_in_the_cart_and_is_limited_in_words(world: World) -> None:
    offer, kept = await saved_lamp(world, 60, 500)
    await add(GUEST, offer, 60)
    back = await aside.bring_back(GUEST, kept)
    assert back and (back.quantity, back.wanted, back.capped) == (99, 120, True)


async def test_a_removed_line_comes_back_as_it_was_even_if_it_is_sold_out_by_now(world: World) -> None:
    lamp = await world.product(price_minor=4890)
    await add(GUEST, lamp.offer, 2)
    await execute("UPDATE offer SET price_minor = 5000")
    await aside.remove(GUEST, (await cart()).lines[0].id)
    await execute("UPDATE stock SET on_hand = 0")
    removed = (await cart()).removed
    assert removed
    await aside.bring_back(GUEST, removed.id)
    (line,) = (await cart()).lines
    assert (line.quantity, line.added_price_minor, (await cart()).removed) == (2, 4890, None)


async def test_what_was_removed_is_offered_for_some_minutes_only(world: World) -> None:
    await add(GUEST, (await world.product()).offer, 1)
    await aside.remove(GUEST, (await cart()).lines[0].id)
    with frozen(clock.now() + timedelta(minutes=6)):
        assert (await cart()).removed is None


async def test_saved_lines_add_up_at_sign_in_and_the_cart_keeps_what_it_has(world: World) -> None:
    account = await marta()
    offer, _ = await saved_lamp(world, 70, 500)
    await add(account, offer, 60)
    await aside.save(account, (await load(account)).lines[0].id)
    await add(account, offer, 1)
    assert await merged(account) == {offer: 1}
    assert [line.quantity for line in (await load(account)).saved] == [130]
    assert not (await cart()).saved


async def test_nobody_moves_what_another_has_set_aside(world: World) -> None:
    _, kept = await saved_lamp(world)
    await add(STRANGER, (await world.product("Mug")).offer, 1)
    assert await aside.bring_back(STRANGER, kept) is None
    assert await aside.forget(STRANGER, kept) is None
    assert len((await cart()).saved) == 1


async def test_a_double_click_moves_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 50})
    await add(GUEST, lamp.offer, 3)
    line = (await cart()).lines[0].id
    await asyncio.gather(*(aside.save(GUEST, line) for _ in range(6)))
    kept = (await cart()).saved[0]
    assert kept.quantity == 3
    await asyncio.gather(*(aside.bring_back(GUEST, kept.id) for _ in range(6)))
    assert [line.quantity for line in (await cart()).lines] == [3]


async def test_saving_while_the_quantity_is_set_loses_nothing(world: World) -> None:
    lamp = await world.product(stock={"LIS": 50})
    await add(GUEST, lamp.offer, 3)
    line = (await cart()).lines[0].id
    await asyncio.gather(aside.save(GUEST, line), set_quantity(GUEST, line, 5), add(GUEST, lamp.offer, 1))
    found = await cart()
    assert sum(each.quantity for each in (*found.lines, *found.saved)) in {4, 6, 5}
    assert len(found.saved) == 1


async def test_the_page_saves_and_brings_back_without_javascript(client: httpx.AsyncClient, world: World) -> None:
    await put(client, await world.product(), 2)
    page = await client.post(f"/cart/lines/{await only_line()}", data={"quantity": "2", "save": "1"})
    assert "Saved for later: 2 of Alcova desk lamp." in page.text and 'id="saved"' in page.text
    found = re.search(r"/cart/aside/(\d+)", page.text)
    assert found
    page = await client.post(found[0], data={"back": "1"})
    assert "Back in your cart: 2 of Alcova desk lamp." in page.text and 'id="saved"' not in page.text
    assert await quantities() == [2]


async def test_a_removal_is_undone_on_the_page(client: httpx.AsyncClient, world: World) -> None:
    await put(client, await world.product(), 2)
    address = f"/cart/lines/{await only_line()}"
    await client.post(address, data={"remove": "1"})
    page = await client.post(address, data={"remove": "1"})  # a double click shows its second answer
    found = re.search(r"/cart/aside/(\d+)", page.text)
    assert found and "Undo" in page.text
    again = await client.post(found[0], data={"back": "1"}, headers=HTMX)
    assert "Back in your cart: 2 of Alcova desk lamp." in again.text and "Undo" not in again.text
    assert await quantities() == [2]


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "-1"])
async def test_what_is_not_set_aside_is_explained(client: httpx.AsyncClient, number: str) -> None:
    answer = await client.post(f"/cart/aside/{number}", data={"back": "1"})
    assert answer.status_code == 200 and "no longer kept" in answer.text


async def test_news_that_was_read_is_not_said_again_until_it_is_other_news(
    client: httpx.AsyncClient, world: World
) -> None:
    await put(client, await world.product(price_minor=4890))
    await execute("UPDATE offer SET price_minor = 5000")
    address = f"/cart/lines/{await only_line()}"
    assert "The price went up" in (await client.get("/cart")).text
    assert "The price went up" not in (await client.post(address, data={"seen": "1", "price": "5000"})).text
    await execute("UPDATE offer SET price_minor = 5100")
    stale = await client.post(address, data={"seen": "1", "price": "5000", "stock": "9" * 18})
    assert "The price went up" in stale.text


async def test_an_unserved_postcode_is_answered_with_a_form_for_another(
    client: httpx.AsyncClient, world: World
) -> None:
    await put(client, await world.product())
    client.cookies.set("feira_postcode", "9900-999")
    page = await client.get("/checkout")
    assert "We do not deliver to" in page.text and 'action="/delivery/postcode"' in page.text
    client.cookies.delete("feira_postcode")
    page = await client.post("/delivery/postcode", data={"postcode": "1200-109", "next": "/cart"})
    assert str(page.url).endswith("/cart") and "Go to checkout" in page.text
