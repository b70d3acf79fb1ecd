"""Rules of the API by which suppliers' programs send feeds and set offers."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.infra import buckets
from app.infra.buckets import Limit
from app.infra.database import execute, fetch, fetch_one
from app.infra.settings import settings
from app.suppliers import api_access, api_offers, progress
from app.suppliers.api_keys import Scope
from app.suppliers.arriving import feeds_folder
from app.suppliers.reading import read_feed
from tests.accounts.people import Client, person, sign_in
from tests.suppliers.line import as_csv, offers, row, send, send_and_take, take_all
from tests.suppliers.programs import LAMP, PLACE, Program, program
from tests.world import World


@pytest.fixture
async def shop(world: World, client: Client) -> Program:
    """A program of Oficina do Vale that may do everything."""
    api_offers._contexts.clear()  # what the world of another test was like
    return await program(client, await world.supplier())


def problem(answer: Any, status: int) -> dict[str, Any]:
    """What the API says is wrong; always as a problem in JSON, never a page."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "set-cookie" not in answer.headers
    said: dict[str, Any] = answer.json()
    assert said["status"] == status and said["detail"] and said["title"]
    return said


def stored() -> set[Path]:
    return {path for path in feeds_folder().rglob("*") if path.is_file()}


# Feeds


@pytest.mark.parametrize(("method", "path"), [("POST", "/feeds?mode=delta"), ("PUT", "/offers/A")])
async def test_who_is_suspended_while_something_comes_in_does_not_get_it_in(
    world: World, shop: Program, method: str, path: str
) -> None:
    supplier, before = await world.supplier(), stored()

    async def slowly() -> Any:
        yield b'{"title": "Alcova desk lamp", "price": "48.90", '
        await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
        yield b'"stock": 5, "category": "lighting/desk-lamps"}'

    answer = await shop.call(method, path, content=slowly())
    assert "suspended" in problem(answer, 403)["detail"]
    assert await fetch("SELECT 1 FROM feed") == []
    assert stored() == before


async def test_a_feed_goes_from_the_request_to_the_product_in_the_catalogue(
    world: World, client: Client, shop: Program
) -> None:
    content = as_csv([row("A"), row("B", price="48,9O")])
    sent = await shop.call("POST", "/feeds?mode=full&filename=spring.csv", content=content)
    assert sent.status_code == 202
    assert (sent.json()["state"], sent.json()["filename"]) == ("waiting", "spring.csv")
    assert sent.headers["location"] == sent.json()["links"]["self"]
    await read_feed(sent.json()["id"])
    await take_all()
    followed = (await client.get(sent.headers["location"], headers={"authorization": f"Bearer {shop.key}"})).json()
    counts = [followed[name] for name in ("state", "received", "rejected", "applied")]
    assert counts == ["finished", 2, 1, 1]
    (wrong,) = (await shop.call("GET", f"/feeds/{followed['id']}/problems")).json()["problems"]
    assert (wrong["sku"], wrong["field"], wrong["severity"]) == ("B", "price", "rejected")
    offer = (await shop.call("GET", "/offers/A")).json()
    assert (offer["state"], offer["price"], offer["stocks"]) == ("on_sale", "48.90", {"LIS": 5})
    page = await client.get("/p/" + offer["product"].rpartition("/")[2])
    assert page.status_code == 200 and "Alcova desk lamp" in page.text


async def test_the_same_request_sent_again_is_the_same_feed(world: World, shop: Program) -> None:
    content, before = as_csv([row("A")]), stored()
    again = {"idempotency-key": "night-1"}
    first = await shop.call("POST", "/feeds", again, content=content)
    second = await shop.call("POST", "/feeds", again, content=content)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    other = await shop.call("POST", "/feeds", again, content=as_csv([row("B")]))
    assert problem(other, 422)["errors"][0]["field"] == "Idempotency-Key"
    problem(await shop.call("POST", "/feeds?mode=delta", again, content=content), 422)
    assert len(await fetch("SELECT 1 FROM feed")) == 1
    assert len(stored() - before) == 1


