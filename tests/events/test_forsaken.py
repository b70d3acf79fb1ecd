"""A consumer that a new version does not have holds nothing up, while in an upgrade processes of both versions run."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.events import log as event_log
from app.events import relay
from app.events.log import StreamLog, stream
from app.events.outbox import mark_processed, publish
from app.infra import clock, redis
from app.infra.database import execute, transaction
from tests.world import World

NOW = {"numbers": ["taker"]}


@pytest.fixture
async def log(world: World) -> AsyncIterator[StreamLog]:
    yield StreamLog(redis.client(patient=True))


@pytest.fixture
def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "FORGET_MS", -1)


async def taken(log: StreamLog, group: str, reader: str) -> None:
    """The group has taken everything."""
    await log.join(group, "numbers")
    given = await log.read(group, reader, "numbers", 1000, wait_ms=1)
    await log.acknowledge(group, "numbers", [position for position, _ in given])
    await mark_processed(group, [event.event_id for _, event in given])


async def given_up(log: StreamLog, group: str) -> None:
    """The group was given an event, and then its process ended for good."""
    await log.join(group, "numbers")
    await log.read(group, "of yesterday", "numbers", 1, wait_ms=1)


async def send(log: StreamLog, *numbers: int) -> None:
    async with transaction():
        for number in numbers:
            await publish("numbers", "key", {"n": number})
    while await relay.relay(log):
        pass


async def groups(log: StreamLog) -> set[str]:
    return set(await log.behind("numbers"))


async def test_the_log_is_trimmed_past_a_consumer_that_is_no_more(log: StreamLog, an_hour_later: None) -> None:
    await send(log, *range(300))
    await given_up(log, "renamed")
    await taken(log, "taker", "reader")
    await relay.prune(log, NOW)
    assert await groups(log) == {"taker"}
    assert await redis.client(patient=True).xlen(stream("numbers")) < 150  # whole blocks of a hundred go


async def test_a_topic_that_nobody_listens_to_any_more_leaves_nothing_in_the_log(
    log: StreamLog, an_hour_later: None
) -> None:
    await send(log, 1)
    await given_up(log, "taker")
    await relay.prune(log, {})
    assert not await redis.client(patient=True).exists(stream("numbers"))


async def test_while_a_process_of_the_other_version_runs_its_consumers_keep_their_place(
    log: StreamLog, an_hour_later: None
) -> None:
    await send(log, 1)
    await log.say_alive("of yesterday")
    await given_up(log, "renamed")
    await relay.prune(log, NOW)
    assert "renamed" in await groups(log)


async def test_a_consumer_that_a_newer_version_has_just_made_keeps_its_place(
    log: StreamLog, an_hour_later: None
) -> None:
    await send(log, 1)
    await log.join("of tomorrow", "numbers")
    await relay.prune(log, NOW)
    assert "of tomorrow" in await groups(log)


async def test_who_goes_back_to_the_version_before_within_an_hour_finds_its_consumers_where_they_were(
    log: StreamLog,
) -> None:
    await send(log, 1)
    await given_up(log, "renamed")
    await relay.prune(log, NOW)
    assert "renamed" in await groups(log)


async def test_a_consumer_of_this_version_keeps_its_place_however_long_it_stands_still(
    log: StreamLog, an_hour_later: None
) -> None:
    await send(log, 1)
    await given_up(log, "taker")
    await relay.prune(log, NOW)
    assert "taker" in await groups(log)


async def test_what_is_lost_is_relayed_again_whatever_a_consumer_that_is_no_more_has_not_taken(log: StreamLog) -> None:
    await send(log, 1)
    await log.join("renamed", "numbers")  # it has come to nothing of it
    await taken(log, "taker", "reader")
    async with transaction():
        await publish("numbers", "key", {"n": 2})
    await execute("UPDATE outbox SET relayed_at = $1", clock.now() - timedelta(minutes=1))  # and the relay was killed
    assert await relay.restore_lost(log, NOW) == 1
