import asyncio

import pytest

from app.infra.database import transaction
from app.inventory.invariants import broken
from app.inventory.reservations import Want, sell
from app.inventory.returning import NotSold, put_back
from tests.inventory.test_movements import movements
from tests.inventory.test_reservations import held
from tests.orders.wanting import stock_of
from tests.world import World


async def back(order: int, pieces: list[Want]) -> None:
    async with transaction():
        await put_back(order, pieces)


async def test_what_comes_back_can_be_bought_again(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 3)])
    await sell(1)
    await back(1, [(lamp.offer, "LIS", 2)])
    assert await stock_of(lamp) == (4, 0)
    assert await movements() == [("sold", 1, 5, 2), ("returned", 1, 2, 4)]
    assert await broken() == []


async def test_no_more_comes_back_than_the_order_has_bought(world: World) -> None:
    lamp = await world.product(stock={"LIS": 9})
    for order in (1, 2):
        await held(order, [(lamp.offer, "LIS", 3)])
        await sell(order)
    with pytest.raises(NotSold):
        await back(1, [(lamp.offer, "LIS", 4)])
    await back(1, [(lamp.offer, "LIS", 2)])
    with pytest.raises(NotSold):
        await back(1, [(lamp.offer, "LIS", 2)])
    assert await stock_of(lamp) == (5, 0)


async def test_the_same_pieces_twice_at_once_come_back_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 3)])
    await sell(1)
    found = await asyncio.gather(*(back(1, [(lamp.offer, "LIS", 2)]) for _ in range(5)), return_exceptions=True)
    assert sum(each is None for each in found) == 1
    assert await stock_of(lamp) == (4, 0)
    assert await broken() == []
