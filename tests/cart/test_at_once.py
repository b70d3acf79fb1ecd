"""Two tabs, double clicks and sign-ins at the same moment lose nothing; nor does a Redis that is emptied or away."""

import asyncio

import httpx

from app.accounts.owners import Owner
from app.cart.changing import add, set_quantity
from app.cart.contents import load
from app.cart.merging import merge
from app.infra import redis
from app.infra.settings import settings
from tests.accounts.people import Client, person, sign_in
from tests.cart.test_merging import GUEST, held, marta
from tests.cart.test_pages import only_line, put, quantities
from tests.checkout.paying import GOOD
from tests.checkout.shopping import hidden, pay, to_payment, words
from tests.orders.wanting import stock_of
from tests.world import World

SIGN_UP = {"name": "Marta", "email": "marta@feira.example", "password": "a long enough secret"}


async def test_adds_at_once_give_their_sum(world: World) -> None:
    lamp, mug = [await world.product(name, stock={"LIS": 90}) for name in ("Lamp", "Mug")]
    await asyncio.gather(*(add(GUEST, goods.offer, 1) for goods in (lamp, mug) for _ in range(20)))
    assert await held(GUEST) == {lamp.offer: 20, mug.offer: 20}


async def test_of_quantities_that_are_set_at_once_one_stands(world: World) -> None:
    lamp = await world.product(stock={"LIS": 90})
    await add(GUEST, lamp.offer, 1)
    line = (await load(GUEST)).lines[0].id
    await asyncio.gather(*(set_quantity(GUEST, line, pieces) for pieces in range(10, 30)))
    assert (await held(GUEST))[lamp.offer] in range(10, 30)


async def test_what_is_added_while_signing_in_follows_into_the_account(world: World) -> None:
    lamp, account = await world.product(stock={"LIS": 90}), await marta()
    assert account.account
    for turn in range(8):
        guest = Owner(None, b"turn %d" % turn)
        adds = [add(guest, lamp.offer, 1) for _ in range(4)]
        merges = [merge(guest.visitor or b"", account.account) for _ in range(2)]
        await asyncio.gather(adds[0], merges[0], adds[1], merges[1], adds[2], adds[3])
        assert await held(guest) == {}
        assert await held(account) == {lamp.offer: 4 * (turn + 1)}


async def test_one_more_sent_twice_is_one_more(client: httpx.AsyncClient, world: World) -> None:
    await put(client, await world.product(), 2)
    address, form = f"/cart/lines/{await only_line()}", {"quantity": "2", "more": "1"}
    await asyncio.gather(*(client.post(address, data=form) for _ in range(2)))
    assert await quantities() == [3]


async def test_a_redis_that_is_emptied_takes_no_cart_wishlist_or_sign_in_along(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product()
    await client.post("/sign-up", data=SIGN_UP)
    await put(client, lamp, 2)
    await client.post("/wishlists/entries", data={"offer": str(lamp.offer)})
    await redis.client(patient=True).flushdb()
    page = await client.get("/cart")
    assert "Alcova desk lamp" in page.text and "Sign in</span>" not in page.text
    assert "Alcova desk lamp" in (await client.get("/wishlists")).text
    await put(client, lamp, 1)
    assert await quantities() == [3]


async def test_a_redis_that_is_emptied_before_every_step_spoils_no_purchase(client: Client, world: World) -> None:
    """From a guest's cart and list over the sign-in to the paid order."""
    lamp = await world.product(stock={"LIS": 9})

    async def empty(_: httpx.Request) -> None:
        await redis.client(patient=True).flushdb()

    client.event_hooks["request"].append(empty)
    await person()
    await put(client, lamp, 2)
    await client.post("/wishlists/entries", data={"offer": str(lamp.offer)})
    await sign_in(client)
    assert await quantities() == [2]
    assert "Alcova desk lamp" in (await client.get("/wishlists")).text
    paid = await pay(client, await client.post("/orders", data=hidden(await to_payment(client))), GOOD)
    assert "Paid 2 items" in words(paid)
    assert words(await client.get("/account")).count("Ana") and await quantities() == []
    assert "Alcova desk lamp" in (await client.get("/wishlists")).text
    assert await stock_of(lamp) == (7, 0)


async def test_without_redis_the_cart_goes_on(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product()
    await client.post("/sign-up", data=SIGN_UP)
    await put(client, lamp, 1)
    before = settings().redis_url
    await redis.close()
    settings().redis_url = "redis://127.0.0.1:1/0"  # nobody listens there
    try:
        page = await put(client, lamp, 1)
        assert page.status_code == 200 and "Alcova desk lamp" in page.text
        assert await quantities() == [2]
    finally:
        await redis.close()
        settings().redis_url = before
