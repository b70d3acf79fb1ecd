"""Who may use the API of suppliers' programs, for what, and how often."""

import asyncio
from typing import Any

import pytest

from app.infra import buckets
from app.infra.buckets import Limit
from app.infra.database import execute, fetch
from app.suppliers import api_access
from app.suppliers.api_keys import Scope
from tests.accounts.people import Client, person, sign_in
from tests.suppliers.line import as_csv, offers, row, send_and_take, stored_files, take_all
from tests.suppliers.programs import PLACE, Program, problem, program
from tests.world import World


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


async def test_what_belongs_to_another_supplier_is_not_there(world: World, client: Client, oficina: Program) -> None:
    other = await world.supplier("Casa Pratas")
    feed = await send_and_take(other, [row("THEIRS", price="none"), row("A")])
    for path in (f"/feeds/{feed.id}", f"/feeds/{feed.id}/problems", "/offers/A"):
        problem(await oficina.call("GET", path), 404)
    assert (await oficina.call("GET", "/feeds")).json()["feeds"] == []
    await oficina.put("A", price="1.00")
    await take_all()
    assert (await offers(other))["A"]["price_minor"] == 4890


@pytest.mark.parametrize("feed", ["0", "-1", "9" * 30, "9" * 5000, "x"])
async def test_a_feed_that_never_was_is_not_found(oficina: Program, feed: str) -> None:
    problem(await oficina.call("GET", f"/feeds/{feed}"), 404)


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


@pytest.mark.parametrize(("method", "path"), [("POST", "/feeds?mode=delta"), ("PUT", "/offers/A")])
async def test_who_is_suspended_while_something_comes_in_does_not_get_it_in(
    world: World, oficina: Program, method: str, path: str
) -> None:
    supplier, before = await world.supplier(), stored_files()

    async def slowly() -> Any:
        yield b'{"title": "Alcova desk lamp", "price": "48.90", '
        await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
        yield b'"stock": 5, "category": "lighting/desk-lamps"}'

    answer = await oficina.call(method, path, content=slowly())
    assert "suspended" in problem(answer, 403)["detail"]
    assert await fetch("SELECT 1 FROM feed") == []
    assert stored_files() == before


@pytest.mark.parametrize("state", ["suspended", "applied", "declined"])
async def test_a_supplier_that_may_not_sell_uses_no_api(world: World, oficina: Program, state: str) -> None:
    await execute("UPDATE supplier SET state = $1", state)
    problem(await oficina.put("A"), 403)
    refused = await oficina.call("POST", "/feeds", content=as_csv([row("A")]))
    problem(refused, 403)
    said = "waits for our answer" if state == "applied" else state
    assert said in refused.json()["detail"]


async def test_addresses_and_methods_that_are_not_there_are_told_in_json(oficina: Program) -> None:
    problem(await oficina.call("GET", "/nothing"), 404)
    problem(await oficina.call("GET", "/offers"), 404)
    refused = await oficina.call("DELETE", "/offers/A")
    problem(refused, 405)
    assert set(refused.headers["allow"].split(", ")) >= {"GET", "PUT"}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in api_access.LIMITS:
        monkeypatch.setitem(api_access.LIMITS, name, Limit(rate=0.001, burst=3))


@pytest.mark.usefixtures("few")
async def test_a_key_that_asks_too_often_is_told_when_to_go_on(world: World, client: Client, oficina: Program) -> None:
    answers = await asyncio.gather(*(oficina.put(f"S{n}") for n in range(8)))
    granted = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (len(granted), len(refused)) == (3, 5)
    assert sorted(answer.headers["ratelimit-remaining"] for answer in granted) == ["0", "1", "2"]
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    problem(refused[0], 429)
    assert 900 < int(refused[0].headers["retry-after"]) <= 1000
    another = await program(client, await world.supplier())
    assert (await another.put("A")).status_code == 200  # each key has its own
    assert (await oficina.call("GET", "/feeds")).status_code == 200  # and reading is counted apart


@pytest.mark.usefixtures("few")
async def test_without_redis_the_api_works_and_counts_for_itself(
    oficina: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.infra.redis._down_until", float("inf"))
    buckets._local.clear()
    assert [(await oficina.put("A")).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_a_bucket_fills_again(world: World) -> None:
    limit = Limit(rate=1000, burst=1)
    assert (await buckets.take("one", limit)).granted
    for _ in range(1000):
        if (taken := await buckets.take("one", limit)).granted:
            break
        await asyncio.sleep(taken.wait)
    assert taken.granted