async def test_of_many_equal_requests_at_once_one_becomes_a_feed(world: World, shop: Program) -> None:
    content = as_csv([row("A")])
    answers = await asyncio.gather(
        *(shop.call("POST", "/feeds", {"idempotency-key": "night-1"}, content=content) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await fetch("SELECT 1 FROM feed")) == 1


async def test_a_suppliers_idempotency_keys_are_his_own(world: World, client: Client, shop: Program) -> None:
    theirs = await program(client, await world.supplier("Casa Pratas"))
    key = {"idempotency-key": "1"}
    mine = await shop.call("POST", "/feeds", key, content=as_csv([row("A")]))
    other = await theirs.call("POST", "/feeds", key, content=as_csv([row("B")]))
    assert (mine.status_code, other.status_code) == (202, 202)


async def test_a_feed_may_be_sent_as_a_form_too(world: World, shop: Program) -> None:
    files = {"file": ("a.csv", as_csv([row("A")]))}
    sent = await shop.call("POST", "/feeds", files=files, data={"mode": "delta"})
    assert sent.status_code == 202
    assert (sent.json()["mode"], sent.json()["filename"]) == ("delta", "a.csv")


@pytest.mark.parametrize(
    ("path", "headers", "content", "status", "field"),
    [
        ("/feeds?mode=half", {}, b"sku", 422, "mode"),
        ("/feeds", {}, b"", 422, "file"),
        ("/feeds", {"idempotency-key": "x" * 201}, b"sku", 422, "Idempotency-Key"),
        ("/feeds", {"idempotency-key": ""}, b"sku", 422, "Idempotency-Key"),
        ("/feeds", {"content-type": "multipart/form-data"}, b"sku", 422, "file"),
        ("/feeds", {"content-type": "multipart/form-data; boundary=x"}, b"--x\r\nbroken", 422, "file"),
        ("/feeds", {"content-encoding": "br"}, b"sku", 415, ""),
    ],
)
async def test_a_feed_that_cannot_be_taken_leaves_nothing(
    shop: Program, path: str, headers: dict[str, str], content: bytes, status: int, field: str
) -> None:
    said = problem(await shop.call("POST", path, headers, content=content), status)
    assert [wrong["field"] for wrong in said["errors"]] == ([field] if field else [])
    assert not await fetch("SELECT 1 FROM feed")
    assert not list((feeds_folder() / "arriving").glob("*"))


async def test_a_feed_above_the_limit_is_refused_while_it_comes(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "feed_max_bytes", 2000)

    async def slowly() -> Any:
        for _ in range(100):
            yield b"x" * 100

    problem(await shop.call("POST", "/feeds", content=slowly()), 413)
    assert not list((feeds_folder() / "arriving").glob("*"))


async def test_feeds_are_listed_page_by_page_without_single_offers(world: World, shop: Program) -> None:
    supplier = await world.supplier()
    ids = [await send(supplier, [row(f"S{number}")]) for number in range(5)]
    await shop.put("A")
    first = (await shop.call("GET", "/feeds?limit=3")).json()
    assert [feed["id"] for feed in first["feeds"]] == ids[:1:-1]
    rest = (await shop.call("GET", first["next"].removeprefix(PLACE))).json()
    assert [feed["id"] for feed in rest["feeds"]] == ids[1::-1]
    assert rest["next"] is None


async def test_problems_are_listed_page_by_page(world: World, shop: Program) -> None:
    feed = await send_and_take(await world.supplier(), [row("A"), *[row(f"B{n}", price="none") for n in range(5)]])
    first = (await shop.call("GET", f"/feeds/{feed.id}/problems?limit=3")).json()
    rest = (await shop.call("GET", first["next"].removeprefix(PLACE))).json()
    found = [wrong["sku"] for wrong in first["problems"] + rest["problems"]]
    assert found == [f"B{n}" for n in range(5)]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=101", "before=-1", "before=" + "9" * 5000, "limit=٣"])
async def test_a_page_that_cannot_be_is_refused(shop: Program, query: str) -> None:
    problem(await shop.call("GET", f"/feeds?{query}"), 422)


# Single offers


async def test_an_offer_is_in_the_catalogue_as_it_was_set(world: World, client: Client, shop: Program) -> None:
    offer = {"list_price": 56, "gtin": "5601234567890", "stocks": {"LIS": 3, "OPO": 2}, "colour": "Bottle green"}
    body = {name: value for name, value in LAMP.items() if name != "stock"}
    answer = await shop.call("PUT", "/offers/L-1", json={**body, **offer})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["state"], said["sku"], said["links"]["offer"]) == ("accepted", "L-1", f"{PLACE}/offers/L-1")
    await take_all()
    standing = (await shop.call("GET", "/offers/L-1")).json()
    assert standing["stocks"] == {"LIS": 3, "OPO": 2}
    assert (standing["shown_price"], standing["shown_list_price"]) == ("48.90", "56.00")
    assert standing["feed"] == said["feed"]
    feed = (await shop.call("GET", f"/feeds/{said['feed']}")).json()
    assert (feed["state"], feed["received"], feed["applied"], feed["mode"]) == ("finished", 1, 1, "delta")
    page = await client.get("/p/" + standing["product"].rpartition("/")[2])
    assert page.status_code == 200 and "Alcova desk lamp" in page.text


