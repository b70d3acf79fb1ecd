"""Guessing passwords: five wrong ones for an address in fifteen minutes, then five minutes of pause, in words."""

import asyncio
from datetime import timedelta

import pytest

from app.accounts import guessing, sessions
from app.accounts.guessing import Paused
from app.infra.clock import frozen, now
from app.infra.database import fetch
from tests.accounts.people import EMAIL, PASSWORD, Client, is_in, person, sign_in


async def fail(times: int) -> None:
    for _ in range(times):
        await guessing.count_try(EMAIL)


async def test_the_shopper_reads_how_many_tries_are_left(client: Client) -> None:
    await person()
    said = [(await sign_in(client, "wrong")).text for _ in range(6)]
    assert "Four tries left before a 5 minute pause" in said[0]
    assert "Two tries left before a 5 minute pause" in said[2]
    assert "One try left" in said[3]
    assert "Wait 5 minutes before the next try" in said[4]
    assert "Try again in 5 minutes" in said[5]


async def test_during_the_pause_the_right_password_does_not_open(client: Client) -> None:
    await person()
    await fail(5)
    assert (await sign_in(client)).status_code == 422
    assert not await is_in(client)


async def test_an_unknown_address_is_answered_like_a_known_one(client: Client) -> None:
    await person()
    known, unknown = await sign_in(client, "wrong"), await sign_in(client, "wrong", email="eva@example.pt")
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace(EMAIL, "") == unknown.text.replace("eva@example.pt", "")


async def test_after_the_pause_there_is_one_more_try_and_then_the_next_pause(db: None) -> None:
    start = now()
    with frozen(start):
        await fail(5)
    with frozen(start + timedelta(minutes=5)):
        assert await guessing.count_try(EMAIL) == 0
        with pytest.raises(Paused) as pause:
            await guessing.count_try(EMAIL)
        assert pause.value.minutes == 5


async def test_wrong_passwords_count_for_fifteen_minutes(db: None) -> None:
    start = now()
    with frozen(start):
        await fail(4)
    with frozen(start + timedelta(minutes=16)):
        assert await guessing.count_try(EMAIL) == 4
        await sessions.sweep()
    assert len(await fetch("SELECT FROM sign_in_failure")) == 1


async def test_the_right_password_forgives_the_wrong_ones(client: Client) -> None:
    await person()
    await sign_in(client, "wrong")
    await sign_in(client)
    assert await fetch("SELECT FROM sign_in_failure") == []


async def test_another_address_is_not_slowed_down(db: None) -> None:
    await fail(5)
    assert await guessing.count_try("rui@example.pt") == 4


async def test_twenty_tries_at_once_are_five_guesses(db: None) -> None:
    async def attempt() -> bool:
        try:
            await guessing.count_try(EMAIL)
        except Paused:
            return False
        return True

    assert sum(await asyncio.gather(*(attempt() for _ in range(20)))) == 5


async def test_a_browser_that_the_owner_used_before_is_not_shut_out_by_strangers(client: Client) -> None:
    await person()
    await sign_in(client, keep="on")
    await client.post("/sign-out")
    await fail(5)
    assert (await sign_in(client, keep="on")).status_code == 303
    assert len(await fetch("SELECT id FROM sign_in_failure")) == 5, "strangers still wait"


async def test_it_has_five_tries_of_its_own_before_it_pauses_too(client: Client) -> None:
    await person()
    await sign_in(client, keep="on")
    await client.post("/sign-out")
    said = [(await sign_in(client, "wrong")).text for _ in range(6)]
    assert "Four tries left" in said[0] and "Wait 5 minutes" in said[4] and "Try again in 5 minutes" in said[5]
    assert await guessing.count_try(EMAIL) == 4, "and nobody else does"


@pytest.mark.parametrize("keep", ["", "on"])
async def test_only_who_stays_signed_in_leaves_a_mark_that_says_nothing_of_who(client: Client, keep: str) -> None:
    await person()
    cookies = (await sign_in(client, keep=keep)).headers.get_list("set-cookie")
    marks = [cookie for cookie in cookies if cookie.startswith("feira_known=")]
    assert len(marks) == (1 if keep else 0)
    assert all("HttpOnly" in mark and EMAIL.partition("@")[0] not in mark for mark in marks)


@pytest.mark.parametrize("mark", ["", "x", "WyJhIiwiYiJd.forged", '"', "e30.", "%00", "a" * 3000])
async def test_a_forged_mark_is_none(client: Client, mark: str) -> None:
    await person()
    await fail(5)
    client.cookies.set("feira_known", mark)
    assert "Try again in 5 minutes" in (await sign_in(client)).text


async def test_a_mark_is_of_one_address(client: Client) -> None:
    await person()
    await person("rui@example.pt")
    await sign_in(client, keep="on")
    await client.post("/sign-out")
    for _ in range(5):
        await guessing.count_try("rui@example.pt")
    assert "Try again in 5 minutes" in (await sign_in(client, email="rui@example.pt")).text


async def test_who_is_signed_in_can_change_the_password_whatever_strangers_try(client: Client) -> None:
    await person()
    await sign_in(client)
    await fail(5)
    new = {"current_password": PASSWORD, "new_password": "plums and early trams"}
    assert (await client.post("/account/password", data=new)).status_code == 200
