"""Feeds that are fetched by the clock: what is asked for, what counts as new, and what becomes of failures."""

from datetime import timedelta

import pytest

from app.infra import outward
from app.infra.clock import now
from app.infra.database import execute
from app.infra.settings import settings
from app.suppliers import pulling, source_leases, sources
from app.suppliers.reading import read_feed
from tests.infra.stranger import Stranger, page
from tests.suppliers.line import as_csv, rate, row
from tests.suppliers.sources import HOUR, LAMPS, feeds_of, only, pull_at, stated


async def test_a_stated_address_is_fetched_at_once_and_again_when_it_is_due(supplier: int, server: Stranger) -> None:
    source = await stated(supplier, server.url("/lamps.csv?key=secret"), mode="delta")
    server.pages["/lamps.csv?key=secret"] = page(LAMPS)
    assert await pulling.pull_due() == 1
    (feed,) = await feeds_of(supplier)
    assert (feed["filename"], feed["mode"], feed["size"], feed["state"]) == (
        "lamps.csv",
        "delta",
        len(LAMPS),
        "waiting",
    )
    assert await pulling.pull_due() == 0
    assert await pull_at(source.next_at + HOUR * 2) == 1
    after = await only(supplier)
    assert (after.last_feed, after.failure, after.is_being_fetched) == (feed["id"], "", False)


