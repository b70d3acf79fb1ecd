"""Rules of the API by which suppliers' programs set single offers."""

import asyncio
import json

import pytest

from app.infra.database import fetch, fetch_one
from app.suppliers import progress
from app.suppliers.reading import read_feed
from tests.accounts.people import Client, sign_in
from tests.suppliers.line import offers, row, send, send_and_take, take_all
from tests.suppliers.programs import LAMP, PLACE, Program, problem
from tests.world import World


async def test_an_offer_is_in_the_catalogue_as_it_was_set(world: World, client: Client, oficina: Program) -> None:
    offer = {"list_price": 56, "gtin": "5601234567890", "stocks": {"LIS": 3, "OPO": 2}, "colour": "Bottle green"}
    body = {name: value for name, value in LAMP.items() if name != "stock"}
    answer = await oficina.call("PUT", "/offers/L-1", json={**body, **offer})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["state"], said["sku"], said["links"]["offer"]) == ("accepted", "L-1", f"{PLACE}/offers/L-1")
    await take_all()
    standing = (await oficina.call("GET", "/offers/L-1")).json()
    assert standing["stocks"] == {"LIS": 3, "OPO": 2}
    assert (standing["shown_price"], standing["shown_list_price"]) == ("48.90", "56.00")
    assert standing["feed"] == said["feed"]
    feed = (await oficina.call("GET", f"/feeds/{said['feed']}")).json()
    assert (feed["state"], feed["received"], feed["applied"], feed["mode"]) == ("finished", 1, 1, "delta")
    page = await client.get("/p/" + standing["product"].rpartition("/")[2])
    assert page.status_code == 200 and "Alcova desk lamp" in page.text


async def test_the_same_offer_again_changes_nothing(world: World, oficina: Program) -> None:
    await oficina.put("A")
    await take_all()
    before = (await offers(await world.supplier()))["A"]
    again = await oficina.put("A")
    await take_all()
    assert (await progress.of(again.json()["feed"])).unchanged == 1
    after = (await offers(await world.supplier()))["A"]
    assert (after["updated_at"], after["version"]) == (before["updated_at"], before["version"])


async def test_an_offer_leaves_the_others_as_they_are(world: World, oficina: Program) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    await oficina.put("A", price="9.00")
    await take_all()
    prices = {sku: offer["price_minor"] for sku, offer in (await offers(supplier)).items()}
    assert prices == {"A": 900, "B": 4890}


async def test_an_offer_set_while_an_older_feed_is_on_its_way_stands(world: World, oficina: Program) -> None:
    supplier = await world.supplier()
    older = await send(supplier, [row("A", price="1.00"), row("B")])
    await oficina.put("A", price="9.00")
    await take_all()
    await read_feed(older)
    await take_all()
    assert (await progress.of(older)).state == "finished"
    prices = {sku: offer["price_minor"] for sku, offer in (await offers(supplier)).items()}
    assert prices == {"A": 900, "B": 4890}


async def test_the_last_of_many_offers_at_once_stands(world: World, oficina: Program) -> None:
    answers = await asyncio.gather(*(oficina.put("A", price=f"{price}.00") for price in range(1, 13)))
    await take_all()
    last = max(answers, key=lambda answer: answer.json()["feed"])
    feed = await fetch_one("SELECT count(*) FILTER (WHERE state = 'finished') AS ended, count(*) AS all FROM feed")
    assert feed and (feed["ended"], feed["all"]) == (12, 12)
    price = json.loads(last.request.content)["price"]
    assert (await oficina.call("GET", "/offers/A")).json()["price"] == price


async def test_single_offers_neither_end_nor_hide_a_withdrawal_that_waits(world: World, oficina: Program) -> None:
    from app.suppliers import feeds

    supplier = await world.supplier()
    await send_and_take(supplier, [row(f"S{n}", f"Lamp {n}") for n in range(50)])
    short = await send_and_take(supplier, [row("S0", "Lamp 0")])
    assert short.withheld == 49
    await oficina.put("S1", price="9.00")
    await take_all()
    assert await feeds.confirm_withdrawal(short.id)
    await take_all()
    assert set(await offers(supplier)) == {"S0", "S1"}  # S1 was spoken of since


async def test_everything_that_is_wrong_is_said_at_once(oficina: Program) -> None:
    answer = await oficina.put("A", title="", price="free", handling_days=99)
    said = problem(answer, 422)
    assert {"title", "price", "handling_days"} <= {wrong["field"] for wrong in said["errors"]}
    price = next(wrong for wrong in said["errors"] if wrong["field"] == "price")
    assert price["value"] == "free" and price["reason"] and price["advice"]
    assert not await fetch("SELECT 1 FROM feed")


async def test_what_was_mended_or_not_used_is_told_as_a_warning(oficina: Program) -> None:
    answer = await oficina.put("A", gtin="123", prise="1.00")
    assert answer.status_code == 200
    warned = {wrong["field"]: wrong for wrong in answer.json()["warnings"]}
    assert set(warned) == {"gtin", "prise"}
    kept = (await oficina.call("GET", f"/feeds/{answer.json()['feed']}/problems")).json()["problems"]
    assert {wrong["field"] for wrong in kept} == {"gtin", "prise"}