async def test_the_same_offer_again_changes_nothing(world: World, shop: Program) -> None:
    await shop.put("A")
    await take_all()
    before = (await offers(await world.supplier()))["A"]
    again = await shop.put("A")
    await take_all()
    assert (await progress.of(again.json()["feed"])).unchanged == 1
    after = (await offers(await world.supplier()))["A"]
    assert (after["updated_at"], after["version"]) == (before["updated_at"], before["version"])


async def test_an_offer_leaves_the_others_as_they_are(world: World, shop: Program) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A"), row("B")])
    await shop.put("A", price="9.00")
    await take_all()
    prices = {sku: offer["price_minor"] for sku, offer in (await offers(supplier)).items()}
    assert prices == {"A": 900, "B": 4890}


async def test_an_offer_set_while_an_older_feed_is_on_its_way_stands(world: World, shop: Program) -> None:
    supplier = await world.supplier()
    older = await send(supplier, [row("A", price="1.00"), row("B")])
    await shop.put("A", price="9.00")
    await take_all()
    await read_feed(older)
    await take_all()
    assert (await progress.of(older)).state == "finished"
    prices = {sku: offer["price_minor"] for sku, offer in (await offers(supplier)).items()}
    assert prices == {"A": 900, "B": 4890}


async def test_the_last_of_many_offers_at_once_stands(world: World, shop: Program) -> None:
    answers = await asyncio.gather(*(shop.put("A", price=f"{price}.00") for price in range(1, 13)))
    await take_all()
    last = max(answers, key=lambda answer: answer.json()["feed"])
    feed = await fetch_one("SELECT count(*) FILTER (WHERE state = 'finished') AS ended, count(*) AS all FROM feed")
    assert feed and (feed["ended"], feed["all"]) == (12, 12)
    price = json.loads(last.request.content)["price"]
    assert (await shop.call("GET", "/offers/A")).json()["price"] == price


async def test_single_offers_neither_end_nor_hide_a_withdrawal_that_waits(world: World, shop: Program) -> None:
    from app.suppliers import feeds

    supplier = await world.supplier()
    await send_and_take(supplier, [row(f"S{n}", f"Lamp {n}") for n in range(50)])
    short = await send_and_take(supplier, [row("S0", "Lamp 0")])
    assert short.withheld == 49
    await shop.put("S1", price="9.00")
    await take_all()
    assert await feeds.confirm_withdrawal(short.id)
    await take_all()
    assert set(await offers(supplier)) == {"S0", "S1"}  # S1 was spoken of since


