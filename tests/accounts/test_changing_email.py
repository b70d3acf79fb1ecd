"""Another e-mail address: asked for with the password, in effect when it has answered; the old one is told."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.accounts import tries
from app.accounts.telling import News, tell
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch
from tests.accounts.mailbox import last_link, letters, press
from tests.accounts.people import EMAIL, PASSWORD, Client, entered, person, sign_in
from tests.accounts.test_confirming import guest_order, orders_of
from tests.world import World

NEW = "ana.lopes@example.pt"


async def ask(client: Client, new: str = NEW, password: str = PASSWORD) -> Any:
    return await client.post("/account/email", data={"new_email": new, "password": password})


async def address_of(account: int) -> str:
    (row,) = await fetch("SELECT email FROM account WHERE id = $1", account)
    return str(row["email"])


async def test_the_address_changes_when_the_link_is_followed_and_the_old_one_is_told_twice(client: Client) -> None:
    account = await entered(client)
    answer = await ask(client, "Ana.Lopes@EXAMPLE.pt")
    assert f"Waiting for {NEW}" in answer.text
    assert {(letter.news, letter.to) for letter in await letters()} == {
        (News.CONFIRM_NEW_EMAIL, NEW),
        (News.EMAIL_CHANGE_ASKED, EMAIL),
    }
    link = await last_link()
    assert NEW in (await client.get(link)).text
    assert await address_of(account) == EMAIL
    await press(client, link)
    assert await address_of(account) == NEW
    assert [(letter.to, letter.email) for letter in await letters() if letter.news is News.EMAIL_CHANGED] == [
        (EMAIL, NEW)
    ]
    assert (await sign_in(client, email=NEW)).status_code == 303
    assert (await press(client, link)).status_code == 410


async def test_it_needs_the_password(client: Client) -> None:
    account = await entered(client)
    answer = await ask(client, password="wrong")
    assert answer.status_code == 422 and "Four tries left" in answer.text and f'value="{NEW}"' in answer.text
    assert await letters() == [] and await address_of(account) == EMAIL


async def test_whether_somebody_has_the_address_is_told_only_to_who_reads_its_mail(client: Client) -> None:
    account = await entered(client)
    free = (await ask(client, "free@example.pt")).text
    await person(NEW)
    assert (await ask(client, NEW)).text.replace(NEW, "free@example.pt") == free
    answer: Any = await press(client, await last_link())
    assert answer.status_code == 409 and "This address has an account of its own" in answer.text
    assert await address_of(account) == EMAIL


async def test_of_two_accounts_that_take_one_address_at_once_one_gets_it(client: Client) -> None:
    links: dict[str, tuple[str, dict[str, str]]] = {}
    for email in (EMAIL, "rui@example.pt"):
        client.cookies.clear()
        await person(email)
        await sign_in(client, email=email)
        await ask(client)
        links[email] = (await last_link(), dict(client.cookies))
    client.cookies.clear()

    async def follow(link: str, cookies: dict[str, str]) -> int:
        path, _, token = link.partition("?token=")
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        return (await client.post(path, data={"token": token}, headers=headers, follow_redirects=False)).status_code

    said = await asyncio.gather(*(follow(*each) for each in links.values()))
    assert sorted(said) == [303, 409]
    assert len(await fetch("SELECT FROM account WHERE email = $1", NEW)) == 1


async def test_a_second_wish_and_a_withdrawal_kill_the_first_link(client: Client) -> None:
    account = await entered(client)
    await ask(client)
    first = await last_link()
    await ask(client, "other@example.pt")
    assert (await press(client, first)).status_code == 410
    second = await last_link()
    await client.post("/account/email/removal")
    assert (await press(client, second)).status_code == 410
    assert await address_of(account) == EMAIL


async def test_the_link_lasts_a_day(client: Client) -> None:
    await entered(client)
    with frozen(now() - timedelta(hours=25)):
        await execute("UPDATE account SET new_email = $1, new_email_at = $2", NEW, now())
        await tell(News.CONFIRM_NEW_EMAIL, 1)
    assert (await client.get(await last_link())).status_code == 410


async def test_it_can_be_asked_for_a_few_times_an_hour(client: Client) -> None:
    await entered(client)
    answers = [await ask(client, f"a{number}@example.pt") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "sent several mails already" in answers[4].text


async def test_many_accounts_together_write_to_a_stranger_as_rarely_as_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "ADDRESS_CHANGES_TO", tries.Allowance("address changes to", 1, timedelta(hours=1)))
    for email, status in ((EMAIL, 200), ("rui@example.pt", 429)):
        await person(email)
        await sign_in(client, email=email)
        assert (await ask(client)).status_code == status
    assert [letter.to for letter in await letters()].count(NEW) == 1


async def test_ones_own_address_is_said_to_be_that(client: Client) -> None:
    await entered(client)
    assert "This is your address already" in (await ask(client, EMAIL)).text


async def test_guest_orders_of_the_new_address_become_the_accounts(client: Client, world: World) -> None:
    account = await entered(client)
    order = await guest_order(world, "far", NEW)
    await ask(client)
    await press(client, await last_link())
    assert await orders_of(account) == {order}
