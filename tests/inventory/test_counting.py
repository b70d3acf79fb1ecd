"""A supplier's count does not bring back what we have sold without his knowing."""

import pytest

from app.infra.database import fetch
from app.inventory.invariants import broken
from app.inventory.reservations import sell
from app.inventory.returning import put_back
from app.suppliers import reading
from tests.inventory.test_reservations import held
from tests.suppliers.line import offers, row, send, send_and_take, take_all
from tests.world import World


async def sold(supplier: int, pieces: int, order: int = 1) -> int:
    """So many of L1 are sold; its offer."""
    offer: int = (await offers(supplier))["L1"]["id"]
    await held(order, [(offer, "LIS", pieces)])
    await sell(order)
    return offer


async def on_hand() -> list[int]:
    return [each["on_hand"] for each in await fetch("SELECT on_hand FROM stock ORDER BY id")]


async def test_what_is_sold_between_a_feed_and_its_application_is_gone(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1", stock=5)])
    feed = await send(supplier, [row("L1", stock=8)])
    offer = await sold(supplier, 3)
    await put_back(1, [(offer, "LIS", 1)])
    await reading.read_feed(feed)
    await take_all()
    assert await on_hand() == [6]
    await send_and_take(supplier, [row("L1", stock=7)])  # of this one he knew
    assert await on_hand() == [7]
    assert await broken() == []


async def test_a_count_of_less_than_was_sold_since_leaves_none(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1", stock=5)])
    feed = await send(supplier, [row("L1", stock=2)])
    await sold(supplier, 4)
    await reading.read_feed(feed)
    await take_all()
    assert await on_hand() == [0]


@pytest.mark.parametrize("price", ["48.90", "39.90"])
async def test_the_same_count_again_brings_nothing_back(world: World, price: str) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1", stock=5)])
    await sold(supplier, 3)
    await send_and_take(supplier, [row("L1", price=price, stock=5)])
    assert await on_hand() == [2]
    await send_and_take(supplier, [row("L1", price=price, stock=6)])
    assert await on_hand() == [6]


async def test_what_comes_back_into_the_range_has_the_count_that_it_comes_with(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1", stock=5), row("L2")])
    await send_and_take(supplier, [row("L2")])
    assert await on_hand() == [0, 5]
    await send_and_take(supplier, [row("L1", stock=5), row("L2")])
    assert await on_hand() == [5, 5]
