"""A change of delivery's tables is seen by every web process, whoever made it, with Redis or without."""

import asyncio

import pytest

from app.delivery import estimate
from app.delivery.areas import AREAS
from app.infra import pulse
from app.infra.database import close_pool, count_queries, execute, fetch, open_pool, transaction
from tests.delivery.portugal import at
from tests.world import World


async def date() -> str:
    found = (await estimate.delivery_map()).promise(("LIS",), 0, "lisboa", at("2026-11-24 10:00"))
    return str(found and found.date)


async def test_a_process_takes_up_what_another_has_changed(world: World) -> None:
    assert await date() == "2026-11-25"
    await execute("UPDATE lane SET transit_days = 5")
    assert await date() == "2026-11-25"
    await estimate.follow()
    assert await date() == "2026-12-02"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE warehouse SET cutoff = '09:00'",
        "UPDATE zone SET delivery_days = '{3}'",
        "UPDATE postcode_area SET place = 'Elsewhere'",
        "DELETE FROM service_level WHERE code = 'express'",
        "DELETE FROM lane",
        "INSERT INTO surcharge (first_day, last_day, extra_days, reason) VALUES ('2026-11-24', '2026-11-24', 1, 'x')",
        """INSERT INTO transit_time (warehouse, zone, service_level, point_days, learned_days)
           SELECT w.id, z.id, 'standard', 3.2, 4 FROM warehouse w, zone z""",
    ],
)
async def test_every_table_of_delivery_is_followed(world: World, change: str) -> None:
    before = await estimate.delivery_map()
    await estimate.follow()
    assert await estimate.delivery_map() is before
    await execute(change)
    await estimate.follow()
    after = await estimate.delivery_map()
    assert after is not before
    await estimate.follow()
    assert await estimate.delivery_map() is after


async def test_following_costs_one_small_query_while_nothing_changes(world: World) -> None:
    await estimate.delivery_map()
    queries = count_queries()
    await estimate.follow()
    assert queries.value == 1


async def test_a_change_is_followed_when_it_is_committed_and_not_before(world: World) -> None:
    before = await estimate.delivery_map()

    async def follow() -> None:
        await estimate.follow()

    async with transaction():
        await execute("UPDATE lane SET transit_days = 5")
        await _elsewhere(follow)
        assert await estimate.delivery_map() is before
    await estimate.follow()
    assert await date() == "2026-12-02"


async def _elsewhere(work: object) -> None:
    import contextvars

    await asyncio.create_task(work(), context=contextvars.Context())  # type: ignore[operator]


async def test_the_postcodes_are_read_again_only_when_they_were_changed(world: World) -> None:
    await estimate.delivery_map()
    read = await AREAS.read(AREAS._key)
    await execute("UPDATE lane SET transit_days = 5")
    await estimate.follow()
    assert await AREAS.read(AREAS._key) is read
    await execute("UPDATE postcode_area SET place = 'Lisbon' WHERE prefix = '1'")
    await estimate.follow()
    place = (await estimate.delivery_map()).place_of("1200-109")
    assert place and place.name == "Lisbon"


async def test_while_the_database_is_away_the_map_of_before_counts(world: World) -> None:
    before = await date()
    await execute("UPDATE lane SET transit_days = 5")
    await close_pool()
    pulse.questions[:] = [estimate.follow]
    assert await pulse._ask() == pulse.SECONDS  # nothing is raised
    assert await date() == before
    await open_pool()
    await pulse._ask()
    assert await date() == "2026-12-02"


async def test_each_statement_is_counted_once(world: World) -> None:
    (before,) = await fetch("SELECT version FROM delivery_version WHERE part = 'lane'")
    await execute("UPDATE lane SET transit_days = 5")
    (after,) = await fetch("SELECT version FROM delivery_version WHERE part = 'lane'")
    assert after["version"] == before["version"] + 1
