"""A crowd at the button "Pay" waits for its turn and leaves connections to everybody else."""

import asyncio

import pytest

from app.checkout.turns import turn
from app.infra.settings import settings


async def test_no_more_orders_are_placed_at_a_time_than_half_of_the_connections(environment: None) -> None:
    inside, most, done = 0, 0, []

    async def one(number: int) -> None:
        nonlocal inside, most
        async with turn():
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
            async with turn():
                raise RuntimeError
    async with asyncio.timeout(5), turn():
        pass
