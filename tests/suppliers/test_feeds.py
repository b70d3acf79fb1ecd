"""Rules of a feed's way through the shop: order, restarts, guards, and files that mean harm."""

import asyncio
import gzip
import json
from datetime import timedelta

import pytest

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.suppliers import cutting, feeds, progress, reading, sweeping
from app.suppliers.reading import read_feed
from tests.suppliers.line import offers, row, rows, send, send_and_take, take_all
from tests.world import World


async def test_feeds_of_one_supplier_are_read_one_at_a_time_in_the_order_they_came(world: World) -> None:
    supplier, other = await world.supplier(), await world.supplier("Casa Pratas")
    first, second = await send(supplier, rows(3)), await send(supplier, rows(4))
    theirs = await send(other, rows(2))
    await read_feed(second)
    assert (await progress.of(second)).state == "waiting"
    await read_feed(theirs)
    assert (await progress.of(theirs)).state == "applying"
    await read_feed(first)
    await read_feed(second)
    assert (await progress.of(second)).state == "waiting"  # the first is not in the catalogue yet
    await take_all()
    assert (await progress.of(first)).state == "finished"
    await read_feed(second)
    assert (await progress.of(second)).state == "applying"


async def test_a_feed_is_not_ended_before_its_last_batch_is_in(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(1))
    feed = await send(supplier, rows(2))
    await read_feed(feed)
    await execute("UPDATE outbox SET topic = 'later' WHERE relayed_at IS NULL AND payload ->> 'kind' = 'batch'")
    with pytest.raises(AssertionError, match="never end"):
        await take_all(20)
    assert (await progress.of(feed)).state == "applying"
    await execute("UPDATE outbox SET topic = 'offers', relayed_at = NULL WHERE topic = 'later'")
    await take_all()
    assert (await progress.of(feed)).state == "finished"


async def test_a_reader_killed_between_two_batches_leaves_a_feed_that_ends_with_the_same_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "GOOD_ROWS", 10)
    supplier, other = await world.supplier(), await world.supplier("Casa Pratas")
    content = [*rows(35), row("S3"), row("bad", price="-1"), *[row(f"T{n}", gtin="123") for n in range(8)]]
    whole = await send_and_take(other, content)
    feed = await send(supplier, content)
    await _read_until(feed, monkeypatch, batches=2)
    await execute("UPDATE feed SET heartbeat_at = $1 WHERE id = $2", now() - timedelta(minutes=2), feed)
    await sweeping.sweep()
    await read_feed(feed)
    await take_all()
    resumed = await progress.of(feed)
    assert (resumed.received, resumed.rejected, resumed.warned, resumed.applied) == (45, 2, 8, 43)
    assert resumed.counts() == {**whole.counts(), "feed": feed}
    said = "SELECT line, sku, reason FROM feed_problem WHERE feed = $1 ORDER BY id"
    assert await fetch(said, feed) == await fetch(said, whole.id)


