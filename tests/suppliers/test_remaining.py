"""How far a feed has come, how long the rest takes, and what it waits for."""

import gzip
from datetime import timedelta
from hashlib import sha512

import pytest

from app.infra.clock import frozen, now
from app.infra.database import execute, fetch_one
from app.suppliers import cutting, progress, reading
from app.suppliers.progress import Progress
from app.suppliers.reading import read_feed
from app.suppliers.remaining import in_words, share_done, share_read, time_left, way_of
from tests.accounts.people import Client
from tests.suppliers.desks import desk
from tests.suppliers.line import as_csv, row, send, send_and_take, take_all
from tests.world import World


async def reading_since(feed: int, seconds: int, share: float) -> Progress:
    """The feed as if it had been read for so long, up to there."""
    await execute(
        """UPDATE feed SET state = 'reading', reading_at = $2, heartbeat_at = $3, received = 100,
             bytes_read = (size * $4::float)::bigint WHERE id = $1""",
        feed,
        now() - timedelta(seconds=seconds),
        now(),
        share,
    )
    return await progress.of(feed)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"),
        (30, "less than a minute"),
        (60, "about 1 minute"),
        (130, "about 2 minutes"),
        (7200, "about 2 hours"),
    ],
)
def test_time_left_is_said_in_words(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


async def test_what_is_left_takes_as_long_as_what_is_done(world: World) -> None:
    feed = await send(await world.supplier(), [row(f"S{n}") for n in range(100)])
    quarter = await reading_since(feed, 60, 0.25)
    left = time_left(quarter)
    assert left is not None and 170 < left.total_seconds() < 190
    assert (await way_of(quarter)).left == "about 3 minutes"
    assert quarter.rate == 2


async def test_nothing_is_said_before_there_is_something_to_conclude_from(world: World) -> None:
    feed = await send(await world.supplier(), [row("A")])
    assert time_left(await progress.of(feed)) is None
    assert time_left(await reading_since(feed, 1, 0.5)) is None
    assert time_left(await reading_since(feed, 60, 0.0)) is None


@pytest.mark.parametrize("packed", [False, True], ids=["as it is", "gzip"])
async def test_reading_counts_the_bytes_of_the_file_as_it_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(cutting, "GOOD_ROWS", 500)
    monkeypatch.setattr(cutting, "AT_ONCE", 500)
    content = as_csv([row(f"S{n}", description=sha512(b"%d" % n).hexdigest() * 2) for n in range(1500)])
    feed = await send(await world.supplier(), gzip.compress(content) if packed else content)
    shares = []
    take = reading.Reading.take

    async def take_and_look(self: reading.Reading, portion: cutting.Portion) -> None:
        await take(self, portion)
        shares.append(share_read(await progress.of(feed)))

    with monkeypatch.context() as patch:
        patch.setattr(reading.Reading, "take", take_and_look)
        await read_feed(feed)
    assert shares == sorted(shares) and 0.2 < shares[0] < 0.8 and shares[-1] == 1.0
    size = await fetch_one("SELECT size, bytes_read FROM feed WHERE id = $1", feed)
    assert size is not None and size["size"] == size["bytes_read"]


async def test_after_reading_it_is_not_done_before_all_rows_are_in_the_shop_and_searchable(world: World) -> None:
    supplier = await world.supplier()
    feed = await send(supplier, [row("A"), row("B")])
    assert share_done(await progress.of(feed)) == 0
    await read_feed(feed)
    read = share_done(await progress.of(feed))
    await take_all()
    taken = await progress.of(feed)
    assert 0.3 < read < 0.4 and 0.6 < share_done(taken) < 0.7
    await execute("DELETE FROM outbox")
    assert share_done(await progress.of(feed)) == 1


async def test_while_a_feed_goes_into_the_catalogue_its_batches_say_how_long(world: World) -> None:
    feed = await send(await world.supplier(), [row("A")])
    await read_feed(feed)
    await execute("UPDATE feed SET batches = 4 WHERE id = $1", feed)
    await execute(
        """INSERT INTO applied_batch (feed, number, applied, unchanged, withdrawn, applied_at)
           SELECT $1, n, 1, 0, 0, $2 FROM generate_series(1, 3) n""",
        feed,
        now(),
    )
    with frozen(now() + timedelta(minutes=9)):
        left = time_left(await progress.of(feed))
    assert left is not None and 170 < left.total_seconds() < 190


async def test_a_waiting_feed_says_what_it_waits_for(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    first, _, last = [await send(supplier, [row(f"S{n}")]) for n in range(3)]
    assert "Waits for a free hand" in (await client.get(f"/supplier/feeds/{first}")).text
    page = (await client.get(f"/supplier/feeds/{last}")).text
    assert f'Waits for <a href="/supplier/feeds/{first}">catalogue.csv</a> and 1 more of your feeds' in page
    other = await send(await world.supplier("Casa Pratas"), [row("A")])
    await execute("UPDATE feed SET size = 9000000 WHERE id = ANY($1)", [first, other])
    await execute("UPDATE feed SET state = 'reading' WHERE id = $1", other)
    assert "another large file" in (await client.get(f"/supplier/feeds/{first}")).text


async def test_the_page_of_a_feed_that_is_read_shows_rate_share_and_time(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, [row(f"S{n}") for n in range(100)])
    await reading_since(feed, 60, 0.5)
    page = (await client.get(f"/supplier/feeds/{feed}")).text
    assert 'role="progressbar"' in page and 'aria-valuenow="16"' in page
    assert "Being read, about 1 minute left" in page and "2 rows a second" in page
    await execute("UPDATE feed SET state = 'waiting', received = 0, bytes_read = 0 WHERE id = $1", feed)
    await read_feed(feed)
    await take_all()
    await execute("DELETE FROM outbox")
    done = (await client.get(f"/supplier/feeds/{feed}")).text
    assert 'aria-valuenow="100"' in done and "left" not in done.partition("feed-counts")[0].rpartition("way")[2]


async def test_an_unchanged_feed_is_all_done(world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("A")])
    assert (await way_of(await send_and_take(supplier, [row("A")]))).percent == 100