async def test_everything_that_is_wrong_is_said_at_once(shop: Program) -> None:
    answer = await shop.put("A", title="", price="free", handling_days=99)
    said = problem(answer, 422)
    assert {"title", "price", "handling_days"} <= {wrong["field"] for wrong in said["errors"]}
    price = next(wrong for wrong in said["errors"] if wrong["field"] == "price")
    assert price["value"] == "free" and price["reason"] and price["advice"]
    assert not await fetch("SELECT 1 FROM feed")


async def test_what_was_mended_or_not_used_is_told_as_a_warning(shop: Program) -> None:
    answer = await shop.put("A", gtin="123", prise="1.00")
    assert answer.status_code == 200
    warned = {wrong["field"]: wrong for wrong in answer.json()["warnings"]}
    assert set(warned) == {"gtin", "prise"}
    kept = (await shop.call("GET", f"/feeds/{answer.json()['feed']}/problems")).json()["problems"]
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
async def test_any_sku_can_be_written_as_an_address(world: World, shop: Program, address: str, sku: str) -> None:
    answer = await shop.put(address)
    assert answer.json()["sku"] == sku
    await take_all()
    assert set(await offers(await world.supplier())) == {sku}
    link = answer.json()["links"]["offer"].removeprefix(PLACE)
    for path in (f"/offers/{address}", link):
        assert (await shop.call("GET", path)).json()["sku"] == sku


@pytest.mark.parametrize(
    ("address", "status"), [("%ff", 400), ("%00", 422), ("x" * 101, 422), ("%E2%80%8B", 422), ("%20", 422)]
)
async def test_what_is_no_sku_is_refused(shop: Program, address: str, status: int) -> None:
    problem(await shop.put(address), status)
    problem(await shop.call("GET", f"/offers/{address}"), 400 if status == 400 else 404)


async def test_a_sku_in_the_body_may_only_repeat_the_address(shop: Program) -> None:
    assert (await shop.put("A", sku="A")).status_code == 200
    assert (await shop.put("A", id=17)).status_code == 200  # a number of their own: the address counts
    assert problem(await shop.put("A", sku="B"), 422)["errors"][0]["field"] == "sku"
    problem(await shop.put("A", sku=["A"]), 422)


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
async def test_a_hostile_body_is_refused_with_words(shop: Program, name: str) -> None:
    body, status = HOSTILE[name]
    problem(await shop.call("PUT", "/offers/A", content=body), status)
    assert not await fetch("SELECT 1 FROM feed")


async def test_strange_characters_in_what_is_taken_are_stored_and_told_safely(world: World, shop: Program) -> None:
    strange = {
        "\0\ud800": 1,
        "category": "\0\ud800 lamps",
        "options": {"\0": "\ud800"},
        "image": "\0",
        "gtin": "\ud800",
    }
    body = json.dumps({**LAMP, **strange}).encode()  # as escapes: \u0000, \ud800
    answer = await shop.call("PUT", "/offers/A", content=body)
    assert answer.status_code == 200, answer.text
    await take_all()
    assert "A" in await offers(await world.supplier())


# Who may


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/feeds", Scope.FEEDS_WRITE),
        ("GET", "/feeds", Scope.FEEDS_READ),
        ("GET", "/feeds/1", Scope.FEEDS_READ),
        ("GET", "/feeds/1/problems", Scope.FEEDS_READ),
        ("PUT", "/offers/A", Scope.OFFERS_WRITE),
    ],
)
async def test_a_key_does_only_what_its_scopes_say(
    world: World, client: Client, method: str, path: str, scope: Scope
) -> None:
    supplier = await world.supplier()
    without = await program(client, supplier, *(set(Scope) - {scope}))
    refused = await without.call(method, path)
    problem(refused, 403)
    assert f'scope="{scope}"' in refused.headers["www-authenticate"]
    having = await program(client, supplier, scope)
    assert (await having.call(method, path)).status_code not in (401, 403)