async def _read_until(feed: int, monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    """Read as if the process had been killed: nothing is tidied up."""
    take, taken = reading.Reading.take, 0

    async def take_or_die(self: reading.Reading, portion: cutting.Portion) -> None:
        nonlocal taken
        if taken == batches:
            raise SystemExit
        taken += 1
        await take(self, portion)

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(reading.Reading, "take", take_or_die)
        await read_feed(feed)


async def test_of_two_readers_of_one_feed_one_goes_on(world: World) -> None:
    supplier = await world.supplier()
    feed = await send(supplier, rows(50))
    await asyncio.gather(read_feed(feed), read_feed(feed))
    await take_all()
    found = await progress.of(feed)
    assert (found.state, found.received, found.applied) == ("finished", 50, 50)


async def test_the_same_file_after_a_different_one_is_taken_again(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(3))
    await send_and_take(supplier, rows(3, price="9.00"), "delta")
    again = await send_and_take(supplier, rows(3))
    assert (again.state, again.applied) == ("finished", 3)


async def test_a_full_feed_that_would_withdraw_most_of_the_range_waits_for_a_confirmation(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(50))
    short = await send_and_take(supplier, rows(5))
    assert (short.state, short.withheld, short.withdrawn) == ("finished", 45, 0)
    assert len(await offers(supplier)) == 50
    assert await feeds.confirm_withdrawal(short.id)
    await take_all()
    confirmed = await progress.of(short.id)
    assert (confirmed.state, confirmed.withheld, confirmed.withdrawn) == ("finished", 0, 45)
    assert len(await offers(supplier)) == 5
    assert not await feeds.confirm_withdrawal(short.id)


async def test_a_withdrawal_cannot_be_confirmed_once_a_later_feed_has_come(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(50))
    short = await send_and_take(supplier, rows(5))
    await send_and_take(supplier, rows(50, price="9.00"))
    assert not await feeds.confirm_withdrawal(short.id)
    assert len(await offers(supplier)) == 50


async def test_good_rows_before_a_break_are_taken_and_nothing_is_withdrawn(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(3))
    xml = b'<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>S0</g:id><title>Lamp</title>'
    xml += b"<g:price>5.00 EUR</g:price><g:availability>in stock</g:availability></item><item><g:id>S1"
    found = await send_and_take(supplier, xml)
    assert (found.state, found.applied, found.withdrawn) == ("failed", 1, 0)
    assert found.failure
    assert len(await offers(supplier)) == 3
    after = await send_and_take(supplier, rows(3))
    assert after.state == "finished"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss><channel><item><title>&b;</title></item></channel></rss>"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
HOSTILE = {
    "entity bomb": BOMB,
    "picture": PNG,
    "nothing": b"",
    "blanks": gzip.compress(b" " * 20_000_000),
    "zero bytes": gzip.compress(bytes(20_000_000)),
    "gzip cut off": gzip.compress(b"sku,title,price\n" * 1000)[:50],
    "only a header": b"sku,title,price\n",
    "no usable row": b"sku,title,price\nA,Lamp,free\n",
    "deep JSON": b"[" * 100_000,
    "odd JSON text": json.dumps([{"sku": "\ud800", "title": "\ud800", "price": "1"}, {"sku": "\0"}]).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_gets_a_sentence_and_harms_nothing(world: World, name: str) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(2))
    found = await send_and_take(supplier, HOSTILE[name])
    assert found.state == "failed"
    assert found.failure.endswith(".") and found.failure not in (reading.FAULT, feeds.FAULT)
    assert len(await offers(supplier)) == 2
    assert (await send_and_take(supplier, rows(3))).state == "finished"


async def test_a_feed_whose_batch_cannot_be_applied_does_not_hold_up_the_next(world: World) -> None:
    supplier = await world.supplier()
    feed = await send(supplier, rows(2))
    await read_feed(feed)
    batch = await fetch_one("SELECT * FROM outbox WHERE payload ->> 'kind' = 'batch'")
    assert batch is not None
    await execute("DELETE FROM outbox WHERE id = $1", batch["id"])
    await execute(
        """INSERT INTO dead_letter (consumer, topic, event_id, key, payload, reason, attempts, created_at)
           VALUES ('catalog', 'offers', $1, $2, $3, 'broken', 5, $4)""",
        batch["event_id"],
        batch["key"],
        batch["payload"],
        now(),
    )
    await sweeping.sweep()
    assert (await progress.of(feed)).failure == feeds.FAULT
    await take_all()
    assert (await send_and_take(supplier, rows(3))).state == "finished"


async def test_the_report_keeps_so_many_problems_and_counts_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "REPORTED_PROBLEMS", 30)
    supplier = await world.supplier()
    found = await send_and_take(supplier, [row("ok"), *rows(50, price="free")])
    assert found.rejected == 50
    assert len(await fetch("SELECT 1 FROM feed_problem")) == 30


async def test_the_end_of_a_feed_that_is_finished_is_taken_quietly(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, rows(2))
    await execute("UPDATE outbox SET relayed_at = NULL WHERE topic = 'offers'")
    assert await take_all() == 2
