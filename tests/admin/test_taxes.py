"""Operators set rates of VAT; what is ordered from then on is taxed by them."""

from datetime import timedelta

import pytest

from app.catalog import taxes
from app.infra.clock import today
from app.infra.database import fetch, fetch_one
from tests.accounts.people import Client
from tests.orders.wanting import pending
from tests.world import World

PLACE = "/admin/taxes"


def form(**more: str) -> dict[str, str]:
    return {"category": "", "percent": "6", "valid_from": today().isoformat(), **more}


async def rates() -> list[tuple[str, str]]:
    return [(rate.category, f"{float(rate.percent):g}") for rate in await taxes.rates()]


async def test_a_category_gets_a_rate_and_orders_are_taxed_by_it(desk: Client, world: World) -> None:
    book = await world.product("Book", price_minor=1060, stock={"LIS": 9}, category="other/other-goods")
    lamp = await world.product("Lamp", price_minor=1060, stock={"LIS": 9})
    answer = await desk.post(PLACE, data=form(category=str(world.categories["other"])), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, PLACE)
    assert "Everything else" in (await desk.get(PLACE)).text
    await pending(world, book, lamp, price_minor=1060)
    order = await fetch_one("SELECT vat_minor FROM shop_order")
    lines = await fetch("SELECT vat_percent FROM order_line ORDER BY id")
    assert [line["vat_percent"] for line in lines] == [6, 23]
    # Half of €3.90 delivery belongs to each: 12.55 at 6 % hold 0.71, at 23 % 2.35.
    assert order is not None and order["vat_minor"] == 71 + 235


async def test_the_same_form_twice_sets_one_rate(desk: Client) -> None:
    for _ in range(2):
        assert (await desk.post(PLACE, data=form(), follow_redirects=False)).status_code == 303
    assert await rates() == [("", "6")]


async def test_another_rate_from_the_same_day_is_refused(desk: Client) -> None:
    await desk.post(PLACE, data=form())
    answer = await desk.post(PLACE, data=form(percent="7"))
    assert answer.status_code == 422 and "another rate from that day" in answer.text
    assert await rates() == [("", "6")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent": ""}, "Enter the rate in percent"),
        ({"percent": "lots"}, "Enter the rate in percent"),
        ({"percent": "100"}, "from 0 to 99.99"),
        ({"percent": "-1"}, "from 0 to 99.99"),
        ({"percent": "NaN"}, "from 0 to 99.99"),
        ({"percent": "1e400"}, "from 0 to 99.99"),
        ({"percent": "6.125"}, "at most two decimals"),
        ({"valid_from": ""}, "Enter the first day"),
        ({"valid_from": "2020-01-01"}, "Choose today or a later day"),
        ({"valid_from": "9999-12-31"}, "within ten years"),
        ({"category": "999999"}, "Choose a category of the list"),
        ({"category": "9" * 40}, "Choose a category of the list"),
        ({"category": "<script>"}, "Choose a category of the list"),
    ],
)
async def test_what_cannot_be_a_rate_is_said_beside_its_field(desk: Client, wrong: dict[str, str], said: str) -> None:
    answer = await desk.post(PLACE, data=form(**wrong))
    assert answer.status_code == 422 and said in answer.text
    assert await rates() == []


async def test_a_rate_that_has_begun_stands_and_one_to_come_can_be_taken_back(desk: Client) -> None:
    await desk.post(PLACE, data=form())
    await desk.post(PLACE, data=form(percent="7,5 %", valid_from=(today() + timedelta(days=9)).isoformat()))
    to_come, begun = await taxes.rates()
    assert (f"{float(to_come.percent):g}", to_come.has_begun, begun.has_begun) == ("7.5", False, True)
    for rate in (begun.id, to_come.id, to_come.id, 2**62):
        assert (await desk.post(f"{PLACE}/{rate}/removal", follow_redirects=False)).status_code == 303
    assert await rates() == [("", "6")]
