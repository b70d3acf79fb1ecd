"""A large feed fills neither the log nor anybody's way."""

import asyncio

import pytest

from app.events.consumers import Consumer
from app.events.event import Event
from app.events.log import StreamLog, stream
from app.events.relay import relay
from app.infra import redis
from app.suppliers import batches, cutting, progress, reading
from tests.events.flowing import flowing, until
from tests.suppliers.line import as_csv, offers, row, send
from tests.world import World
from workers.consumers import CONSUMERS, take_offers

BULK = "offers-bulk"


@pytest.fixture(autouse=True)
def few_bytes_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BULK_BYTES", 10_000)
    monkeypatch.setattr(cutting, "GOOD_ROWS", 50)
    monkeypatch.setattr(reading, "AHEAD", 100)  # nobody consumes


def rows(count: int) -> list[dict[str, str]]:
    return [
        row(f"S{number}", f"Lamp {number}", description="Stays where you leave it. " * 20) for number in range(count)
    ]


async def test_while_nobody_consumes_the_log_holds_references_and_no_rows(world: World) -> None:
    content = as_csv(rows(1000))
    with_rows = await send(await world.supplier(), content)
    await reading.read_feed(with_rows)
    log, client = StreamLog(redis.client(patient=True)), redis.client(patient=True)
    while await relay(log):
        pass
    assert await client.xlen(stream(BULK)) == 1000 / 50 + 1
    assert await client.memory_usage(stream(BULK), samples=0) < len(content) / 20


async def test_a_small_feed_is_in_the_catalogue_while_a_large_one_stands_still(world: World) -> None:
    large, small = await world.supplier(), await world.supplier("Casa Pratas")
    waiting, free = asyncio.Event(), asyncio.Event()

    async def slow(events: list[Event]) -> None:
        waiting.set()
        await free.wait()
        await take_offers(events)

    others = [each for each in CONSUMERS if each.topic != BULK]
    first = await send(large, rows(200))
    await reading.read_feed(first)

    async def over(feed: int) -> bool:
        return (await progress.of(feed)).state == "finished"

    async with flowing(Consumer("catalog", BULK, slow), *others):
        await asyncio.wait_for(waiting.wait(), 60)
        second = await send(small, rows(3))
        await reading.read_feed(second)
        await until(lambda: over(second))
        assert (await progress.of(first)).state == "applying"
        assert len(await offers(small)) == 3 and not await offers(large)
        free.set()
        await until(lambda: over(first))
    assert len(await offers(large)) == 200
