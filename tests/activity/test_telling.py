"""Notes are told in bulk and may be dropped: no page waits for the log, and the log does not fill."""

import asyncio
import time
from typing import Any
from uuid import uuid4

import pytest
from redis.exceptions import ConnectionError as RedisAway

from app.activity import noting
from app.activity.noting import MOST, NOBODY, Note, Noted, noted
from app.activity.tables import Kind
from app.events.event import Event
from app.events.log import StreamLog
from app.infra import redis
from app.infra.settings import settings
from tests.accounts.people import Client
from tests.activity.hearing import counted, heard
from tests.world import Goods


async def test_what_is_too_much_is_dropped_and_counted() -> None:
    found = Noted()
    for number in range(MOST + 7):
        found.add(f"account:{number % 3}", Note(Kind.VIEWED, time.time(), number))
    assert (found.noted, found.dropped) == (MOST, 7)


async def test_how_much_was_dropped_is_told_and_written_down(db: None) -> None:
    for number in range(MOST + 7):
        noted().add("visitor:00", Note(Kind.VIEWED, time.time(), number))
    await heard()
    assert (await counted("dropped"), await counted("viewed")) == (7, MOST)


class Away:
    """A log that is not there."""

    async def publish_all(self, events: list[Event], most: int) -> None:
        raise RedisAway("away")


async def test_without_a_log_notes_are_dropped_and_no_page_notices(client: Client, lamp: Goods) -> None:
    await client.get(f"/p/{lamp.slug}")
    log: Any = Away()
    await noted().tell(log)
    assert (noted().dropped, noted().told) == (1, 0)
    assert (await client.get(f"/p/{lamp.slug}")).status_code == 200
    await heard()
    assert (await counted("viewed"), await counted("dropped")) == (1, 1)


async def test_noting_asks_neither_redis_nor_postgresql(
    client: Client, lamp: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of a product that is in memory asks nothing, and noting does not change that."""
    monkeypatch.setattr(settings(), "show_query_count", True)
    await client.get(f"/p/{lamp.slug}")
    answer = await client.get(f"/p/{lamp.slug}")
    assert answer.headers["x-query-count"] == "0"
    assert noted().noted == 2
    assert not asyncio.iscoroutinefunction(noting.note)


async def test_the_log_does_not_fill_while_nobody_reads_it(db: None) -> None:
    log = StreamLog(redis.client(patient=True))
    events = [Event(uuid4(), noting.TOPIC, NOBODY, {"notes": []}) for _ in range(3000)]
    await log.publish_all(events, 100)
    assert await redis.client(patient=True).xlen("feira:log:activity") < 300


async def test_a_process_stops_at_once_whatever_its_telling_is_at(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis's client loses a cancellation that comes just when an answer does."""
    monkeypatch.setattr(noting, "FLUSH_SECONDS", 0.001)
    for turn in range(60):
        noted().add("account:1", Note(Kind.VIEWED, 0.0, 1))
        await noting.TELLING.start()
        await asyncio.sleep(turn % 12 / 1000)
        noted().add("account:1", Note(Kind.VIEWED, 0.0, 1))
        await asyncio.wait_for(noting.stop(), 5)
        await redis.close()
