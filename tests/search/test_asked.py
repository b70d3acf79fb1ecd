"""The log of searches, and the last ones of a browser."""

import base64
import time
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.infra import clock
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.search import asked
from app.search.asked import LONGEST, SearchLog, forget_old
from app.search.recent import COOKIE
from tests.search.conftest import Reindex
from tests.world import World


async def rows(table: str) -> list[tuple[object, ...]]:
    return [tuple(row.values())[2:] for row in await fetch(f"SELECT * FROM {table} ORDER BY id")]


async def test_queries_are_counted_by_day_however_they_are_written(db: None) -> None:
    log = SearchLog()
    for typed in ("Chávena ", "chavena", "CHAVENA"):
        log.heard(typed, 3)
    await log.flush()
    log.heard("chavena", 4)
    await log.flush()
    assert await rows("search_asked") == [("chavena", "chavena", 4, 4)]
    await log.flush()  # nothing new


async def test_what_failed_is_kept_with_what_succeeded_next(db: None) -> None:
    log = SearchLog()
    log.heard("sofa bed", 0)
    log.heard("couch", 5, before="sofa bed")
    log.heard("couch", 5, before="couch")
    log.heard("lamp", 0, before="sofa bed")
    await log.flush()
    assert await rows("search_followed") == [("sofa bed", "couch", 1)]


async def test_what_looks_personal_and_finds_nothing_is_not_kept(db: None) -> None:
    log = SearchLog()
    for typed in ("marta@feira.example", "call 912345678", "x" * 500):
        log.heard(typed, 0)
    log.heard("5601234567892", 1, before="marta@feira.example")  # a product's number
    await log.flush()
    assert [row[0] for row in await rows("search_asked")] == ["5601234567892", "x" * LONGEST]
    assert await rows("search_followed") == []


async def test_popular_are_those_that_find_something(db: None) -> None:
    log = SearchLog()
    for typed, found in (("lamp", 3), ("lamp", 3), ("mug", 1), ("unicorn", 0)):
        log.heard(typed, found)
    await log.flush()
    await log.read_popular()
    assert [(each.query, each.asked) for each in log.popular] == [("lamp", 2), ("mug", 1)]


async def test_what_others_are_shown_is_not_disfigured_by_who_asked_last(db: None) -> None:
    log = SearchLog()
    for typed in ("Chávena", "l" + "a\u0337" * 30 + "mp", "\U0001d4f6𝓾𝓰", "Cha\u0301"):
        log.heard(typed, 3)
    await log.flush()
    shown = {row[0]: row[1] for row in await rows("search_asked")}
    assert shown == {"chavena": "Chávena", "l" + "a" * 30 + "mp": "l" + "a" * 30 + "mp", "mug": "mug", "cha": "Chá"}


async def test_memory_is_bounded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_GATHERED", 3)
    log = SearchLog()
    for number in range(9):
        log.heard(f"query {number}", 1)
    await log.flush()
    assert len(await rows("search_asked")) == 3


async def test_a_day_has_room_for_so_many_and_then_only_counts_on(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_A_DAY", 2)
    log = SearchLog()
    for queries in (("lamp", "mug"), ("lamp", "sofa")):
        for typed in queries:
            log.heard(typed, 1)
        log.heard("chair", 1, before="throne")
        await log.flush()
    assert [(row[0], row[2]) for row in await rows("search_asked")] == [("chair", 2), ("lamp", 2), ("mug", 1)]
    assert await rows("search_followed") == []
    with clock.frozen(now() + timedelta(days=1)):
        log.heard("sofa", 1)
        await log.flush()
    assert len(await rows("search_asked")) == 4


async def test_old_days_are_forgotten(db: None) -> None:
    for days in (10, 200):
        await execute(
            "INSERT INTO search_asked (day, query, shown) VALUES ($1, 'lamp', 'lamp')",
            (now() - timedelta(days=days)).date(),
        )
    await forget_old()
    assert len(await rows("search_asked")) == 1


async def test_the_last_searches_are_shown_and_can_be_forgotten(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await world.product("Alcova lamp")
    await reindex()
    for typed in ("lamp", "mug", "Lamp"):
        await client.get("/search", params={"q": typed})
    page = (await client.get("/search")).text
    assert page.index('href="/search?q=Lamp"') < page.index('href="/search?q=mug"')
    assert 'data-text="Lamp"' in (await client.get("/search/suggestions")).text
    page = (await client.post("/search/recent/removal", data={"query": "mug"})).text
    assert "Your last searches" in page and "q=mug" not in page
    assert "Your last searches" not in (await client.post("/search/recent/removal")).text


@pytest.mark.parametrize("sent", ["nonsense", "%%%", "a" * 4000, "eyJxdWVyaWVzIjogMX0", "W10"])
async def test_a_cookie_that_says_nonsense_says_nothing(
    sent: str, world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await reindex()
    client.cookies.set(COOKIE, sent)
    assert (await client.get("/search")).status_code == 200
    assert (await client.get("/search/suggestions")).status_code == 200
    assert (await client.get("/search?q=lamp")).status_code == 200


async def test_a_cookie_that_was_made_up_keeps_nobody_s_searches_from_being_counted(
    world: World, reindex: Reindex, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.product("Alcova lamp")
    await reindex()
    log = SearchLog()
    monkeypatch.setattr(asked, "_log", log)
    made_up = msgspec.json.encode({"queries": ["x"], "failed": "So\0fA ", "at": time.time()})
    client.cookies.set(COOKIE, base64.urlsafe_b64encode(made_up).decode())
    await client.get("/search?q=lamp")
    await log.flush()
    assert [row[0] for row in await rows("search_asked")] == ["lamp"]
    assert await rows("search_followed") == [("sofa", "lamp", 1)]


async def test_who_wants_no_record_is_not_counted(
    world: World, reindex: Reindex, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reindex()
    log = SearchLog()
    monkeypatch.setattr(asked, "_log", log)
    await client.get("/search?q=lamp", headers={"sec-gpc": "1"})
    await client.get("/search?q=mug&page=2")
    await client.get("/search?q=chair")
    await log.flush()
    assert [row[0] for row in await rows("search_asked")] == ["chair"]


async def test_robots_are_not_counted(
    world: World, reindex: Reindex, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reindex()
    log = SearchLog()
    monkeypatch.setattr(asked, "_log", log)
    await client.get("/search?q=lamp", headers={"user-agent": "Mozilla/5.0 (compatible; Examplebot/2.1)"})
    client.cookies.clear()
    await client.get("/search?q=chair", headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64)"})
    await log.flush()
    assert [row[0] for row in await rows("search_asked")] == ["chair"]
