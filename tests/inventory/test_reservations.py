import asyncio
from datetime import timedelta

import pytest

from app.infra.clock import now
from app.infra.database import fetch, transaction
from app.inventory.reservations import OutOfStock, Want, expire, hold, look_for, release, reserve, sell
from tests.orders.wanting import stock_of
from tests.world import World


async def held(order: int, wants: list[Want], minutes: float = 20) -> None:
    async with transaction():
        await reserve(order, wants, now() + timedelta(minutes=minutes))


async def test_a_reservation_takes_pieces_from_what_others_can_buy(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 3)])
    assert await stock_of(lamp) == (5, 3)
    with pytest.raises(OutOfStock) as refused:
        await held(2, [(lamp.offer, "LIS", 3)])
    assert refused.value.offers == {lamp.offer}
    assert await stock_of(lamp) == (5, 3)


async def test_all_that_is_short_is_named_and_nothing_is_held(world: World) -> None:
    lamp, mug, chair = [await world.product(name, stock={"LIS": 1}) for name in ("Lamp", "Mug", "Chair")]
    with pytest.raises(OutOfStock) as refused:
        await held(1, [(lamp.offer, "LIS", 2), (mug.offer, "LIS", 1), (chair.offer, "LIS", 2)])
    assert refused.value.offers == {lamp.offer, chair.offer}
    assert [await stock_of(goods) for goods in (lamp, mug, chair)] == [(1, 0)] * 3
    assert await fetch("SELECT FROM reservation") == []
    assert await fetch("SELECT FROM outbox") == []


async def test_a_warehouse_without_the_offer_has_none_of_it(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    with pytest.raises(OutOfStock):
        await held(1, [(lamp.offer, "OPO", 1)])


async def test_two_wants_of_the_same_stock_add_up(world: World) -> None:
    lamp = await world.product(stock={"LIS": 3})
    with pytest.raises(OutOfStock):
        await held(1, [(lamp.offer, "LIS", 2), (lamp.offer, "LIS", 2)])
    await held(2, [(lamp.offer, "LIS", 2), (lamp.offer, "LIS", 1)])
    assert await stock_of(lamp) == (3, 3)


async def test_a_release_gives_back_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 3)])
    assert await release(1)
    assert not await release(1)
    assert not await sell(1)
    assert await stock_of(lamp) == (5, 0)


async def test_a_sale_takes_the_pieces_away_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 3)])
    assert await sell(1)
    assert not await sell(1)
    assert not await release(1)
    assert await stock_of(lamp) == (2, 0)


async def test_the_sweeper_takes_only_what_the_databases_clock_says_is_over(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 1)], minutes=-0.1)
    await held(2, [(lamp.offer, "LIS", 2)], minutes=5)
    assert await expire() == 1
    assert await expire() == 0
    assert await stock_of(lamp) == (5, 2)


async def test_a_sale_and_the_sweeper_never_both_get_the_hold(world: World) -> None:
    lamp = await world.product(stock={"LIS": 40})
    for order in range(1, 21):
        await held(order, [(lamp.offer, "LIS", 1)], minutes=-0.1)
    sold, *_ = await asyncio.gather(
        asyncio.gather(*(sell(order) for order in range(1, 21))), expire(), expire(), return_exceptions=False
    )
    assert await stock_of(lamp) == (40 - sum(sold), 0)


async def test_mixed_baskets_in_any_order_neither_oversell_nor_deadlock(world: World) -> None:
    goods = [await world.product(f"Lamp {number}", stock={"LIS": 10}) for number in range(4)]

    async def buy(order: int) -> bool:
        wants = [(each.offer, "LIS", 1) for each in (goods if order % 2 else reversed(goods))]
        try:
            await held(order, wants)
        except OutOfStock:
            return False
        return True

    bought = await asyncio.gather(*(buy(order) for order in range(1, 31)))
    assert sum(bought) == 10
    assert [await stock_of(each) for each in goods] == [(10, 10)] * 4


async def test_whoever_shows_the_product_is_told(world: World) -> None:
    lamp = await world.product()
    await held(1, [(lamp.offer, "LIS", 1)])
    await release(1)
    rows = await fetch("SELECT payload::text AS payload FROM outbox WHERE topic = 'products'")
    assert [row["payload"] for row in rows] == [f'{{"products": [{lamp.product}]}}'] * 2


async def test_who_comes_too_late_is_told_before_anything_is_written(world: World) -> None:
    lamp = await world.product(stock={"LIS": 1})
    await held(1, [(lamp.offer, "LIS", 1)])
    with pytest.raises(OutOfStock) as refused:
        await look_for([(lamp.offer, "LIS", 1)])
    assert refused.value.offers == {lamp.offer}


async def test_what_was_there_when_one_looked_may_be_gone_when_one_holds_it(world: World) -> None:
    lamp = await world.product(stock={"LIS": 1})
    seen = await look_for([(lamp.offer, "LIS", 1)])
    await held(1, [(lamp.offer, "LIS", 1)])
    with pytest.raises(OutOfStock):
        async with transaction():
            await hold(2, seen, now() + timedelta(minutes=20))
    assert await stock_of(lamp) == (1, 1)
