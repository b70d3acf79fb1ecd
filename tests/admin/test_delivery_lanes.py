"""Operators set lanes: checked, guarded against each other, with a history, and the dates follow."""

import asyncio

import pytest

from app.delivery.estimate import delivery_map
from app.delivery.lanes import change_lanes
from app.infra.database import execute
from tests.accounts.people import Client
from tests.admin.delivering import changes, date_in_porto, field, form, lanes, send, typed

LANES = "/admin/delivery/warehouses/LIS/lanes"
LEVELS = "/admin/delivery/levels"


async def test_a_lane_that_takes_longer_is_in_the_dates_at_once_and_in_the_history(desk: Client) -> None:
    assert await date_in_porto() == "2026-11-26"
    values = {**await form(desk, LANES), **await typed("porto", "standard", "3", "4,50", "€60")}
    answer = await send(desk, LANES, values)
    assert (answer.status_code, answer.headers["location"]) == (303, LANES)
    assert await date_in_porto() == "2026-11-27"
    before, after = "2 working days, €3.90, free from €50.00", "3 working days, €4.50, free from €60.00"
    assert await changes() == [("Lane LIS to porto by standard", before, after)]
    assert (await delivery_map()).lane_price("LIS", "porto", "standard", 5500) == 450


async def test_the_form_shows_the_lanes_and_sent_back_unchanged_or_twice_changes_nothing_more(desk: Client) -> None:
    values = await form(desk, LANES)
    assert [values[await field(kind, "lisboa", "standard")] for kind in ("days", "price", "free")] == [
        "1",
        "3.90",
        "50.00",
    ]
    changed = {**values, **await typed("porto", "express", "1", "8")}
    for sent in (values, changed, changed):
        assert (await send(desk, LANES, sent)).status_code == 303
    assert len(await changes()) == 1


async def test_a_lane_is_added_by_filling_it_in_and_removed_by_clearing_it(desk: Client) -> None:
    values = {**await form(desk, LANES), **await typed("lisboa", "express", "0", "0")}
    assert (await send(desk, LANES, values)).status_code == 303
    assert (await lanes())["lisboa", "express"] == "0 working days, €0.00"
    values = {**await form(desk, LANES), **await typed("porto", "express", "", "")}
    assert (await send(desk, LANES, values)).status_code == 303
    assert ("porto", "express") not in await lanes() and await date_in_porto("express") is None
    assert [(before == "", after == "") for _, before, after in await changes()] == [(True, False), (False, True)]
    assert "Removed" in (await desk.get("/admin/delivery")).text


async def test_the_second_of_two_operators_sees_what_the_first_has_set(desk: Client) -> None:
    seen = await form(desk, LANES)
    assert (await send(desk, LANES, {**seen, **await typed("porto", "standard", "3", "3.90")})).status_code == 303
    mine = {**seen, **await typed("porto", "standard", "5", "3.90")}
    answer = await send(desk, LANES, mine)
    assert answer.status_code == 409 and "porto by standard: 3 working days, €3.90" in answer.text
    assert f'name="{await field("days", "porto", "standard")}" value="5"' in answer.text
    assert (await lanes())["porto", "standard"].startswith("3 ")


async def test_of_many_who_save_at_once_one_wins(desk: Client) -> None:
    seen = await form(desk, LANES)
    sent = [{**seen, **await typed("porto", "standard", str(days), "3.90")} for days in range(10, 15)]
    answers = await asyncio.gather(*(send(desk, LANES, values) for values in sent))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409]
    assert len(await changes()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("61", "3.90", ""), "from 0 to 60"),
        (("-1", "3.90", ""), "from 0 to 60"),
        (("1.5", "3.90", ""), "from 0 to 60"),
        (("٣", "3.90", ""), "from 0 to 60"),
        (("9" * 400, "3.90", ""), "from 0 to 60"),
        (("", "3.90", ""), "for no lane"),
        (("2", "", ""), "Enter a price"),
        (("2", "-1", ""), "Enter a price"),
        (("2", "10000", ""), "Enter a price"),
        (("2", "1,000", ""), "Enter a price"),
        (("2", "NaN", ""), "Enter a price"),
        (("2", "1e3", ""), "Enter a price"),
        (("2", "3.90", "0"), "or nothing"),
        (("2", "3.90", "50.001"), "or nothing"),
        (("", "", "50"), "for no lane"),
        (('"><script>', "3.90", ""), "from 0 to 60"),
    ],
)
async def test_what_does_not_fit_is_said_and_changes_nothing(
    desk: Client, wrong: tuple[str, str, str], said: str
) -> None:
    before = await lanes()
    values = {
        **await form(desk, LANES),
        **await typed("lisboa", "standard", "7", "9.90"),
        **await typed("porto", "standard", *wrong),
    }
    answer = await send(desk, LANES, values)
    assert answer.status_code == 422 and said in answer.text and "<title>Error:" in answer.text
    assert 'value="7"' in answer.text and "<script>" not in answer.text
    assert await lanes() == before and not await changes()


async def test_what_is_typed_for_a_level_that_is_gone_is_not_lost_silently(desk: Client) -> None:
    values = {**await form(desk, LANES), **await typed("lisboa", "express", "1", "9.90")}
    await execute("DELETE FROM lane USING service_level s WHERE s.id = lane.service_level AND s.code = 'express'")
    await execute("DELETE FROM service_level WHERE code = 'express'")
    answer = await send(desk, LANES, values)
    assert answer.status_code == 422 and "was removed meanwhile" in answer.text


async def test_a_large_matrix_has_pages_and_each_speaks_of_its_own_zones_only(desk: Client) -> None:
    await execute("INSERT INTO zone (code, name) SELECT 'z' || n, 'Zone ' || n FROM generate_series(1, 200) n")
    second = f"{LANES}?page=2"
    values = {**await form(desk, second), **await typed("z200", "standard", "4", "5")}
    answer = await send(desk, second, values)
    assert (answer.status_code, answer.headers["location"]) == (303, second)
    assert len(await changes()) == 1 and len(await lanes()) == 3
    for number in ("0", "-1", "x", "9" * 50, "99"):
        assert (await desk.get(f"{LANES}?page={number}")).status_code == 200


async def test_a_lane_says_when_learned_days_count_in_place_of_those_set_by_hand(desk: Client) -> None:
    await execute(
        """INSERT INTO transit_time (warehouse, zone, service_level, point_days, learned_days)
           SELECT w.id, z.id, 'standard', 3.2, 4 FROM warehouse w, zone z WHERE w.code = 'LIS' AND z.code = 'porto'"""
    )
    assert "Counts with 4 days" in (await desk.get(LANES)).text
    await execute("UPDATE transit_time SET is_held = true")
    assert "Counts with" not in (await desk.get(LANES)).text


async def test_a_warehouse_that_is_not_there_has_no_lanes(desk: Client) -> None:
    for code in ("XXX", "%00", "'"):
        path = f"/admin/delivery/warehouses/{code}/lanes"
        assert (await desk.get(path)).status_code == 404
        assert (await send(desk, path, {})).status_code == 404
    with pytest.raises(LookupError):
        await change_lanes("XXX", ["lisboa"], 1, "", {})


async def test_the_overview_and_the_desk_lead_to_all_of_it(desk: Client) -> None:
    assert 'href="/admin/delivery">Delivery</a><br>' in (await desk.get("/admin")).text
    text = (await desk.get("/admin/delivery")).text
    for path in (LANES, LEVELS, "/admin/delivery/postcodes"):
        assert f'href="{path}"' in text
