"""Guessing passwords: five wrong ones for an address in fifteen minutes, then five minutes of pause, in words."""

import asyncio
from datetime import timedelta

import pytest

from app.accounts import guessing, sessions
from app.accounts.guessing import Paused
from app.infra.clock import frozen, now
from app.infra.database import fetch
from tests.accounts.people import EMAIL, Client, is_in, person, sign_in


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
