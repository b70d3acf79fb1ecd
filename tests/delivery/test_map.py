"""The delivery map of the process: read from the tables, renewed behind the shopper's back."""

import asyncio
from datetime import date

import pytest

from app.delivery import estimate
from app.infra.database import close_pool, count_queries, execute, open_pool
from app.infra.outages import DatabaseUnavailable
from tests.delivery.portugal import at
from tests.world import World

TUESDAY = at("2026-11-24 10:00")


async def test_the_map_says_what_the_tables_say(world: World) -> None:
    queries = count_queries()
    found = await estimate.load()
    assert queries.value == 7
    assert found.warehouses()[:2] == ("LIS", "OPO")
    assert [code for code, _ in found.levels()] == ["standard", "express"]
    place = found.place_of("1200109")
    assert place and (place.postcode, place.name, place.zone) == ("1200-109", "Lisboa", "lisboa")
    promise = found.promise(("LIS", "OPO"), 0, "lisboa", TUESDAY)
    assert promise and (promise.date, promise.warehouse) == (date(2026, 11, 25), "LIS")


async def test_the_map_stays_in_memory_and_costs_a_page_no_query(world: World) -> None:
    queries = count_queries()
    assert await estimate.delivery_map() is await estimate.delivery_map()
    assert queries.value == 0


async def test_many_who_ask_at_once_load_it_once(world: World) -> None:
    found = await asyncio.gather(*(estimate.delivery_map() for _ in range(5)))
    assert len({id(each) for each in found}) == 1


async def test_an_old_map_is_renewed_in_the_background(world: World) -> None:
    before = await estimate.delivery_map()
    await execute("UPDATE lane SET transit_days = 5")
    estimate.KEPT._renew_at = 0
    assert await estimate.delivery_map() is before
    await estimate.KEPT.renewed()
    after = await estimate.delivery_map()
    promise = after.promise(("LIS",), 0, "lisboa", TUESDAY)
    assert promise and promise.date == date(2026, 12, 2)


async def test_the_old_map_stays_when_the_database_is_away(world: World) -> None:
    before = await estimate.delivery_map()
    await close_pool()
    estimate.KEPT._renew_at = 0
    assert await estimate.delivery_map() is before
    with pytest.raises(DatabaseUnavailable):
        await estimate.KEPT.renewed()
    assert await estimate.delivery_map() is before
    await open_pool()


async def test_a_shop_without_lanes_is_asked_again(world: World) -> None:
    await execute("DELETE FROM lane")
    assert (await estimate.delivery_map()).is_empty
    await execute(
        """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor)
           SELECT w.id, z.id, s.id, 1, 390 FROM warehouse w, zone z, service_level s"""
    )
    assert not (await estimate.delivery_map()).is_empty
