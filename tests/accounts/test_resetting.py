"""A forgotten password: nobody learns who has an account, the link works once, and every other device is out."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.accounts import admission, guessing, passwords, tries
from app.accounts.admission import WrongPassword
from app.accounts.telling import News
from app.infra.clock import frozen, now
from app.infra.database import count_queries, execute, fetch
from tests.accounts.mailbox import last_link, letters, press
from tests.accounts.people import EMAIL, PASSWORD, Client, is_in, person, sign_in
from tests.accounts.test_confirming import guest_order, is_confirmed, orders_of
from tests.accounts.test_guards import request
from tests.world import World

NEW = "another good one"


async def ask(client: Client, email: str = EMAIL) -> Any:
    return await client.post("/password-reset", data={"email": email})


async def test_the_link_sets_a_new_password_and_signs_in(client: Client) -> None:
    await person()
    await ask(client)
    link = await last_link()
    assert f"For the account of {EMAIL}" in (await client.get(link)).text
    answer: Any = await press(client, link, new_password=NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert await is_in(client)
    client.cookies.clear()
    assert (await sign_in(client)).status_code == 422
    assert (await sign_in(client, NEW)).status_code == 303
    assert [letter.news for letter in await letters() if not letter.link] == [News.PASSWORD_CHANGED]


async def test_known_and_unknown_addresses_are_answered_alike_and_cost_the_same(client: Client) -> None:
    await person()
    queries = count_queries()
    known = await ask(client)
    first = queries.value
    unknown = await ask(client, "eva@example.pt")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert queries.value == 2 * first
    assert len(await fetch("SELECT FROM outbox WHERE topic = 'accounts'")) == 2
    assert [letter.to for letter in await letters()] == [EMAIL]


async def test_an_address_gets_three_mails_in_a_quarter_of_an_hour_known_or_not(client: Client) -> None:
    await person()
    for email in (EMAIL, "eva@example.pt"):
        answers = [await ask(client, email) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert "sent several mails already" in answers[3].text and f'value="{email}"' in answers[3].text
    with frozen(now() + timedelta(minutes=16)):
        await tries.count(tries.RESETS_FOR, EMAIL)


async def test_a_network_asks_twenty_times_an_hour(client: Client) -> None:
    answers = [await ask(client, f"someone-{number}@example.pt") for number in range(21)]
    assert [answer.status_code for answer in answers[19:]] == [200, 429]


async def test_forty_requests_at_once_are_counted_one_by_one(db: None) -> None:
    async def attempt() -> bool:
        try:
            await tries.count(tries.RESETS_FOR, EMAIL)
        except tries.TooMany:
            return False
        return True

    assert sum(await asyncio.gather(*(attempt() for _ in range(40)))) == 3


async def test_the_link_works_once(client: Client) -> None:
    await person()
    await ask(client)
    link = await last_link()
    await press(client, link, new_password=NEW)
    assert (await client.get(link)).status_code == 410
    assert (await press(client, link, new_password="a third good one")).status_code == 410
    assert (await sign_in(client, NEW)).status_code == 303


async def test_of_two_new_passwords_at_once_one_counts(client: Client) -> None:
    await person()
    await ask(client)
    link = await last_link()
    answers: Any = await asyncio.gather(*(press(client, link, new_password=f"{NEW} {n}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 303)
    client.cookies.clear()
    assert (await sign_in(client, f"{NEW} {winner}")).status_code == 303
    assert len([letter for letter in await letters() if letter.news is News.PASSWORD_CHANGED]) == 1


@pytest.mark.parametrize("change", ["email = 'ana.lopes@example.pt'", "password_hash = 'changed'"])
async def test_the_link_dies_with_a_change_of_the_account(client: Client, change: str) -> None:
    await person()
    await ask(client)
    link = await last_link()
    await execute(f"UPDATE account SET {change}")
    assert (await press(client, link, new_password=NEW)).status_code == 410


async def test_the_link_lasts_an_hour_from_when_it_was_asked_for(client: Client) -> None:
    await person()
    with frozen(now() - timedelta(minutes=61)):
        await ask(client)
    assert (await client.get(await last_link())).status_code == 410


async def test_every_other_device_is_signed_out_and_the_pause_is_over(client: Client) -> None:
    account = await person()
    await sign_in(client)
    client.cookies.clear()
    for _ in range(5):
        await guessing.count_try(EMAIL)
    await ask(client)
    await press(client, await last_link(), new_password=NEW)
    assert len(await fetch("SELECT FROM session WHERE account = $1", account)) == 1
    assert await fetch("SELECT FROM sign_in_failure") == []


async def test_who_reads_the_mail_has_confirmed_the_address(client: Client, world: World) -> None:
    account = await person()
    order = await guest_order(world, "far")
    await ask(client)
    await press(client, await last_link(), new_password=NEW)
    assert await is_confirmed()
    assert await orders_of(account) == {order}


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "Choose a password"),
        ("short", "Use at least 10 characters"),
        ("password123", "others would guess"),
        ("ana@example.pt", "little more than your name or address"),
    ],
)
async def test_a_bad_password_keeps_the_link(client: Client, password: str, said: str) -> None:
    await person()
    await ask(client)
    link = await last_link()
    answer: Any = await press(client, link, new_password=password)
    assert answer.status_code == 422 and said in answer.text
    assert (await press(client, link, new_password=NEW)).status_code == 303


@pytest.mark.parametrize("email", ["", "ana", "a\x00b", "x" * 400 + "@example.pt"])
async def test_what_is_no_address_is_said(client: Client, email: str) -> None:
    assert (await ask(client, email)).status_code == 422


async def test_a_sign_in_that_began_with_the_old_password_ends_with_the_new_one(client: Client) -> None:
    account = await person()
    (row,) = await fetch("SELECT password_hash FROM account")
    await execute("UPDATE account SET password_hash = $1", await passwords.hashed(NEW))  # while it was looked at
    with pytest.raises(WrongPassword):
        await admission.begin(request(), account, row["password_hash"], keep=True)
    assert await fetch("SELECT FROM session") == []
    assert PASSWORD != NEW
