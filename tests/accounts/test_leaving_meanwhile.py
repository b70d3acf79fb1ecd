"""What happens while an account is deleted is waited for, or comes too late; nothing is left half done."""

import asyncio
from contextvars import Context
from typing import Any

import pytest
from asyncpg.exceptions import ForeignKeyViolationError

from app.accounts import joining, leaving
from app.accounts.owners import Owner
from app.accounts.sessions import Viewer
from app.accounts.telling import News
from app.cart.changing import add
from app.infra.database import execute, fetch, fetch_one, transaction
from app.orders import placing
from app.payments.attempts import open_attempt
from app.wishlists import changing
from app.wishlists.keeping import main_of
from tests.accounts.mailbox import letters
from tests.accounts.people import EMAIL, PASSWORD, Client, entered
from tests.accounts.test_leaving import SURE, delete
from tests.checkout.shopping import fill_cart, hidden, to_payment
from tests.waiting import until_somebody_waits
from tests.world import World


async def test_deleting_twice_at_once_deletes_once(client: Client) -> None:
    account = await entered(client)
    row = await fetch_one("SELECT id FROM session")
    assert row
    viewer: Any = Viewer(account, "Ana", EMAIL, "shopper", None, "", "", False, row["id"])  # type: ignore[arg-type]
    await asyncio.gather(*(leaving.delete(viewer, PASSWORD) for _ in range(2)), return_exceptions=True)
    assert await fetch("SELECT FROM account") == []
    assert [letter.news for letter in await letters()] == [News.DELETED]


async def test_an_order_that_is_being_placed_is_waited_for_and_then_comes_first(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order holds the cart; the deletion that begins meanwhile waits for it, and finds an order under way."""
    account = await entered(client)
    form = await at_payment(client, world)
    holds_cart = asyncio.Event()

    async def slowly(*given: Any) -> Any:
        holds_cart.set()
        await asyncio.sleep(0.5)
        return await open_attempt(*given)

    monkeypatch.setattr(placing, "open_attempt", slowly)
    order = asyncio.create_task(client.post("/orders", data=form, follow_redirects=False))
    await holds_cart.wait()
    gone = await delete(client)
    assert gone.status_code == 409 and "is not over yet" in gone.text
    assert (await order).status_code == 303
    assert [row["account"] for row in await fetch("SELECT account FROM shop_order")] == [account]


async def test_an_order_that_comes_while_the_account_goes_is_not_placed(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await entered(client)
    form = await at_payment(client, world)
    holds_cart = asyncio.Event()

    async def slowly(*_: Any) -> None:
        holds_cart.set()
        await asyncio.sleep(0.5)

    monkeypatch.setattr(leaving, "on_deletion", [slowly, *leaving.on_deletion])
    gone = asyncio.create_task(client.post("/account/deletion", data=SURE, follow_redirects=False))
    await holds_cart.wait()
    order = await client.post("/orders", data=form, follow_redirects=False)
    assert (await gone).status_code == 303
    assert order.status_code < 500
    assert await fetch("SELECT FROM shop_order") == []
    assert await fetch("SELECT FROM account") == []
    assert await fetch("SELECT FROM stock WHERE reserved > 0") == []


async def at_payment(client: Client, world: World) -> dict[str, str]:
    await fill_cart(client, await world.product(stock={"LIS": 9}))
    return hidden(await to_payment(client))


async def test_a_list_that_is_being_begun_is_waited_for(client: Client) -> None:
    owner = Owner(await entered(client), None)
    await changing.begin(owner, "Kitchen")
    async with transaction():
        await main_of(owner)
        gone = asyncio.create_task(delete(client), context=Context())
        await until_somebody_waits()
        await changing.begin(owner, "Birthday")
    assert "Your account is deleted" in (await gone).text
    assert await fetch("SELECT FROM wishlist") == []


async def test_what_comes_while_the_account_goes_is_said_to_come_too_late(client: Client, world: World) -> None:
    account, lamp = await entered(client), await world.product()
    async with transaction():
        await execute("DELETE FROM account WHERE id = $1", account)
        late = asyncio.create_task(client.post("/cart/lines", data={"offer": lamp.offer}), context=Context())
        await until_somebody_waits()
    answer = await late
    assert answer.status_code == 409 and "nothing was done" in answer.text
    assert await fetch("SELECT FROM cart") == []


async def test_a_sign_in_at_the_same_moment_comes_too_late(client: Client, world: World) -> None:
    """Both touch cart and account: they do so in one order, or each would wait for the other."""
    account, lamp = await entered(client), await world.product()
    for owner in (Owner(None, b"guest"), Owner(account, None)):
        await add(owner, lamp.offer, 1)

    async def sign_in_elsewhere() -> None:
        async with transaction():
            await joining.join(b"guest", account)

    async with transaction():
        await execute("SELECT FROM cart WHERE visitor = $1 FOR UPDATE", b"guest")
        elsewhere = asyncio.create_task(sign_in_elsewhere(), context=Context())
        await until_somebody_waits()
        gone = asyncio.create_task(delete(client), context=Context())
        await asyncio.wait([gone], timeout=1)
    assert "Your account is deleted" in (await gone).text
    with pytest.raises(ForeignKeyViolationError):
        await elsewhere
    assert (await fetch("SELECT visitor FROM cart"))[0]["visitor"] == b"guest"
