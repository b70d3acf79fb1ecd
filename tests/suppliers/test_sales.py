"""/supplier/sales: a supplier sees what was sold of his, what it comes to and what became of it; and nobody's name."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.infra.clock import frozen, now, shop_zone
from app.infra.database import execute, fetch, fetch_one
from app.orders import sales
from app.orders.cancelling import cancel
from app.orders.placing import place
from app.orders.running_out import running_out
from app.orders.sales import Asked, Tally
from app.suppliers import sales_pages
from tests.orders.returning import back
from tests.orders.sending import arrived, line_ids, paid, pay, sent, split
from tests.orders.wanting import ledger_of, wanted
from tests.suppliers.test_picture_pages import at_the_desk
from tests.world import Goods, World

PLACE = "/supplier/sales"


def asked(supplier: int, state: str = "") -> Asked:
    return Asked(supplier, now() - timedelta(days=30), now() + timedelta(days=1), state)


async def tally(supplier: int, state: str = "") -> Tally:
    """Of all days; everything is sold in euros."""
    found = await sales.by_day(asked(supplier, state))
    return sum((each for days in found.values() for each in days.values()), Tally())


async def lamps(world: World, count: int, pieces: int = 20) -> list[Goods]:
    return [await world.product(f"Lamp {n}", stock={"LIS": pieces}) for n in range(count)]


async def file_of(client: Any, query: str = "") -> list[dict[str, str]]:
    answer = await client.get(f"{PLACE}.csv{query}")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_what_is_kept_of_a_sale_is_what_the_ledger_kept_without_its_delivery(world: World) -> None:
    """Through a discount that pieces do not share evenly, a cancelled line, and pieces that come back bit by bit."""
    supplier, goods = await world.supplier(), await lamps(world, 3)
    full = await split(world, *goods, quantity=3)
    parcels = tuple(replace(each, lines=(replace(each.lines[0], discount_minor=1000),)) for each in full.parcels)
    order = await pay(await place(replace(full, parcels=parcels)))
    first, second, third = await line_ids(order)
    for parcel in (1, 2):
        await arrived(order, parcel)
    await cancel(order.id, [third], "shopper")
    went = [await back(order.id, {first: 1}), await back(order.id, {first: 1, second: 2})]
    found = await tally(supplier)
    assert (found.pieces, found.cancelled, found.back, found.kept) == (9, 3, 4, 2)
    assert found.minor == 3 * (3 * 4890 - 1000) and found.back_minor == sum(went)
    notes = await fetch_one("SELECT sum(amount_minor)::bigint AS minor FROM credit_note")
    assert notes and found.cancelled_minor + found.back_minor + 390 == notes["minor"], "with the third parcel's way"
    refunds = -sum(minor for kind, minor in await ledger_of(order.id) if kind == "refund")
    asked_for = await fetch_one("SELECT sum(amount_minor)::bigint AS minor FROM money_request WHERE kind = 'refund'")
    assert asked_for and notes["minor"] == asked_for["minor"] and refunds in (0, notes["minor"])
    listed, _ = await sales.listed(asked(supplier))
    assert sorted((sale.state, sale.cancelled, sale.back, sale.kept_minor) for sale in listed) == [
        ("cancelled", 3, 0, 0),
        ("returned", 0, 2, 13670 - 13670 * 2 // 3),
        ("returned", 0, 2, 13670 - 13670 * 2 // 3),
    ]


async def test_without_vat_in_prices_amounts_are_without_it_too(world: World, net_prices: None) -> None:
    supplier, (lamp,) = await world.supplier(), await lamps(world, 1)
    order = await paid(world, lamp, quantity=2)
    await cancel(order.id, None, "shopper")
    (money,) = await sales.by_day(asked(supplier))
    found, note = await tally(supplier), await fetch_one("SELECT amount_minor - vat_minor AS minor FROM credit_note")
    assert money.is_net and (found.minor, found.kept_minor) == (9780, 0)
    assert note and found.cancelled_minor + 390 == note["minor"], "with the way"


async def test_a_line_goes_through_the_states_of_its_parcel(world: World) -> None:
    supplier, (lamp,) = await world.supplier(), await lamps(world, 1)
    await place(await wanted(world, lamp))
    assert await sales.listed(asked(supplier)) == ([], None), "what is not paid is not sold"
    order = await paid(world, lamp, quantity=2)
    (line,) = await line_ids(order)

    async def state() -> str:
        (found,), _ = await sales.listed(asked(supplier))
        assert await sales.listed(asked(supplier, state=found.state)) == ([found], None)
        return found.state

    assert await state() == "to-send"
    await sent(order)
    assert await state() == "on-the-way"
    await execute("UPDATE parcel SET state = 'delivered' WHERE sold_at IS NOT NULL")
    await execute("UPDATE shop_order SET state = 'delivered' WHERE paid_at IS NOT NULL")
    assert await state() == "delivered"
    await back(order.id, {line: 1})
    assert await state() == "returned" and await tally(supplier, state="delivered") == Tally()


async def test_the_page_shows_a_seller_his_own_and_nothing_of_the_shopper(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    mine = await world.product("Alcova desk lamp", stock={"LIS": 9})
    order = await paid(world, mine, quantity=2)
    shown = (await client.get(PLACE)).text
    for part in (mine.slug, "Bottle green", "€97.80", "€48.90", "To be sent", "Lisboa"):
        assert part in shown, part
    cells = str(await file_of(client))
    for secret in (order.number, str(order.id), "Marta", "Fonseca", "marta@", "Boavista", "1200-109"):
        assert secret not in shown and secret not in cells
    await at_the_desk(world, client, "Casa Pratas")
    shown = (await client.get(PLACE)).text
    assert mine.slug not in shown and "Nothing of yours was sold" in shown
    assert await file_of(client) == []


async def test_pages_and_file_have_every_sale_once_the_newest_first(
    world: World, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a page ends amid the lines of one order, which were all sold at the same moment."""
    await at_the_desk(world, client)
    monkeypatch.setattr("app.suppliers.sales_file.CHUNK_ROWS", 4)
    monkeypatch.setattr(sales.listed, "__defaults__", (None, 3))
    for goods in (await lamps(world, 7), await lamps(world, 4)):
        await paid(world, *goods)
    await execute("UPDATE offer SET supplier_sku = '=' || supplier_sku")
    seen, address = list[str](), PLACE
    while address:
        page = (await client.get(address)).text
        seen += re.findall(r"<code>([^<]+)</code>", page)
        link = re.search(r'href="([^"]+)" rel="next"', page)
        address = link[1].replace("&amp;", "&") if link else ""
    rows = await file_of(client)
    newest = [row["supplier_sku"] for row in await fetch("SELECT supplier_sku FROM offer ORDER BY id DESC")]
    assert seen == newest and [row["sku"] for row in rows] == [f"'{sku}" for sku in newest]
    assert {(row["pieces"], row["sum"], row["net"], row["currency"]) for row in rows} == {
        ("1", "48.90", "48.90", "EUR")
    }


