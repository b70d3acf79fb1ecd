"""A confirmed address: proved by its mail and the account's password together; guest orders hang on it."""

import asyncio
from datetime import timedelta

import pytest

from app.accounts import links
from app.accounts.links import DeadLink, Purpose
from app.accounts.owners import Owner
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch, fetch_one
from app.web.visitors import COOKIE as VISITOR
from app.web.visitors import hash_token
from tests.accounts.mailbox import last_link, letters, press, token_in
from tests.accounts.people import EMAIL, PASSWORD, Client, person, sign_in
from tests.orders.wanting import pending
from tests.world import World

FORM = {"name": "Ana Lopes", "email": EMAIL, "password": PASSWORD}


async def is_confirmed() -> bool:
    row = await fetch_one("SELECT email_confirmed_at FROM account WHERE email = $1", EMAIL)
    return bool(row and row["email_confirmed_at"])


async def guest_order(world: World, visitor: str, email: str = EMAIL, state: str = "paid") -> int:
    lamp = await world.product(stock={"LIS": 9})
    order = await pending(world, lamp, owner=Owner(None, hash_token(visitor)))
    await execute("UPDATE shop_order SET email = $2, state = $3 WHERE id = $1", order.id, email, state)
    return order.id


async def orders_of(account: int) -> set[int]:
    return {row["id"] for row in await fetch("SELECT id FROM shop_order WHERE account = $1", account)}


async def test_signing_up_asks_for_a_confirmation_and_the_mails_link_gives_it(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    (letter,) = await letters()
    assert (letter.to, letter.name) == (EMAIL, "Ana Lopes")
    assert "Confirm your e-mail address" in (await client.get("/account")).text
    page = await client.get(await last_link())
    assert page.status_code == 200 and "Yes, confirm it" in page.text
    assert not await is_confirmed()  # what opens links to look through a mail confirms nothing
    assert (await press(client, await last_link())).headers["location"] == "/account"
    assert await is_confirmed()
    assert "Confirm your e-mail address" not in (await client.get("/account")).text


async def test_no_secret_stands_in_the_event(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    (row,) = await fetch("SELECT payload FROM outbox WHERE topic = 'accounts'")
    assert token_in(await last_link()) not in row["payload"] and EMAIL not in row["payload"]


async def test_the_link_asks_who_is_not_signed_in_for_the_accounts_password(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    link = await last_link()
    client.cookies.clear()
    answer = await client.get(link, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=/account/confirmation")
    assert (await press(client, link)).status_code == 303
    assert not await is_confirmed()


async def test_another_accounts_link_confirms_nothing(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    link = await last_link()
    client.cookies.clear()
    await person("rui@example.pt")
    await sign_in(client, email="rui@example.pt")
    assert (await client.get(link)).status_code == 410
    assert (await press(client, link)).status_code == 410
    assert await fetch("SELECT FROM account WHERE email_confirmed_at IS NOT NULL") == []


async def test_two_clicks_at_once_confirm_once_and_both_read_so(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    link = await last_link()
    answers = await asyncio.gather(press(client, link), press(client, link))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await is_confirmed()
    assert "is confirmed" in (await client.get(link)).text


async def test_a_link_lasts_a_week(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    link = await last_link()
    with frozen(now() + timedelta(days=7, minutes=1)), pytest.raises(DeadLink):
        links.opened(Purpose.CONFIRM, token_in(link))


async def test_a_link_is_dead_when_the_address_was_changed(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    link = await last_link()
    await execute("UPDATE account SET email = 'ana.lopes@example.pt'")
    assert (await press(client, link)).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "é\u202e", "WzEsMl0.x", "%00", "null"])
async def test_a_token_that_is_none_is_answered_in_words(client: Client, token: str) -> None:
    await person()
    await sign_in(client)
    for path in links.PATHS.values():
        for answer in (
            await client.get(path, params={"token": token}),
            await client.post(path, data={"token": token, "new_password": PASSWORD}),
        ):
            assert answer.status_code == 410 and "This link is over" in answer.text


async def test_a_link_serves_one_purpose_only(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    token = token_in(await last_link())
    with pytest.raises(DeadLink):
        links.opened(Purpose.RESET, token)


async def test_the_mail_can_be_sent_again_a_few_times_an_hour(client: Client) -> None:
    await client.post("/sign-up", data=FORM)
    said = [(await client.post("/account/confirmation/mails")).text for _ in range(5)]
    assert "on its way to ana@example.pt" in said[3]
    assert "sent several mails already" in said[4]
    assert len(await letters()) == 5


async def test_orders_of_the_same_browser_come_at_sign_up_and_those_of_the_address_when_it_is_confirmed(
    client: Client, world: World
) -> None:
    here, elsewhere = (
        await guest_order(world, "guest", "other@example.pt"),
        await guest_order(world, "far", "ANA@Example.pt"),
    )
    strangers = await guest_order(world, "stranger", "rui@example.pt")
    client.cookies.set(VISITOR, "guest", domain="feira.test")
    await client.post("/sign-up", data=FORM)
    (row,) = await fetch("SELECT id FROM account")
    assert await orders_of(row["id"]) == {here}
    await press(client, await last_link())
    assert await orders_of(row["id"]) == {here, elsewhere}
    assert strangers not in await orders_of(row["id"])


async def test_an_order_that_is_being_paid_stays_with_its_browser(client: Client, world: World) -> None:
    account = await person()
    order = await guest_order(world, "guest", state="pending")
    await execute("UPDATE account SET email_confirmed_at = now()")
    await sign_in(client)
    assert await orders_of(account) == set()
    await execute("UPDATE shop_order SET state = 'paid'")
    await sign_in(client)
    assert await orders_of(account) == {order}
