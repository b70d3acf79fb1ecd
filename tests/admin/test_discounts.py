"""Operators make discount codes, and end them."""

import pytest

from app.discounts.desk import listed
from app.infra.clock import now, shop_zone
from tests.accounts.people import Client

PLACE = "/admin/discounts"


def form(**more: str) -> dict[str, str]:
    today = now().astimezone(shop_zone()).date().isoformat()
    return {"code": "summer-5", "kind": "amount", "worth": "5", "first_day": today, **more}


async def test_a_code_is_made_once_however_often_its_form_is_sent(desk: Client) -> None:
    for _ in range(2):
        assert (await desk.post(PLACE, data=form(), follow_redirects=False)).status_code == 303
    (code,) = await listed()
    assert (code["code"], code["amount_minor"], code["most_uses"], code["is_over"]) == ("SUMMER-5", 500, None, False)
    assert "€5.00 off" in (await desk.get(PLACE)).text


async def test_a_code_has_one_meaning(desk: Client) -> None:
    await desk.post(PLACE, data=form())
    answer = await desk.post(PLACE, data=form(worth="6"))
    assert answer.status_code == 422 and "There is such a code already" in answer.text
    assert [code["amount_minor"] for code in await listed()] == [500]


async def test_all_limits_are_kept(desk: Client) -> None:
    limits = {"minimum": "20,50", "last_day": "2099-12-31", "most_uses": "100", "most_per_shopper": "1"}
    await desk.post(PLACE, data=form(kind="percent", worth="12.5 %", **limits))
    (code,) = await listed()
    assert (float(code["percent"]), code["minimum_minor"], code["most_uses"], code["most_per_shopper"]) == (
        12.5,
        2050,
        100,
        1,
    )
    assert code["ends_at"].astimezone(shop_zone()).isoformat() == "2100-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": ""}, "Enter a code"),
        ({"last_day": "9999-12-31"}, "Choose a day of this century"),
        ({"first_day": "0001-01-01"}, "Choose a day of this century"),
        ({"code": "é"}, "letters without accents"),
        ({"code": "x" * 31}, "Use 1 to 30"),
        ({"kind": "gift"}, "Choose what the code gives"),
        ({"worth": ""}, "Enter the amount in euro"),
        ({"worth": "0"}, "Enter the amount in euro"),
        ({"worth": "-5"}, "Enter a number from 0"),
        ({"worth": "1e9"}, "Enter a number from 0"),
        ({"worth": "NaN"}, "Enter a number from 0"),
        ({"worth": "five"}, "Enter a number such as"),
        ({"kind": "percent", "worth": "100"}, "from 0.01 to 99.99"),
        ({"kind": "free_delivery"}, "Leave this empty"),
        ({"minimum": "1.234"}, "at most two decimals"),
        ({"last_day": "2020-01-01"}, "Choose a day that is not over"),
        ({"first_day": "soon"}, "Enter the first day"),
        ({"most_uses": "0"}, "Enter a whole number from 1"),
        ({"most_per_shopper": "9" * 30}, "Enter a whole number from 1"),
    ],
)
async def test_what_cannot_be_a_code_is_said_beside_its_field(desk: Client, wrong: dict[str, str], said: str) -> None:
    answer = await desk.post(PLACE, data=form(**wrong))
    assert answer.status_code == 422 and said in answer.text
    assert await listed() == []


async def test_a_code_is_ended_once(desk: Client) -> None:
    await desk.post(PLACE, data=form())
    (code,) = await listed()
    assert "The code has ended." in (await desk.post(f"{PLACE}/{code['id']}/end")).text
    assert "had ended already" in (await desk.post(f"{PLACE}/{code['id']}/end")).text
    assert "had ended already" in (await desk.post(f"{PLACE}/{2**62}/end")).text
    assert [each["is_over"] for each in await listed()] == [True]
