"""Operators say what other currencies are worth; suppliers may send prices in those that have a rate."""

from datetime import timedelta

import pytest

from app.catalog import exchange
from app.catalog.currency import in_shop_currency
from app.infra.clock import today
from app.suppliers.prices import MAX_MINOR
from tests.accounts.people import Client
from tests.admin.delivering import fields_in
from tests.suppliers.line import offers, row, send_and_take
from tests.world import World

PLACE = "/admin/rates"


def form(**more: str) -> dict[str, str]:
    return {"currency": "USD", "per_unit": "1.25", "as_of": today().isoformat(), **more}


async def rates() -> list[tuple[str, str, int]]:
    return [(rate.currency, rate.written, rate.offers) for rate in await exchange.rates()]


async def test_a_feed_in_another_currency_is_taken_once_it_has_a_rate(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    feed = [row("L1", price="10.00 USD"), row("L2", price="12.00")]
    assert (await send_and_take(supplier, feed)).rejected == 1
    assert "Set USD</a>: " in (await desk.get(PLACE)).text
    answer = await desk.post(PLACE, data=form(currency="usd", per_unit="1,25"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, PLACE)
    assert (await send_and_take(supplier, feed)).rejected == 0
    assert {sku: offer["price_minor"] for sku, offer in (await offers(supplier)).items()} == {"L1": 800, "L2": 1200}
    assert await rates() == [("USD", "1.25", 1)]
    shown = (await desk.get(PLACE)).text
    assert "US Dollar" in shown and "Set USD" not in shown


async def test_an_offer_is_converted_anew_when_the_same_feed_comes_again(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    feed = [row("L1", price="10.00 USD"), row("L2", price="12.00")]
    await desk.post(PLACE, data=form())
    await send_and_take(supplier, feed)
    await desk.post(PLACE, data=form(per_unit="1.6", meant="1.6"))
    assert (await offers(supplier))["L1"]["price_minor"] == 800
    versions = {sku: offer["version"] for sku, offer in (await offers(supplier)).items()}
    again = await send_and_take(supplier, feed)
    found = await offers(supplier)
    assert (again.rejected, found["L1"]["price_minor"], found["L2"]["price_minor"]) == (0, 625, 1200)
    assert {sku: offer["version"] - versions[sku] for sku, offer in found.items()} == {"L1": 1, "L2": 0}
    assert (await send_and_take(supplier, feed)).state == "unchanged"


async def test_a_rate_is_replaced_by_the_next_one_and_shown_until_then(desk: Client) -> None:
    await desk.post(PLACE, data=form())
    form_of_it = (await desk.get(f"{PLACE}?currency=USD")).text
    assert "1.25 USD" in form_of_it and fields_in(form_of_it)["currency"] == "USD"
    assert (await desk.post(PLACE, data=form(per_unit="0"))).text.count("1.25 USD") == form_of_it.count("1.25 USD")
    yesterday = (today() - timedelta(days=1)).isoformat()
    await desk.post(PLACE, data=form(per_unit="1.31000000", as_of=yesterday))
    assert await rates() == [("USD", "1.31", 0)]
    assert [rate.as_of.isoformat() for rate in await exchange.rates()] == [yesterday]


async def test_a_rate_far_from_the_one_before_counts_when_its_operator_says_that_it_is_meant(desk: Client) -> None:
    await desk.post(PLACE, data=form(per_unit="1.25"))
    asked = await desk.post(PLACE, data=form(per_unit="12.5"))
    assert asked.status_code == 422 and await rates() == [("USD", "1.25", 0)]
    assert "That is 10.0 times the 1.25" in asked.text and "100 USD becomes 8.00 EUR" in asked.text
    assert 'id="meant"' in asked.text and 'name="meant" value="12.5"' in asked.text
    another = await desk.post(PLACE, data=form(per_unit="1.126", meant="12.5"))
    assert another.status_code == 200 and await rates() == [("USD", "1.126", 0)]
    less = await desk.post(PLACE, data=form(per_unit="0.95", meant="12.5"))
    assert less.status_code == 422 and "16% less than the 1.126 that it is now" in less.text
    await desk.post(PLACE, data=form(per_unit="0.95", meant="0.95"))
    assert await rates() == [("USD", "0.95", 0)]


async def test_who_set_a_rate_and_what_it_was_is_kept(desk: Client) -> None:
    for per_unit in ("1.25", "1.25", "1.3"):
        await desk.post(PLACE, data=form(per_unit=per_unit))
    await desk.post(f"{PLACE}/USD/removal")
    assert [(change.currency, change.words) for change in await exchange.changes()] == [
        ("USD", "1.3, removed"),
        ("USD", "1.25 → 1.3"),
        ("USD", "1.25, the first one"),
    ]
    shown = (await desk.get(PLACE)).text
    assert "1.25 → 1.3" in shown and "No currency has a rate" in shown


async def test_a_rate_that_offers_on_sale_stand_on_is_not_removed(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    await desk.post(PLACE, data=form())
    await send_and_take(supplier, [row("L1", price="10.00 USD")])
    refused = await desk.post(f"{PLACE}/USD/removal", follow_redirects=True)
    assert "so its rate stays" in refused.text and await rates() == [("USD", "1.25", 1)]
    assert f"{PLACE}/USD/removal" not in (await desk.get(f"{PLACE}?currency=USD")).text
    await send_and_take(supplier, [row("L1", price="10.00")])
    assert f"{PLACE}/USD/removal" in (await desk.get(f"{PLACE}?currency=USD")).text
    assert "has no rate any more" in (await desk.post(f"{PLACE}/USD/removal", follow_redirects=True)).text
    assert "removed already" in (await desk.post(f"{PLACE}/USD/removal", follow_redirects=True)).text
    assert "removed already" in (await desk.post(f"{PLACE}/%3Cb%3E/removal", follow_redirects=True)).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"currency": ""}, "Enter the currency&#39;s code"),
        ({"currency": "EUR"}, "own currency"),
        ({"currency": "ZZZ"}, "no code of a currency"),
        ({"currency": "<b>"}, "no code of a currency"),
        ({"currency": "U\x00S"}, "no code of a currency"),
        ({"currency": "$" * 5000}, "no code of a currency"),
        ({"per_unit": ""}, "Enter how much of the currency"),
        ({"per_unit": "lots"}, "Enter how much of the currency"),
        ({"per_unit": "-1"}, "Enter how much of the currency"),
        ({"per_unit": "NaN"}, "Enter how much of the currency"),
        ({"per_unit": "1e400"}, "at most eight digits"),
        ({"per_unit": "1.123456789"}, "at most eight digits"),
        ({"per_unit": "1,234.56"}, "at most eight digits"),
        ({"per_unit": "١.٢"}, "Enter how much of the currency"),
        ({"per_unit": "0,000"}, "more than zero"),
        ({"per_unit": "0.0499"}, "not the other way round"),
        ({"currency": "JPY", "per_unit": "0.0055"}, "not the other way round"),
        ({"as_of": ""}, "Enter the day"),
        ({"as_of": "soon"}, "Enter the day"),
        ({"as_of": "9999-12-31"}, "today or an earlier day"),
        ({"as_of": "0001-01-01"}, "within the last year"),
    ],
)
async def test_what_cannot_be_a_rate_is_said_beside_its_field(desk: Client, wrong: dict[str, str], said: str) -> None:
    answer = await desk.post(PLACE, data=form(**wrong))
    assert answer.status_code == 422 and said in answer.text
    ((name, typed),) = [*wrong.items()][-1:]
    assert f'id="{name}-error"' in answer.text and fields_in(answer.text)[name] == typed.replace("\x00", "")
    assert await rates() == []


def test_with_the_lowest_rate_the_dearest_price_of_a_feed_is_still_one() -> None:
    for currency in ("USD", "JPY", "KWD", "CLF"):
        assert in_shop_currency(MAX_MINOR, currency, {currency: exchange.least(currency)}) < 2**31
