"""Rows that came just so before are recognised, whatever else happened to their offers since."""

import json
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.infra.clock import frozen
from app.infra.database import fetch
from app.suppliers import feeds
from app.suppliers.api_offers import accept
from app.suppliers.formats import RawRow
from app.suppliers.judging import context_of
from app.suppliers.known import Acquaintance, KnownRows, fingerprint_of
from app.suppliers.reading import read_feed
from tests.suppliers.line import offers, rate, row, send, send_and_take, take_all
from tests.world import World

SAID = "1 rows came just so before. The report of that time has their warnings."
CHANGED = row("Z", price="1.00")


def test_another_salt_makes_another_fingerprint() -> None:
    lamp = RawRow(2, {"sku": "A", "title": "Lamp"})
    assert fingerprint_of(lamp, b"rules 1") == fingerprint_of(RawRow(9, dict(lamp.fields)), b"rules 1")
    assert fingerprint_of(lamp, b"rules 1") != fingerprint_of(lamp, b"rules 2")


@given(st.sets(st.integers(-(2**62), 2**62 - 1)), st.sets(st.integers(-(2**62), 2**62 - 1)))
def test_every_fingerprint_is_found_with_its_warning(good: set[int], warned: set[int]) -> None:
    stored = [number * 2 for number in good - warned] + [number * 2 + 1 for number in warned]
    known = KnownRows(np.array(stored, np.int64))
    asked = [*good, *warned]
    expected = [Acquaintance.WARNED if number in warned else Acquaintance.GOOD for number in asked]
    assert known.ask([number * 2 for number in asked]) == expected
    assert KnownRows().ask([2, 4]) == [Acquaintance.NONE] * 2


async def test_of_a_feed_with_one_change_one_row_goes_into_a_batch(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B", gtin="123"), row("C")])
    feed = await send(supplier, [row("A"), row("B", gtin="123"), row("C"), CHANGED])
    await read_feed(feed)
    found = (await fetch("SELECT unchanged, warned, batches FROM feed WHERE id = $1", feed))[0]
    assert tuple(found) == (3, 1, 1)
    await take_all()
    assert set(await offers(supplier)) == {"A", "B", "C", "Z"}
    said = await fetch("SELECT reason FROM feed_problem WHERE feed = $1", feed)
    assert [one["reason"] for one in said] == [SAID]


async def test_a_row_is_taken_again_when_its_offer_was_changed_otherwise(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A", price="10.00"), row("B")])
    await send_and_take(supplier, [row("A", price="12.00")], "delta")
    found = await send_and_take(supplier, [row("A", price="10.00"), row("B")])
    assert (found.applied, found.unchanged) == (1, 1)
    assert (await offers(supplier))["A"]["price_minor"] == 1000


async def test_a_row_is_taken_again_when_its_offer_was_withdrawn(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    await send_and_take(supplier, [row("A")])
    await send_and_take(supplier, [row("A"), row("B")])
    assert set(await offers(supplier)) == {"A", "B"}


async def test_the_same_row_twice_in_a_feed_is_refused_the_second_time_however_well_it_is_known(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    found = await send_and_take(supplier, [row("A"), row("B"), row("A"), row("B", price="2.00")])
    assert (found.unchanged, found.rejected, found.applied) == (2, 2, 0)


async def test_no_row_is_known_after_the_supplier_changed_his_habits(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    await fetch("UPDATE supplier SET default_warehouse = 'OPO' WHERE id = $1", supplier)
    feed = await send(supplier, [row("A"), row("B"), CHANGED])
    await read_feed(feed)
    assert (await fetch("SELECT unchanged FROM feed WHERE id = $1", feed))[0]["unchanged"] == 0


async def test_a_single_offer_that_says_what_we_know_still_outdoes_an_older_feed(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A", price="10.00")])
    older = await send(supplier, [row("A", price="12.00"), CHANGED])
    await accept(supplier, "A", json.dumps(row("A", price="10.00")).encode())
    await take_all()
    await read_feed(older)
    await take_all()
    assert (await offers(supplier))["A"]["price_minor"] == 1000


async def test_what_its_supplier_no_longer_sells_himself_is_withdrawn(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row(sku, active="1") for sku in "ABC"])
    said = await send_and_take(supplier, [row(sku, active=shown) for sku, shown in zip("ABC", "110", strict=True)])
    assert (said.left_out, said.rejected) == (1, 0)
    assert set(await offers(supplier)) == {"A", "B"}


async def test_the_same_file_is_news_when_it_would_be_judged_otherwise(world: World) -> None:
    supplier = await world.supplier()
    content = [row("A"), row("B", price="12 SEK")]
    assert (await send_and_take(supplier, content)).rejected == 1
    assert (await send_and_take(supplier, content)).state == "unchanged"
    await rate("SEK", "11.2000")
    assert (await send_and_take(supplier, content)).rejected == 0
    assert set(await offers(supplier)) == {"A", "B"}


async def test_the_same_file_is_news_when_a_sale_in_it_is_over(world: World) -> None:
    supplier = await world.supplier()
    sale = {"sale_price": "30.00", "sale_price_effective_date": "2026-01-01T00:00+00:00/2026-02-01T00:00+00:00"}
    prices = []
    for day in (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 2, 15, tzinfo=UTC)):
        with frozen(day):
            await send_and_take(supplier, [row("A") | sale])
            prices.append((await offers(supplier))["A"]["price_minor"])
            context = await context_of({"supplier": supplier, "created_at": day})
            assert await feeds.is_of_its_time(supplier, context.fingerprint)
    assert prices == [3000, 4890]
