"""Many want the last pieces at once, with other things in their baskets, out of three warehouses."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.inventory.invariants import broken
from app.inventory.reservations import OutOfStock
from app.orders.placing import place
from app.orders.wanted import WantedLine, WantedParcel
from tests.orders.wanting import guest, stock_of, wanted
from tests.world import Goods, World

# Stocks that are locked in any order come to a deadlock within some twenty rushes.
RUNS, BUYERS, PIECES = 60, 12, 4
PRICE = 4890
HOUSES = ("LIS", "OPO", "FAO")


async def third_warehouse(world: World) -> None:
    row = await fetch_one(
        """INSERT INTO warehouse (code, name, place, postcode, timezone, holiday_subdivision)
           VALUES ('FAO', 'Faro', 'Faro', '8000-001', 'Europe/Lisbon', '') RETURNING id"""
    )
    assert row is not None
    world.warehouses["FAO"] = row["id"]


async def buy(world: World, basket: list[Goods], house: str, buyer: str) -> bool:
    """All of a basket from one warehouse, or nothing."""
    supplier, day = await world.supplier(), (now() + timedelta(days=3)).date()
    lines = tuple(WantedLine(goods.offer, 1, PRICE) for goods in basket)
    parcel = WantedParcel(supplier, house, "standard", 390, day, lines)
    try:
        await place(replace(await wanted(world, *basket, owner=guest(buyer)), key=uuid4(), parcels=(parcel,)))
    except OutOfStock:
        return False
    return True


@pytest.mark.slow
async def test_sixty_rushes_sell_each_piece_once_and_tell_everybody_else(world: World) -> None:
    await third_warehouse(world)
    plenty = dict.fromkeys(HOUSES, RUNS * BUYERS)
    others = [await world.product(f"Mug {number}", stock=plenty) for number in range(5)]
    wants_it = await world.product("Lamp", stock=dict.fromkeys(HOUSES, 0))
    for seed in range(RUNS):
        chance = random.Random(seed)
        left = [chance.choice(HOUSES) for _ in range(PIECES)]
        for house in HOUSES:
            await execute(
                "UPDATE stock SET on_hand = reserved + $3 WHERE offer = $1 AND warehouse = $2",
                wants_it.offer,
                world.warehouses[house],
                left.count(house),
            )

        async def shop(buyer: int, chance: random.Random = chance, seed: int = seed) -> bool:
            basket = [wants_it, *chance.sample(others, chance.randrange(3))]
            chance.shuffle(basket)
            for house in chance.sample(HOUSES, len(HOUSES)):  # asked again with what is left
                if await buy(world, basket, house, f"{seed}-{buyer}"):
                    return True
            return False

        sold = await asyncio.gather(*(shop(buyer) for buyer in range(BUYERS)))
        assert sum(sold) == PIECES, f"seed {seed}"
    on_hand, reserved = await stock_of(wants_it)
    assert (on_hand, reserved) == (RUNS * PIECES, RUNS * PIECES)
    assert await broken() == []
    orders = await fetch('SELECT count(*) AS n, count(DISTINCT "order") AS holding FROM reservation')
    assert orders[0]["holding"] == RUNS * PIECES
