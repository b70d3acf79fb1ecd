"""A crowd at the button "Pay" waits for its turn and leaves connections to everybody else."""

import asyncio
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from app.checkout.turns import KEPT, mark, pressed_at, turn
from app.infra.clock import frozen, now
from app.infra.settings import settings


async def test_no_more_orders_are_placed_at_a_time_than_half_of_the_connections(environment: None) -> None:
    inside, most, done = 0, 0, []

    async def one(number: int) -> None:
        nonlocal inside, most
        async with turn(now()):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1
            done.append(number)

    await asyncio.gather(*(one(number) for number in range(100)))
    assert most == settings().database_pool // 2
    assert done == list(range(100)), "whoever came first goes first"


async def test_who_fails_or_goes_away_leaves_the_turn_to_the_next(environment: None) -> None:
    for _ in range(2 * settings().database_pool):
        with pytest.raises(RuntimeError):
            async with turn(now()):
                raise RuntimeError
    async with asyncio.timeout(5), turn(now()):
        pass


async def test_who_has_waited_before_goes_before_all_who_came_later(environment: None) -> None:
    done: list[str] = []
    began = now()

    async def one(who: str, since: int) -> None:
        async with turn(began + timedelta(seconds=since)):
            await asyncio.sleep(0)
            done.append(who)

    busy = [one("inside", 0) for _ in range(settings().database_pool // 2)]
    await asyncio.gather(*busy, one("later", 9), one("late", 8), one("asked again", 1), one("asked again, too", 2))
    assert done[len(busy) :] == ["asked again", "asked again, too", "late", "later"]


async def test_who_goes_away_while_waiting_is_passed_over_whether_called_or_not(environment: None) -> None:
    ended = asyncio.Event()

    async def one() -> None:
        async with turn(now()):
            await ended.wait()

    inside = [asyncio.create_task(one()) for _ in range(settings().database_pool // 2)]
    waiting = [asyncio.create_task(one()) for _ in range(4)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    inside[0].cancel()  # calls the second, which goes away before it has heard of it
    await asyncio.sleep(0)
    waiting[1].cancel()
    ended.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*inside, *waiting, return_exceptions=True)
        await asyncio.gather(*(one() for _ in range(20)))


def test_a_place_in_the_line_is_kept_for_minutes_for_one_checkout_and_cannot_be_made_up(environment: None) -> None:
    at = now().replace(microsecond=0)
    with frozen(at):
        since = at - timedelta(seconds=40)
        ours = mark("a key", since)
        assert pressed_at(ours, "a key") == since
        assert pressed_at(ours, "another key") == at
        assert pressed_at(mark("a key", at + timedelta(days=1)), "a key") == at
        secret = settings().secret_key.get_secret_value()
        other = URLSafeSerializer(secret, salt="another purpose").dumps(["a key", 0])
        for made_up in ("", "x", "\0", ours[:-1], ours + "A", "é.é", "." * 9000, other):
            assert pressed_at(made_up, "a key") == at, made_up
    with frozen(at + KEPT):
        assert pressed_at(ours, "a key") == at + KEPT