async def test_the_server_is_asked_for_what_is_new_alone(supplier: int, server: Stranger) -> None:
    marks = ('etag: W/"v1"', "last-modified: Sun, 22 Nov 2026 10:00:00 GMT")
    server.pages["/lamps.csv"] = page(LAMPS, *marks)
    await stated(supplier, server.url("/lamps.csv"))
    await pulling.pull_due()
    first = await only(supplier)
    server.pages["/lamps.csv"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    for turn in (2, 4):
        assert await pull_at(now() + turn * HOUR) == 1
        asked = server.asked[-1].headers
        assert asked["if-none-match"] == 'W/"v1"'
        assert asked["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    after = await only(supplier)
    assert len(await feeds_of(supplier)) == 1
    assert after.changed_at == first.fetched_at
    assert after.fetched_at and first.fetched_at and after.fetched_at > first.fetched_at
    server.pages["/lamps.csv"] = page(LAMPS + b"\n", 'etag: "v2"')
    await pull_at(now() + 6 * HOUR)
    assert len(await feeds_of(supplier)) == 2
    await pull_at(now() + 8 * HOUR)
    assert server.asked[-1].headers["if-none-match"] == '"v2"'
    assert "if-modified-since" not in server.asked[-1].headers


async def test_the_same_bytes_again_are_no_new_feed(supplier: int, server: Stranger) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    await pulling.pull_due()
    await pull_at(now() + 2 * HOUR)
    assert len(server.asked) == 2
    assert len(await feeds_of(supplier)) == 1


async def test_who_wants_it_now_gets_it_unchanged_or_not(supplier: int, server: Stranger) -> None:
    server.pages["/lamps.csv"] = page(LAMPS, 'etag: "v1"')
    source = await stated(supplier, server.url("/lamps.csv"))
    await pulling.pull_due()
    assert await sources.fetch_now(source.id, supplier)
    assert await pulling.pull_due() == 1
    assert "if-none-match" not in server.asked[-1].headers
    assert len(await feeds_of(supplier)) == 2


async def test_a_file_with_a_sale_is_read_again_though_it_is_the_same(supplier: int, server: Stranger) -> None:
    sale = {"sale_price": "30.00", "sale_price_effective_date": "2026-01-01T00:00Z/2030-01-01T00:00Z"}
    server.pages["/sale.csv"] = page(as_csv([row("A") | sale]), 'etag: "v1"')
    await stated(supplier, server.url("/sale.csv"))
    await pulling.pull_due()
    await read_feed((await feeds_of(supplier))[0]["id"])
    await pull_at(now() + 2 * HOUR)
    assert "if-none-match" not in server.asked[-1].headers
    assert len(await feeds_of(supplier)) == 2


async def test_a_file_is_read_again_at_another_exchange_rate(supplier: int, server: Stranger) -> None:
    await rate("USD", "1.25")
    server.pages["/dollars.csv"] = page(as_csv([row("A", price="9.00 USD")]), 'etag: "v1"')
    await stated(supplier, server.url("/dollars.csv"))
    await pulling.pull_due()
    await read_feed((await feeds_of(supplier))[0]["id"])
    await pull_at(now() + 2 * HOUR)
    assert "if-none-match" in server.asked[-1].headers
    await execute("UPDATE exchange_rate SET per_unit = 1.5")
    await pull_at(now() + 4 * HOUR)
    assert "if-none-match" not in server.asked[-1].headers
    assert len(await feeds_of(supplier)) == 2


@pytest.mark.parametrize(
    ("status", "words", "soon"),
    [
        ("404 Not Found", "nothing at this address", False),
        ("401 Unauthorized", "user name and password", False),
        ("503 Service Unavailable", "status 503", True),
        ("206 Partial Content", "status 206", False),
        ("304 Not Modified", "status 304", False),
    ],
)
async def test_an_answer_without_a_file_is_a_failure_with_a_reason(
    supplier: int, server: Stranger, status: str, words: str, soon: bool
) -> None:
    server.pages["/lamps.csv"] = page(b"", status=status)
    await stated(supplier, server.url("/lamps.csv"))
    moment = now()
    await pull_at(moment)
    after = await only(supplier)
    assert words in after.failure
    assert (after.failures, after.state, after.is_being_fetched) == (1, "active", False)
    assert after.next_at == moment + (timedelta(minutes=10) if soon else HOUR)
    assert await feeds_of(supplier) == []


async def test_an_empty_or_too_large_file_is_no_feed(
    supplier: int, server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    server.pages["/lamps.csv"] = page(b"")
    await pulling.pull_due()
    assert "empty" in (await only(supplier)).failure
    monkeypatch.setattr(settings(), "feed_max_bytes", 1_024)
    server.pages["/lamps.csv"] = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000
    await pull_at(now() + 2 * HOUR)
    assert "larger" in (await only(supplier)).failure
    assert await feeds_of(supplier) == []


async def test_what_may_pass_is_tried_ever_later_and_given_up_in_the_end(supplier: int, server: Stranger) -> None:
    server.pages["/lamps.csv"] = page(b"", status="500 Oops")
    source = await stated(supplier, server.url("/lamps.csv"))
    moment, waits = now(), []
    for _ in range(source_leases.FAILURES):
        assert await pull_at(moment) == 1
        source = await only(supplier)
        waits.append((source.next_at - moment).total_seconds() / 60)
        moment = source.next_at
    assert waits == [10, 20, 40, 60, 60, 60, 60, 60, 60, 60]
    assert source.state == "failing"
    assert await pull_at(moment + 24 * HOUR) == 0
    server.pages["/lamps.csv"] = page(LAMPS)
    assert await sources.fetch_now(source.id, supplier)
    assert await pulling.pull_due() == 1
    source = await only(supplier)
    assert (source.state, source.failures, source.failure) == ("active", 0, "")


async def test_a_success_ends_the_count_of_failures(supplier: int, server: Stranger) -> None:
    good, server.pages["/lamps.csv"] = server.pages["/lamps.csv"], page(b"", status="500 Oops")
    await stated(supplier, server.url("/lamps.csv"))
    await pulling.pull_due()
    server.pages["/lamps.csv"] = good
    await pull_at(now() + HOUR)
    assert ((await only(supplier)).failures, len(await feeds_of(supplier))) == (0, 1)


async def test_an_address_that_leads_inside_by_now_is_not_fetched(
    supplier: int, server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    monkeypatch.setattr(settings(), "outward_allow", "")
    await pulling.pull_due()
    assert "port" in (await only(supplier)).failure
    assert server.asked == []


async def test_a_full_disk_is_our_failure(supplier: int, server: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> outward.Answer:
        raise OSError(28, "No space left on device")

    await stated(supplier, server.url("/lamps.csv"))
    monkeypatch.setattr(pulling, "download", full)
    await pulling.pull_due()
    source = await only(supplier)
    assert "no room" in source.failure
    assert source.failures == 0
