"""An event is delivered at least once, takes effect once, and is never lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.events import consumers, relay
from app.events import log as event_log
from app.events.consumers import Consumer, NotYet
from app.events.event import Event
from app.events.log import StreamLog
from app.events.outbox import first_time, publish
from app.infra import clock, redis
from app.infra.database import execute, fetch, transaction
from app.infra.outages import DatabaseUnavailable
from tests.world import World


@pytest.fixture
async def log(world: World) -> AsyncIterator[StreamLog]:
    yield StreamLog(redis.client(patient=True))


class Taken:
    """A consumer's effect: the payloads it has taken, in order."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    async def handle(self, events: list[Event]) -> None:
        for event in events:
            async with transaction():
                if await first_time("taker", event.event_id):
                    self.numbers.append(event.payload["n"])

    def consumer(self, batch: int = 1) -> Consumer:
        return Consumer("taker", "numbers", self.handle, batch)


async def running(consumer: Consumer, log: StreamLog, seconds: float = 0.5) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(consumers.run(consumer, log, "reader"), seconds)


async def send(*numbers: int) -> list[UUID]:
    async with transaction():
        return [await publish("numbers", "key", {"n": number}) for number in numbers]


async def test_events_arrive_in_order(log: StreamLog) -> None:
    await send(1, 2, 3)
    assert await relay.relay(log) == 3
    taken = Taken()
    await running(taken.consumer(), log)
    assert taken.numbers == [1, 2, 3]


async def test_an_event_of_a_rolled_back_transaction_never_existed(log: StreamLog) -> None:
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await publish("numbers", "key", {"n": 1})
            raise ZeroDivisionError
    assert await relay.relay(log) == 0


async def test_twice_in_the_log_is_one_effect(log: StreamLog) -> None:
    await send(7)
    await relay.relay(log)
    await execute("UPDATE outbox SET relayed_at = NULL")
    await relay.relay(log)
    taken = Taken()
    await running(taken.consumer(), log)
    assert taken.numbers == [7]


async def test_what_a_flushed_redis_lost_is_relayed_again(log: StreamLog) -> None:
    await send(1, 2)
    await relay.relay(log)
    await redis.client(patient=True).flushdb()
    await execute("UPDATE outbox SET relayed_at = $1", clock.now() - relay.LOST_AFTER - timedelta(seconds=1))
    assert await relay.restore_lost(log, {"numbers": ["taker"]}) == 2
    await relay.relay(log)
    taken = Taken()
    await running(taken.consumer(), log)
    assert taken.numbers == [1, 2]


async def test_what_is_lost_is_relayed_again_while_others_come_and_go(log: StreamLog) -> None:
    await send(1)
    await relay.relay(log)
    await redis.client(patient=True).flushdb()
    await execute("UPDATE outbox SET relayed_at = $1", clock.now() - timedelta(minutes=1))
    await send(2)
    await relay.relay(log)
    await log.join("taker", "numbers")
    await log.say_alive("busy")
    await log.read("taker", "busy", "numbers", 10, wait_ms=1)
    assert await relay.restore_lost(log, {"numbers": ["taker"]}) == 1


async def test_what_waits_in_the_log_is_not_relayed_again(log: StreamLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "LOST_AFTER", timedelta(seconds=2))
    await send(1, 2, 3)
    await relay.relay(log)
    await log.join("taker", "numbers")
    await log.say_alive("busy")
    ((position, _),) = await log.read("taker", "busy", "numbers", 1, wait_ms=1)
    await asyncio.sleep(2.2)
    assert await relay.restore_lost(log, {"numbers": ["taker"]}) == 0
    await log.acknowledge("taker", "numbers", [position])
    assert await relay.restore_lost(log, {"numbers": ["taker"]}) == 0


async def test_what_was_processed_is_not_relayed_again(log: StreamLog) -> None:
    await send(1)
    await relay.relay(log)
    await running(Taken().consumer(), log)
    await execute("UPDATE outbox SET relayed_at = $1", clock.now() - timedelta(minutes=5))
    assert await relay.restore_lost(log, {"numbers": ["taker"]}) == 0


async def test_a_poisonous_event_becomes_a_dead_letter_and_does_not_hold_up_the_next(
    log: StreamLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "TRIES", 2)
    taken = Taken()

    async def picky(events: list[Event]) -> None:
        if any(event.payload["n"] == 13 for event in events):
            raise ValueError("thirteen")
        await taken.handle(events)

    await send(12, 13, 14)
    await relay.relay(log)
    await running(Consumer("taker", "numbers", picky, batch=10), log, 1.5)
    assert taken.numbers == [12, 14]
    letters = await fetch("SELECT consumer, reason FROM dead_letter")
    assert [(row["consumer"], "thirteen" in row["reason"]) for row in letters] == [("taker", True)]