@pytest.mark.parametrize(
    ("address", "sku"),
    [
        ("a%2Fb", "a/b"),
        ("a/b", "a/b"),
        ("100%25", "100%"),
        ("%252F", "%2F"),
        ("caf%C3%A9%20%F0%9F%92%A1", "café 💡"),
        ("a+b", "a+b"),
        ("%2Fa%2F", "/a/"),
        ("a%3Fb%23c", "a?b#c"),
        ("feeds", "feeds"),
    ],
)
async def test_any_sku_can_be_written_as_an_address(world: World, oficina: Program, address: str, sku: str) -> None:
    answer = await oficina.put(address)
    assert answer.json()["sku"] == sku
    await take_all()
    assert set(await offers(await world.supplier())) == {sku}
    link = answer.json()["links"]["offer"].removeprefix(PLACE)
    for path in (f"/offers/{address}", link):
        assert (await oficina.call("GET", path)).json()["sku"] == sku


@pytest.mark.parametrize(
    ("address", "status"), [("%ff", 400), ("%00", 422), ("x" * 101, 422), ("%E2%80%8B", 422), ("%20", 422)]
)
async def test_what_is_no_sku_is_refused(oficina: Program, address: str, status: int) -> None:
    problem(await oficina.put(address), status)
    problem(await oficina.call("GET", f"/offers/{address}"), 400 if status == 400 else 404)


async def test_a_sku_in_the_body_may_only_repeat_the_address(oficina: Program) -> None:
    assert (await oficina.put("A", sku="A")).status_code == 200
    assert (await oficina.put("A", id=17)).status_code == 200  # a number of their own: the address counts
    assert problem(await oficina.put("A", sku="B"), 422)["errors"][0]["field"] == "sku"
    problem(await oficina.put("A", sku=["A"]), 422)


HOSTILE: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no JSON": (b"title=Lamp&price=3", 400),
    "broken off": (b'{"title": "La', 400),
    "no UTF-8": (b'{"title": "\xff"}', 400),
    "a list": (b"[]", 422),
    "a number": (b"1", 422),
    "null": (b"null", 422),
    "deep": (b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "less deep": (b'{"title":' + b"[" * 600 + b"]" * 600 + b"}", 422),
    "a huge number": (b'{"title": "Lamp", "price": ' + b"9" * 5000 + b"}", 422),
    "an exponent": (b'{"title": "Lamp", "price": 1e999999999}', 422),
    "NaN": (b'{"title": "Lamp", "price": NaN, "stock": -Infinity}', 422),
    "wrong types": (b'{"title": {"a": []}, "price": [], "stock": {}, "options": 7, "stocks": [null]}', 422),
    "half a pair": (b'{"title": "\\ud800", "price": "\\udfff", "currency": "\\ud800"}', 422),
    "zero bytes": (b'{"title": "Lamp", "price": "1", "currency": "\\u0000\\u0000\\u0000"}', 422),
    "warehouses": (b'{"title": "Lamp", "price": "1", "stocks": {"\\u0000\\ud800": 3}}', 422),
    "names": (b'{"\\u0000\\ud800": 1, "price": "x"}', 422),
    "too many names": (json.dumps({f"n{n}": 1 for n in range(501)}).encode(), 422),
    "a long field": (json.dumps({**LAMP, "description": "x" * 20_001}).encode(), 422),
    "10 MB": (json.dumps({**LAMP, "description": "x" * 10_000_000}).encode(), 413),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_body_is_refused_with_words(oficina: Program, name: str) -> None:
    body, status = HOSTILE[name]
    problem(await oficina.call("PUT", "/offers/A", content=body), status)
    assert not await fetch("SELECT 1 FROM feed")


async def test_strange_characters_in_what_is_taken_are_stored_and_told_safely(world: World, oficina: Program) -> None:
    strange = {
        "\0\ud800": 1,
        "category": "\0\ud800 lamps",
        "options": {"\0": "\ud800"},
        "image": "\0",
        "gtin": "\ud800",
    }
    body = json.dumps({**LAMP, **strange}).encode()  # as escapes: \u0000, \ud800
    answer = await oficina.call("PUT", "/offers/A", content=body)
    assert answer.status_code == 200, answer.text
    await take_all()
    assert "A" in await offers(await world.supplier())


async def test_the_desk_counts_single_offers_and_lists_none(world: World, client: Client, oficina: Program) -> None:
    supplier = await world.supplier()
    await sign_in(client, email=f"keeper-{supplier}@example.pt")
    assert "by API today" not in (await client.get("/supplier/feeds")).text
    await oficina.put("A-SINGLE")
    await oficina.put("A-SINGLE")
    text = (await client.get("/supplier/feeds")).text
    assert "2 changes by API today" in text and "A-SINGLE" not in text
