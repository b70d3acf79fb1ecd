"""A feed that a dead letter has ended goes on once the letter's event has taken effect; its counts add up again."""

from collections.abc import Awaitable, Callable

import pytest

from app.events import consumers, dead_letters
from app.infra.database import execute
from app.suppliers import cutting, feeds, progress, reading, sweeping
from app.suppliers.progress import Progress
from tests.events.flowing import flowing, until
from tests.suppliers.line import offers, rate, row, rows, send, send_and_take
from tests.world import World
from workers.consumers import CONSUMERS


def in_dollars(count: int) -> list[dict[str, str]]:
    """Ten rows in euros, then some that need a rate."""
    return [*rows(10, "12.00"), *[row(f"D{number}", f"Mug {number}", "9.00 USD") for number in range(count)]]


@pytest.fixture(autouse=True)
async def small(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "TRIES", 2)
    monkeypatch.setattr(cutting, "GOOD_ROWS", 10)


async def until_feed(feed: int, *, state: str) -> Progress:
    """What the worker does meanwhile, with its sweeper, until the feed is in that state."""

    async def swept() -> bool:
        await sweeping.sweep()
        return (await progress.of(feed)).state == state

    async with flowing(*CONSUMERS):
        await until(swept)
    return await progress.of(feed)


async def poisoned(supplier: int) -> int:
    """A full feed of 15 rows, the last five in a currency whose rate was lost on the way."""
    await rate("USD", "1.10")
    feed = await send(supplier, in_dollars(5))
    await reading.read_feed(feed)
    await execute("DELETE FROM exchange_rate")
    ended = await until_feed(feed, state="failed")
    assert ended.failure == feeds.FAULT
    return feed


async def mended() -> None:
    await rate("USD", "1.10")
    assert await dead_letters.replay_all() == 1


async def test_other_feeds_go_on_beside_a_poisonous_batch(world: World) -> None:
    supplier, other = await world.supplier(), await world.supplier("Casa Pratas")
    theirs = await send(other, rows(25))
    feed = await poisoned(supplier)
    await reading.read_feed(theirs)
    await until_feed(theirs, state="finished")
    assert len(await offers(other)) == 25
    found = await progress.of(feed)
    assert (found.received, found.rejected, found.in_catalogue, found.waits_for) == (15, 0, 10, 1)


async def test_a_feed_is_finished_after_its_letter_was_sent_again_and_the_counts_add_up(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [*rows(12), row("gone")])
    feed = await poisoned(supplier)
    assert len(await offers(supplier)) == 13  # nothing is withdrawn by a feed that is not wholly there
    await mended()
    found = await until_feed(feed, state="finished")
    assert found.failure == ""
    assert (found.received, found.good, found.in_catalogue, found.withdrawn, found.waits_for) == (15, 15, 15, 3, 0)
    assert set(await offers(supplier)) == {f"S{n}" for n in range(10)} | {f"D{n}" for n in range(5)}


async def test_a_feed_that_was_overtaken_withdraws_nothing_when_it_goes_on(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(12))
    feed = await poisoned(supplier)
    await send_and_take(supplier, rows(12))
    await mended()
    found = await until_feed(feed, state="finished")
    assert (found.in_catalogue, found.withdrawn) == (15, 0)
    assert {f"S{n}" for n in range(12)} <= set(await offers(supplier))


Decision = Callable[[], Awaitable[object]]


async def nothing() -> None: ...


async def discarded() -> None:
    [letter] = await dead_letters.letters()
    await dead_letters.discard(letter.id, "the supplier sends it again")


@pytest.mark.parametrize("decision", [nothing, discarded])
async def test_a_feed_stays_failed_without_its_letter(world: World, decision: Decision) -> None:
    feed = await poisoned(await world.supplier())
    await decision()
    assert await sweeping.reopen() == 0
    assert (await progress.of(feed)).state == "failed"


async def test_a_letter_that_dies_again_ends_the_feed_again(world: World) -> None:
    feed = await poisoned(await world.supplier())
    await dead_letters.replay_all()
    assert await sweeping.reopen() == 1
    assert (await until_feed(feed, state="failed")).failure == feeds.FAULT
    await mended()
    assert (await until_feed(feed, state="finished")).in_catalogue == 15