async def test_sales_are_found_by_day_state_and_words(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp, mug = await world.product("Lamp", stock={"LIS": 9}), await world.product("Mug", stock={"LIS": 9})
    with frozen(now() - timedelta(days=40)):
        await paid(world, lamp)
    await paid(world, mug)
    old = (now() - timedelta(days=40)).astimezone(shop_zone()).date()

    async def found(query: str) -> list[str]:
        return [row["product"] for row in await file_of(client, query)]

    assert await found("") == ["Mug"] and await found(f"?from={old}") == ["Mug", "Lamp"]
    assert await found(f"?from={old}&to={old}") == ["Lamp"]
    assert await found("?words=mU") == ["Mug"] and await found("?words=lamp") == []
    assert await found("?state=to-send") == ["Mug"] and await found("?state=delivered") == []
    shown = (await client.get(f"{PLACE}?words=mug&state=to-send&from={old}")).text
    assert f"/supplier/sales.csv?from={old}&amp;state=to-send&amp;words=mug" in shown


WRONG = {
    "from=yesterday": "Write the day like 20",
    "to=2026-02-30": "Write the day like 20",
    "from=0001-01-01": "Write the day like 20",
    "from=2026-03-02&to=2026-03-01": "not before the first one",
    "from=2020-01-01&to=2026-03-01": "a year at most",
    "period=century": "no such period",
    "state=eaten": "no such state",
}


async def test_what_cannot_be_asked_is_said_and_nothing_typed_is_lost(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    for query, said in WRONG.items():
        for place_ in (PLACE, f"{PLACE}.csv"):
            answer = await client.get(f"{place_}?{query}&words=lamp")
            assert answer.status_code == 422 and said in answer.text and 'value="lamp"' in answer.text, query
            assert "Error:" in answer.text


def test_a_place_that_there_cannot_be_is_none() -> None:
    for after in ("", "1", "x-y", "-1-2", "1-2-3", f"{'9' * 30}-1", f"{'9' * 18}-1", "١-٢"):
        assert sales.place_of(after) is None, after
    assert str(sales.place_of("1764338522123456-2")) == "1764338522123456-2"


async def test_a_sale_at_the_turn_of_a_day_counts_by_the_clock_of_the_shop(world: World) -> None:
    supplier, (lamp,) = await world.supplier(), await lamps(world, 1)
    moment = datetime(2026, 7, 1, 0, 30, tzinfo=shop_zone())  # still June in UTC
    with frozen(moment):
        await paid(world, lamp)
    found = await sales.by_day(Asked(supplier, moment - timedelta(days=1), moment + timedelta(days=1)))
    assert [list(days) for days in found.values()] == [[moment.date()]]


async def test_what_sells_best_and_what_runs_out(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    fast, slow, out, calm = [
        await world.product(name, stock={"LIS": pieces})
        for name, pieces in (("Fast", 8), ("Slow", 20), ("Out", 2), ("Calm", 2))
    ]
    await execute("UPDATE offer SET created_at = created_at - interval '15 days'")
    for goods, pieces in ((fast, 6), (slow, 4), (out, 2), (calm, 1)):
        await paid(world, goods, quantity=pieces)
    assert [each.pieces for each in await sales.best(asked(supplier))] == [6, 4, 2, 1]
    found = await running_out(supplier)
    assert [(each.name, each.free, each.days_left) for each in found] == [("Out", 0, 0), ("Fast", 2, 5)]
    shown = (await client.get(PLACE)).text
    assert "About 5 days" in shown and "Sold out" in shown


async def test_a_suspended_seller_still_sees_what_he_sold(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    await paid(world, await world.product())
    await execute("UPDATE supplier SET state = 'suspended'")
    shown = await client.get(PLACE)
    assert shown.status_code == 200 and "Alcova" in shown.text and "suspended" in shown.text


async def test_where_adding_up_takes_long_the_list_comes_before_the_figures(
    world: World, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lamp,) = await lamps(world, 1)
    await at_the_desk(world, client)
    for _ in range(2):
        await paid(world, lamp)
    assert "Kept by buyers" in (await client.get(PLACE)).text
    monkeypatch.setattr(sales_pages, "SLOW", 1)
    page = (await client.get(f"{PLACE}?words=lamp")).text
    assert "Newest first" in page and "Kept by buyers" not in page
    (address,) = set(re.findall(r'(?:href|hx-get)="([^"]*figures=1)"', page))
    whole, part = [
        (await client.get(html.unescape(address), headers=headers)).text for headers in ({}, {"hx-request": "true"})
    ]
    assert "Kept by buyers" in whole and "Newest first" in whole
    assert "Kept by buyers" in part and "Newest first" not in part
