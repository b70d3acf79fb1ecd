"""Operators set the rules of delivery: checked, one at a time, with a history, and the dates follow."""

import re

import pytest

from app.delivery.estimate import delivery_map
from app.infra.database import execute, fetch
from tests.accounts.people import Client, person, sign_in
from tests.admin.delivering import fields_in, send
from tests.delivery.portugal import at
from tests.world import World

OPERATOR = "rui@example.pt"
LISBOA = "/admin/delivery/warehouses/LIS"
PEAK = {"first_day": "2026-11-26", "last_day": "2026-11-27", "extra_days": "2", "reason": "Black <Friday>"}


async def form(client: Client, path: str) -> dict[str, str]:
    """What a browser would send back unchanged."""
    text = (await client.get(path)).text
    return {**fields_in(text), **dict.fromkeys(re.findall(r'name="(day-\d)" checked', text), "on")}


async def date_from_lisboa(moment: str) -> str:
    found = (await delivery_map()).promise(("LIS",), 0, "lisboa", at(moment))
    return str(found and found.date)


async def test_a_later_cut_off_is_in_the_dates_at_once_and_in_the_history(desk: Client) -> None:
    assert await date_from_lisboa("2026-11-24 15:30") == "2026-11-26"
    answer = await send(desk, LISBOA, {**await form(desk, LISBOA), "cutoff": "16:00"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/delivery")
    assert await date_from_lisboa("2026-11-24 15:30") == "2026-11-25"
    text = (await desk.get("/admin/delivery")).text
    assert "Before: Lisboa, Lisboa, Europe/Lisbon, cut-off 15:00" in text and "cut-off 16:00" in text


async def test_a_form_sent_back_unchanged_or_twice_changes_nothing_more(desk: Client) -> None:
    unchanged = await form(desk, LISBOA)
    for values in (unchanged, {**unchanged, "cutoff": "16:00"}, {**unchanged, "cutoff": "16:00"}):
        assert (await send(desk, LISBOA, values)).status_code == 303
    assert len(await fetch("SELECT FROM delivery_change")) == 1


async def test_the_second_of_two_operators_sees_both_values(desk: Client) -> None:
    seen = await form(desk, LISBOA)
    assert (await send(desk, LISBOA, {**seen, "cutoff": "16:00"})).status_code == 303
    answer = await send(desk, LISBOA, {**seen, "cutoff": "11:00"})
    assert answer.status_code == 409
    assert "cut-off 16:00" in answer.text and 'value="11:00"' in answer.text
    assert await date_from_lisboa("2026-11-24 15:30") == "2026-11-25"


async def test_a_time_zone_is_chosen_from_a_list_of_places(desk: Client) -> None:
    page = (await desk.get(LISBOA)).text
    offered = page.partition('<datalist id="timezone-offered">')[2].partition("</datalist>")[0]
    assert 'list="timezone-offered"' in page and '<option value="Atlantic/Azores">' in offered
    for other_name in ("localtime", "Etc/GMT+1", "US/Eastern"):
        assert other_name not in offered


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("timezone", "Mars/Olympus", "There is no time zone"),
        ("timezone", "../../etc/passwd", "There is no time zone"),
        ("timezone", "localtime", "There is no time zone"),
        ("cutoff", "25:00", "Enter a time from 00:00"),
        ("cutoff", "", "Enter a time"),
        ("handling_days", "-1", "from 0 to 30"),
        ("handling_days", "1e9", "from 0 to 30"),
        ("holiday_country", "XX", "Choose a country of the list"),
        ("holiday_subdivision", "99", "That is no part of Portugal"),
        ("name", "", "Enter a name"),
        ("name", "x" * 81, "Use at most 80 characters"),
    ],
)
async def test_what_does_not_fit_is_said_and_changes_nothing(desk: Client, field: str, typed: str, said: str) -> None:
    answer = await send(desk, LISBOA, {**await form(desk, LISBOA), "place": "Elsewhere", field: typed})
    assert answer.status_code == 422
    assert said in answer.text and 'value="Elsewhere"' in answer.text and "<title>Error:" in answer.text
    assert not await fetch("SELECT FROM delivery_change")


