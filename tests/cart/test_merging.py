"""A guest's cart becomes the account's at sign-in."""

import asyncio

from app.accounts.owners import Owner
from app.cart.changing import add
from app.cart.contents import load
from app.cart.merging import merge
from app.checkout.answers import answer_address, answers_of
from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.orders.wanted import Address
from app.web.visitors import hash_token
from tests.accounts.people import Client, person, sign_in
from tests.world import World

GUEST = Owner(None, b"guest")


async def marta() -> Owner:
    row = await fetch_one(
        """INSERT INTO account (email, password_hash, name, role, created_at)
           VALUES ($1, '', 'Marta', 'shopper', $2) RETURNING id""",
        "marta@feira.example",
        now(),
    )
    assert row
    return Owner(row["id"], None)


async def held(owner: Owner) -> dict[int, int]:
    return {line.offer_id: line.quantity for line in (await load(owner)).lines}


async def merged(owner: Owner) -> dict[int, int]:
    assert owner.account
    await merge(b"guest", owner.account)
    return await held(owner)


async def test_lines_move_and_quantities_add_up(world: World) -> None:
    lamp, mug, throw = [await world.product(name, stock={"LIS": 90}) for name in ("Lamp", "Mug", "Throw")]
    account = await marta()
    await add(account, lamp.offer, 2)
    await add(account, mug.offer, 1)
    await add(GUEST, lamp.offer, 3)
    await add(GUEST, throw.offer, 1)
    assert await merged(account) == {lamp.offer: 5, mug.offer: 1, throw.offer: 1}
    assert await held(GUEST) == {}


async def begun_checkout(cart: int) -> None:
    address = Address("Marta", "", "Rua da Boavista 84", "", "1200-109", "Lisboa", email="marta@feira.example")
    await answer_address(cart, address)


async def cart_of(owner: Owner) -> int:
    answers = await answers_of(owner)
    assert answers
    return answers.cart


async def test_a_checkout_that_has_begun_goes_on_after_signing_in(world: World) -> None:
    lamp, account = await world.product(), await marta()
    await add(GUEST, lamp.offer, 2)
    await begun_checkout(await cart_of(GUEST))
    before = await answers_of(GUEST)
    assert await merged(account) == {lamp.offer: 2}
    after = await answers_of(account)
    assert before and after and after.address and after.key == before.key


async def test_the_accounts_own_checkout_stays(world: World) -> None:
    lamp, account = await world.product(), await marta()
    for owner in (account, GUEST):
        await add(owner, lamp.offer, 1)
        await begun_checkout(await cart_of(owner))
    before = await answers_of(account)
    await merged(account)
    assert await answers_of(account) == before


async def test_two_browsers_that_sign_in_at_once_both_bring_their_lines(world: World) -> None:
    lamp, account = await world.product(stock={"LIS": 50}), await marta()
    assert account.account
    guests = [Owner(None, b"guest %d" % number) for number in range(6)]
    for guest in guests:
        await add(guest, lamp.offer, 1)
    await asyncio.gather(*(merge(guest.visitor or b"", account.account) for guest in guests))
    assert await held(account) == {lamp.offer: 6}


async def test_a_sum_over_ninety_nine_stays_at_ninety_nine(world: World) -> None:
    mug, account = await world.product("Mug", stock={"LIS": 500}), await marta()
    await add(account, mug.offer, 60)
    await add(GUEST, mug.offer, 60)
    assert await merged(account) == {mug.offer: 99}


async def test_a_line_that_is_sold_out_by_now_is_not_lost(world: World) -> None:
    lamp, mug, account = await world.product("Lamp"), await world.product("Mug"), await marta()
    await add(account, mug.offer, 1)
    await add(GUEST, lamp.offer, 2)
    await execute("UPDATE stock SET on_hand = 0")
    assert await merged(account) == {mug.offer: 1, lamp.offer: 2}


async def test_a_second_time_there_is_nothing_to_move(world: World) -> None:
    lamp, account = await world.product(stock={"LIS": 50}), await marta()
    await add(account, lamp.offer, 1)
    await add(GUEST, lamp.offer, 2)
    await asyncio.gather(*(merged(account) for _ in range(4)))
    assert await held(account) == {lamp.offer: 3}


async def test_a_visitor_without_a_cart_brings_nothing(world: World) -> None:
    assert await merged(await marta()) == {}


async def test_who_had_things_in_both_carts_is_told(client: Client, world: World) -> None:
    lamp, mug = await world.product("Lamp"), await world.product("Mug")
    account = Owner(await person(), None)
    client.cookies.set("feira_visitor", "guest", domain="feira.test")
    guest = Owner(None, hash_token("guest"))
    await add(account, mug.offer, 1)
    await add(guest, lamp.offer, 2)
    await sign_in(client)
    said = "cart had 1 item already. With what you chose here there are 3 in it now"
    assert said in (await client.get("/cart")).text
    assert said not in (await client.get("/cart")).text


async def test_a_cart_that_only_moves_is_no_news(client: Client, world: World) -> None:
    await person()
    client.cookies.set("feira_visitor", "guest", domain="feira.test")
    await add(Owner(None, hash_token("guest")), (await world.product()).offer, 1)
    await sign_in(client)
    assert "already" not in (await client.get("/cart")).text