async def test_an_event_before_its_turn_goes_to_the_back_of_the_log(log: StreamLog) -> None:
    seen: list[int] = []

    async def in_turn(events: list[Event]) -> None:
        number = events[0].payload["n"]
        if number == 2 and 1 not in seen:
            raise NotYet
        seen.append(number)

    await send(2, 1)
    await relay.relay(log)

    async def keep_relaying() -> None:
        while True:
            await relay.relay(log)
            await asyncio.sleep(0.05)

    relaying = asyncio.create_task(keep_relaying())
    await running(Consumer("taker", "numbers", in_turn), log, 2.0)
    relaying.cancel()
    assert seen == [1, 2]


async def test_pruning_keeps_what_somebody_has_not_processed(log: StreamLog) -> None:
    await send(1)
    await relay.relay(log)
    await running(Taken().consumer(), log)
    await execute("UPDATE outbox SET relayed_at = $1", clock.now() - timedelta(hours=2))
    await relay.prune(log, {"numbers": ["taker", "other"]})
    assert len(await fetch("SELECT id FROM outbox")) == 1
    await relay.prune(log, {"numbers": ["taker"]})
    assert not await fetch("SELECT id FROM outbox")


async def test_marks_go_soon_after_their_events(log: StreamLog) -> None:
    """However many events there are in a month, in the outbox or straight into the log."""
    await send(1)
    await relay.relay(log)
    await running(Taken().consumer(), log)
    await first_time("taker", uuid4())
    with clock.frozen(clock.now() + relay.KEEP_MARKS_FOR + timedelta(minutes=1)):
        await relay.prune(log, {"numbers": ["taker"]})
    assert await fetch("SELECT id FROM processed") == []


async def test_a_mark_stays_as_long_as_its_event(log: StreamLog) -> None:
    """A letter that nobody looked at for a month does not bring its event to those who have taken it."""
    (event,) = await send(1)
    await relay.relay(log)
    await running(Taken().consumer(), log)
    await execute(
        """INSERT INTO dead_letter (consumer, topic, event_id, key, payload, reason, attempts, created_at)
           VALUES ('other', 'numbers', $1, 'key', '{}', 'no', 5, now())""",
        event,
    )
    for table, column in (("processed", "processed_at"), ("outbox", "relayed_at")):
        await execute(f"UPDATE {table} SET {column} = now() - interval '40 days'")
    consuming = {"numbers": ["taker", "other"]}
    await relay.prune(log, consuming)
    assert await relay.restore_lost(log, consuming) == 0


async def test_first_time_is_true_once(log: StreamLog) -> None:
    event_id = uuid4()
    assert await first_time("taker", event_id)
    assert not await first_time("taker", event_id)


async def test_what_a_dead_reader_was_given_another_takes(log: StreamLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "ALIVE_MS", 200)
    await send(1, 2)
    await relay.relay(log)
    await log.join("taker", "numbers")
    await log.say_alive("killed")
    assert len(await log.read("taker", "killed", "numbers", 10, wait_ms=1)) == 2
    await asyncio.sleep(0.3)
    taken = Taken()
    await running(taken.consumer(batch=10), log, event_log.LOOK_SECONDS + 0.5)
    assert taken.numbers == [1, 2]
    assert not await log.lag("numbers", ["taker"])


async def test_what_a_living_reader_was_given_stays_his(log: StreamLog) -> None:
    await send(1)
    await relay.relay(log)
    await log.join("taker", "numbers")
    await log.say_alive("busy")
    await log.read("taker", "busy", "numbers", 10, wait_ms=1)
    taken = Taken()
    await running(taken.consumer(), log)
    assert taken.numbers == []
    assert await log.lag("numbers", ["taker"])


async def test_a_reader_takes_again_what_an_outage_kept_him_from(log: StreamLog) -> None:
    taken, outages = Taken(), [DatabaseUnavailable("gone")]

    async def interrupted(events: list[Event]) -> None:
        if outages:
            raise outages.pop()
        await taken.handle(events)

    await send(1, 2)
    await relay.relay(log)
    await running(Consumer("taker", "numbers", interrupted), log, 1.5)
    assert taken.numbers == [1, 2]