async def test_whose_holidays_count_is_chosen_by_name(desk: Client) -> None:
    values = {**await form(desk, LISBOA), "holiday_subdivision": "11"}
    assert (await send(desk, LISBOA, values)).status_code == 303
    assert '<option value="11" selected>Lisboa</option>' in (await desk.get(LISBOA)).text
    spain = {"holiday_country": "ES", "postcode": "08001", "timezone": "Europe/Madrid"}
    wrong = await send(desk, LISBOA, {**await form(desk, LISBOA), **spain})
    assert wrong.status_code == 422 and "That is no part of Spain" in wrong.text
    assert '<option value="ES" selected>Spain</option>' in wrong.text and ">Barcelona</option>" in wrong.text
    values = {**await form(desk, LISBOA), **spain, "holiday_subdivision": "Barcelona"}
    assert (await send(desk, LISBOA, values)).status_code == 303
    assert "Spain, Barcelona" in (await desk.get("/admin/delivery")).text
    assert await date_from_lisboa("2026-09-23 10:00") == "2026-09-25"  # on the 24th Barcelona has its feast


async def test_a_warehouse_works_on_some_day(desk: Client) -> None:
    values = {name: value for name, value in (await form(desk, LISBOA)).items() if not name.startswith("day-")}
    assert "Choose the days" in (await send(desk, LISBOA, values)).text


async def test_the_days_on_which_a_zone_gets_parcels_are_in_its_dates(desk: Client) -> None:
    values = await form(desk, "/admin/delivery/zones/lisboa")
    assert values.pop("day-2") == "on"  # Wednesday
    assert (await send(desk, "/admin/delivery/zones/lisboa", values)).status_code == 303
    assert await date_from_lisboa("2026-11-24 10:00") == "2026-11-26"


async def test_surcharge_days_move_the_dates_until_they_are_removed(desk: Client) -> None:
    for _ in range(2):  # a double click sets them once
        assert (await send(desk, "/admin/delivery/surcharges", PEAK)).status_code == 303
    assert await date_from_lisboa("2026-11-26 10:00") == "2026-12-02"
    assert "Black &lt;Friday&gt;" in (await desk.get("/admin/delivery")).text
    (row,) = await fetch("SELECT id FROM surcharge")
    for _ in range(2):
        assert (await send(desk, f"/admin/delivery/surcharges/{row['id']}/removal", {})).status_code == 303
    assert await date_from_lisboa("2026-11-26 10:00") == "2026-11-27"
    assert len(await fetch("SELECT FROM delivery_change")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": "2026-11-25"},
        {"last_day": "2027-11-25"},
        {"first_day": "soon"},
        {"extra_days": "0"},
        {"extra_days": "61"},
        {"reason": ""},
        {"warehouse": "XXX"},
        {"zone": "'"},
    ],
)
async def test_surcharge_days_that_do_not_fit_are_refused(desk: Client, wrong: dict[str, str]) -> None:
    answer = await send(desk, "/admin/delivery/surcharges", {**PEAK, **wrong})
    assert answer.status_code == 422 and "<title>Error:" in answer.text
    assert not await fetch("SELECT FROM surcharge")


async def test_only_operators_see_and_change_delivery(world: World, client: Client) -> None:
    await person()
    await execute("INSERT INTO surcharge (first_day, last_day, extra_days, reason) VALUES (now(), now(), 1, 'x')")
    paths = ("/admin/delivery", LISBOA, "/admin/delivery/zones/lisboa")
    posts = (
        LISBOA,
        "/admin/delivery/zones/lisboa",
        "/admin/delivery/surcharges",
        "/admin/delivery/surcharges/1/removal",
    )
    for signed_in, refused in ((False, 303), (True, 403)):
        if signed_in:
            await sign_in(client)
        for path in paths:
            assert (await client.get(path, follow_redirects=False)).status_code == refused
        for path in posts:
            assert (await send(client, path, PEAK)).status_code == refused
    assert len(await fetch("SELECT FROM surcharge")) == 1 and not await fetch("SELECT FROM delivery_change")


@pytest.mark.parametrize(
    "path", ["/admin/delivery/warehouses/XXX", "/admin/delivery/zones/%00", "/admin/delivery/zones/'"]
)
async def test_what_is_not_there_is_not_found(desk: Client, path: str) -> None:
    assert (await desk.get(path)).status_code == 404
    assert (await send(desk, path, {})).status_code == 404
