"""A cart that is shared by its address: a copy for whoever has it, that says nothing of its owner."""

import asyncio
from datetime import timedelta

import httpx

from app.accounts.owners import Owner
from app.cart import sharing
from app.cart.changing import add
from app.cart.contents import load
from app.cart.merging import merge
from app.infra.clock import now
from app.infra.database import execute
from app.infra.settings import settings
from tests.accounts.people import person
from tests.checkout.shopping import words
from tests.world import Goods, World

GUEST, FRIEND = Owner(None, b"guest"), Owner(None, b"friend")


async def filled(world: World) -> tuple[Goods, Goods]:
    lamp, mug = await world.product(stock={"LIS": 9}), await world.product("Barro mug", stock={"LIS": 9})
    await add(GUEST, lamp.offer, 3)
    await add(GUEST, mug.offer, 1)
    return lamp, mug


async def pieces(owner: Owner) -> list[tuple[int, int]]:
    return [(line.offer_id, line.quantity) for line in (await load(owner)).lines]


async def shared(owner: Owner = GUEST) -> str:
    token = await sharing.share(owner)
    assert token
    return token


async def test_what_is_shared_stays_as_it_was(world: World) -> None:
    lamp, mug = await filled(world)
    token = await shared()
    await add(GUEST, mug.offer, 5)
    assert [(line.offer_id, line.quantity) for line in await sharing.shared(token)] == [(lamp.offer, 3), (mug.offer, 1)]


async def test_a_friend_takes_all_or_one_of_it_and_the_owners_cart_is_not_touched(world: World) -> None:
    lamp, mug = await filled(world)
    token = await shared()
    await sharing.take(FRIEND, token, {mug.offer})
    assert await pieces(FRIEND) == [(mug.offer, 1)]
    await sharing.take(FRIEND, token, None)
    assert await pieces(FRIEND) == [(mug.offer, 2), (lamp.offer, 3)]
    assert await pieces(GUEST) == [(lamp.offer, 3), (mug.offer, 1)]


async def test_what_is_short_or_gone_is_said(client: httpx.AsyncClient, world: World) -> None:
    lamp, mug = await filled(world)
    token = await shared()
    await execute("UPDATE stock SET on_hand = 2 WHERE offer = $1", lamp.offer)
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", mug.offer)
    page = await client.get(f"/cart/shared/{token}")
    assert "Only 2 left" in words(page) and "Sold out" in words(page)
    assert 'content="noindex"' in page.text and page.headers["referrer-policy"] == "same-origin"
    answer = await client.post(f"/cart/shared/{token}")
    assert "Only 2 left. Your cart has 2 of Alcova desk lamp." in words(answer)
    assert "Barro mug is no longer sold by this seller." in words(answer)


async def test_of_a_large_cart_it_is_said_in_three_sentences_what_came_of_it(
    client: httpx.AsyncClient, world: World
) -> None:
    goods = [await world.product(f"Ünusual thing {number:02}", stock={"LIS": 9}) for number in range(12)]
    for each in goods:
        await add(GUEST, each.offer, 3)
    token = await shared()
    await execute("UPDATE stock SET on_hand = 2 WHERE offer = $1", goods[3].offer)
    await execute("UPDATE stock SET on_hand = 0 WHERE offer = ANY($1)", [each.offer for each in goods[7:]])
    said = words(await client.post(f"/cart/shared/{token}"))
    assert "Added: Ünusual thing 00, Ünusual thing 01, Ünusual thing 02, Ünusual thing 04 and 2 more." in said
    assert "Fewer pieces than that are left, or go into one order, of: Ünusual thing 03." in said
    assert "so not added: Ünusual thing 07, Ünusual thing 08, Ünusual thing 09, Ünusual thing 10 and 1 more." in said


async def test_only_who_made_it_ends_it_and_it_ends_by_itself(world: World) -> None:
    await filled(world)
    token, other = await shared(), await shared()
    assert not await sharing.end(FRIEND, token)
    assert await sharing.end(GUEST, token) and not await sharing.end(GUEST, token)
    assert await sharing.shared(token) == []
    await execute("UPDATE shared_cart SET ends_at = $1", now() - timedelta(seconds=1))
    assert await sharing.shared(other) == [] and await sharing.addresses(GUEST) == []


async def test_nothing_is_shared_of_an_empty_cart(client: httpx.AsyncClient, world: World) -> None:
    assert await sharing.share(GUEST) is None
    assert "nothing in your cart to share" in words(await client.post("/cart/shared"))


async def test_a_cart_has_a_few_addresses_at_most_however_often_one_clicks(world: World) -> None:
    await filled(world)
    tokens = await asyncio.gather(*(sharing.share(GUEST) for _ in range(sharing.MOST_SHARED + 5)))
    assert len(set(tokens)) == sharing.MOST_SHARED + 5
    assert len(await sharing.addresses(GUEST)) == sharing.MOST_SHARED


async def test_addresses_go_over_to_the_account_at_sign_in(world: World) -> None:
    await filled(world)
    token, account = await shared(), await person()
    assert GUEST.visitor is not None
    await merge(GUEST.visitor, account)
    assert [each.token for each in await sharing.addresses(Owner(account, None))] == [token]


async def test_a_shopper_shares_by_a_button_and_sees_the_address(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product(stock={"LIS": 9})
    await client.post("/cart/lines", data={"offer": str(lamp.offer), "quantity": "2"})
    page = await client.post("/cart/shared")
    assert page.url.path == "/cart/shared" and "2 items, as of" in words(page)
    assert f'value="{settings().public_url}/cart/shared/' in page.text
    for token in ("nobody", "%00", "../etc", "x" * 3000):
        for method in ("GET", "POST"):
            assert (await client.request(method, f"/cart/shared/{token}")).status_code in (404, 414)
