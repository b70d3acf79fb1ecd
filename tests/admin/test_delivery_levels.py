"""Operators set service levels: named, ordered, added, and removed only when no lane uses them."""

import asyncio

import pytest

from app.delivery.estimate import delivery_map
from app.infra.database import execute
from tests.accounts.people import Client
from tests.admin.delivering import changes, date_in_porto, form, lanes, send, typed

LANES = "/admin/delivery/warehouses/LIS/lanes"
LEVELS = "/admin/delivery/levels"


async def test_levels_are_named_and_ordered(desk: Client) -> None:
    values = await form(desk, LEVELS) | {"name-express": "By night <van>", "place-express": "1", "place-standard": "2"}
    for _ in range(2):
        assert (await send(desk, LEVELS, values)).status_code == 303
    assert (await delivery_map()).levels() == (("express", "By night <van>"), ("standard", "To your door"))
    assert "By night &lt;van&gt;" in (await desk.get(LEVELS)).text
    assert len(await changes()) == 1


async def test_the_second_who_names_levels_sees_the_first_ones_names(desk: Client) -> None:
    seen = await form(desk, LEVELS)
    assert (await send(desk, LEVELS, {**seen, "name-express": "Soon"})).status_code == 303
    answer = await send(desk, LEVELS, {**seen, "name-express": "Sooner"})
    assert answer.status_code == 409 and "express “Soon”" in answer.text and 'value="Sooner"' in answer.text
    assert (await delivery_map()).levels()[1] == ("express", "Soon")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name-express": ""}, "Enter a name"),
        ({"name-express": "x" * 81}, "at most 80 characters"),
        ({"name-express": "to your DOOR"}, "Two levels have this name"),
        ({"place-express": "1"}, "Two levels stand at 1"),
        ({"place-express": "0"}, "from 1 to 99"),
        ({"place-express": "first"}, "from 1 to 99"),
        ({"place-express": "9" * 40}, "from 1 to 99"),
    ],
)
async def test_levels_that_do_not_fit_are_refused(desk: Client, wrong: dict[str, str], said: str) -> None:
    answer = await send(desk, LEVELS, await form(desk, LEVELS) | wrong)
    assert answer.status_code == 422 and said in answer.text and "<title>Error:" in answer.text
    assert not await changes()


async def test_a_level_is_added_gets_lanes_and_goes_only_without_them(desk: Client) -> None:
    added = {"code": "saturday", "name": "On Saturday"}
    for _ in range(2):  # a double click adds it once
        assert (await send(desk, f"{LEVELS}/additions", added)).status_code == 303
    values = {**await form(desk, LANES), **await typed("porto", "saturday", "1", "12.90")}
    assert (await send(desk, LANES, values)).status_code == 303
    assert await date_in_porto("saturday") == "2026-11-25"
    answer = await send(desk, f"{LEVELS}/saturday/removal", {})
    assert answer.status_code == 422 and "is used by a lane. Remove it first" in answer.text
    values = {**await form(desk, LANES), **await typed("porto", "saturday", "", "")}
    assert (await send(desk, LANES, values)).status_code == 303
    assert "On Saturday" in (await desk.get(LEVELS)).text
    for _ in range(2):
        assert (await send(desk, f"{LEVELS}/saturday/removal", {})).status_code == 303
    assert len((await delivery_map()).levels()) == 2
    assert [subject for subject, _, _ in await changes()].count("Service levels") == 2


async def test_the_level_that_dates_are_promised_by_stays(desk: Client) -> None:
    await execute("DELETE FROM lane")
    answer = await send(desk, f"{LEVELS}/standard/removal", {})
    assert answer.status_code == 422 and "promised by it" in answer.text
    for code in ("'", "x" * 300):
        assert (await send(desk, f"{LEVELS}/{code}/removal", {})).status_code == 303
    assert len((await delivery_map()).levels()) == 2


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"code": "", "name": "X"}, "small letters"),
        ({"code": "Über", "name": "X"}, "small letters"),
        ({"code": "a/b", "name": "X"}, "small letters"),
        ({"code": "x" * 21, "name": "X"}, "small letters"),
        ({"code": "x", "name": ""}, "Enter a name"),
        ({"code": "express", "name": "X"}, "of the code express already"),
        ({"code": "x", "name": "To Your Door"}, "There is a level called"),
    ],
)
async def test_a_level_that_does_not_fit_is_not_added(desk: Client, added: dict[str, str], said: str) -> None:
    answer = await send(desk, f"{LEVELS}/additions", added)
    assert answer.status_code == 422 and said in answer.text
    assert not await changes()


async def test_there_are_not_too_many_levels(desk: Client) -> None:
    for number in range(6):
        assert (
            await send(desk, f"{LEVELS}/additions", {"code": f"l{number}", "name": f"L{number}"})
        ).status_code == 303
    answer = await send(desk, f"{LEVELS}/additions", {"code": "l9", "name": "L9"})
    assert answer.status_code == 422 and "at most 8" in answer.text


async def test_a_level_is_not_removed_under_a_lane_that_is_being_set(desk: Client) -> None:
    """Whoever is first, no lane disappears with its level."""
    assert (await send(desk, f"{LEVELS}/additions", {"code": "night", "name": "By night"})).status_code == 303
    values = {**await form(desk, LANES), **await typed("porto", "night", "1", "12.90")}
    lane, removal = await asyncio.gather(send(desk, LANES, values), send(desk, f"{LEVELS}/night/removal", {}))
    assert (lane.status_code, removal.status_code) in ((303, 422), (409, 303), (422, 303))
    assert (lane.status_code == 303) == (("porto", "night") in await lanes())