async def test_what_belongs_to_another_supplier_is_not_there(world: World, client: Client, shop: Program) -> None:
    other = await world.supplier("Casa Pratas")
    feed = await send_and_take(other, [row("THEIRS", price="none"), row("A")])
    for path in (f"/feeds/{feed.id}", f"/feeds/{feed.id}/problems", "/offers/A"):
        problem(await shop.call("GET", path), 404)
    assert (await shop.call("GET", "/feeds")).json()["feeds"] == []
    await shop.put("A", price="1.00")
    await take_all()
    assert (await offers(other))["A"]["price_minor"] == 4890


@pytest.mark.parametrize("feed", ["0", "-1", "9" * 30, "9" * 5000, "x"])
async def test_a_feed_that_never_was_is_not_found(shop: Program, feed: str) -> None:
    problem(await shop.call("GET", f"/feeds/{feed}"), 404)


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer  ", "Bearer x", "Basic dTpw", "Bearer feira_" + "0" * 51, "Bearer \xff"]
)
async def test_without_a_good_key_nothing_is_told(client: Client, world: World, authorization: str) -> None:
    headers = {b"authorization": authorization.encode("latin-1")}
    answer = await client.get(f"{PLACE}/feeds", headers=headers)
    problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_signing_in_is_no_key(world: World, client: Client) -> None:
    await person("ana@example.pt", "supplier", await world.supplier())
    await sign_in(client)
    assert (await client.get(f"{PLACE}/feeds")).status_code == 401


@pytest.mark.parametrize("state", ["suspended", "applied", "declined"])
async def test_a_supplier_that_may_not_sell_uses_no_api(world: World, shop: Program, state: str) -> None:
    await execute("UPDATE supplier SET state = $1", state)
    problem(await shop.put("A"), 403)
    refused = await shop.call("POST", "/feeds", content=as_csv([row("A")]))
    problem(refused, 403)
    said = "waits for our answer" if state == "applied" else state
    assert said in refused.json()["detail"]


async def test_addresses_and_methods_that_are_not_there_are_told_in_json(shop: Program) -> None:
    problem(await shop.call("GET", "/nothing"), 404)
    problem(await shop.call("GET", "/offers"), 404)
    refused = await shop.call("DELETE", "/offers/A")
    problem(refused, 405)
    assert set(refused.headers["allow"].split(", ")) >= {"GET", "PUT"}


# Limits


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in api_access.LIMITS:
        monkeypatch.setitem(api_access.LIMITS, name, Limit(rate=0.001, burst=3))


@pytest.mark.usefixtures("few")
async def test_a_key_that_asks_too_often_is_told_when_to_go_on(world: World, client: Client, shop: Program) -> None:
    answers = await asyncio.gather(*(shop.put(f"S{n}") for n in range(8)))
    granted = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (len(granted), len(refused)) == (3, 5)
    assert sorted(answer.headers["ratelimit-remaining"] for answer in granted) == ["0", "1", "2"]
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    problem(refused[0], 429)
    assert 900 < int(refused[0].headers["retry-after"]) <= 1000
    another = await program(client, await world.supplier())
    assert (await another.put("A")).status_code == 200  # each key has its own
    assert (await shop.call("GET", "/feeds")).status_code == 200  # and reading is counted apart


@pytest.mark.usefixtures("few")
async def test_without_redis_the_api_works_and_counts_for_itself(
    shop: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.infra.redis._down_until", float("inf"))
    buckets._local.clear()
    assert [(await shop.put("A")).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_a_bucket_fills_again(world: World) -> None:
    limit = Limit(rate=1000, burst=1)
    assert (await buckets.take("one", limit)).granted
    for _ in range(1000):
        if (taken := await buckets.take("one", limit)).granted:
            break
        await asyncio.sleep(taken.wait)
    assert taken.granted


# The desk


async def test_the_desk_counts_single_offers_and_lists_none(world: World, client: Client, shop: Program) -> None:
    supplier = await world.supplier()
    await sign_in(client, email=f"keeper-{supplier}@example.pt")
    assert "by API today" not in (await client.get("/supplier/feeds")).text
    await shop.put("A-SINGLE")
    await shop.put("A-SINGLE")
    text = (await client.get("/supplier/feeds")).text
    assert "2 changes by API today" in text and "A-SINGLE" not in text
