"""Feeds that are fetched by the clock: what is asked for, what counts as new, and who may state an address."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from app.infra import outward
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.suppliers import pulling, sealing, source_leases, sources
from app.suppliers.sources import KnownSource, TooManySources
from tests.accounts.people import Client, person, sign_in
from tests.infra.stranger import Stranger, page, stranger
from tests.suppliers.line import as_csv, row
from tests.suppliers.sources import only, stated
from tests.world import World

LAMPS = as_csv([row("A"), row("B")])
HOUR = timedelta(hours=1)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stranger]:
    """A supplier's web server, on this machine."""
    async with stranger() as made:
        monkeypatch.setattr(settings(), "outward_allow", f"127.0.0.1:{made.port}")
        made.pages["/lamps.csv"] = page(LAMPS)
        yield made


@pytest.fixture
async def supplier(world: World) -> int:
    made = await world.supplier()
    await person("ana@example.pt", "supplier", made)
    return made


async def feeds_of(supplier: int) -> list[Any]:
    return list(await fetch("SELECT * FROM feed WHERE supplier = $1 ORDER BY id", supplier))


async def pull_at(moment: datetime) -> int:
    with frozen(moment):
        return await pulling.pull_due()


# What comes


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


async def test_name_and_password_are_sent(supplier: int, server: Stranger) -> None:
    await stated(supplier, server.url("/lamps.csv"), username="ana", password="sã secret")
    await pulling.pull_due()
    expected = "Basic " + base64.b64encode("ana:sã secret".encode()).decode()
    assert server.asked[0].headers["authorization"] == expected
    assert "sã secret" not in repr(await only(supplier))


async def test_a_password_cannot_be_read_in_the_database(supplier: int, server: Stranger) -> None:
    for path in ("/lamps.csv", "/more.csv"):
        await stated(supplier, server.url(path), username="ana", password="quiet lamps")
    first, second = [row["password"] for row in await fetch("SELECT password FROM feed_source")]
    assert "quiet" not in first + second
    assert first != second
    assert sealing.unseal(first) == "quiet lamps"


async def test_a_password_that_was_sealed_with_another_key_is_a_failure_that_says_what_to_do(
    supplier: int, server: Stranger, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stated(supplier, server.url("/lamps.csv"), username="ana", password="quiet lamps")
    with monkeypatch.context() as patch:
        patch.setattr(settings(), "secret_key", SecretStr("another"))
        assert await pulling.pull_due() == 1
    assert server.asked == []
    await sign_in(client)
    assert pulling.SEALED in (await client.get("/supplier/sources")).text
    source = await only(supplier)
    assert (source.state, source.leased_until) == ("active", None)
    assert await sources.fetch_now(source.id, supplier)
    await pulling.pull_due()
    assert (await only(supplier)).failure == ""


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://shop.example/feeds/shoes.csv?key=secret", "shoes.csv"),
        ("https://shop.example/", "shop.example"),
        ("https://shop.example/%E2%80%AEvsc.exe%0A", "vsc.exe"),
        ("https://shop.example/%E2%80%AE", "shop.example"),
    ],
)
def test_a_source_is_called_by_what_can_be_seen_of_its_address(url: str, name: str) -> None:
    assert sources.file_name(url) == name


def test_the_longest_password_that_may_be_typed_comes_back_as_it_was() -> None:
    longest = "🔑" * 200
    assert sealing.unseal(sealing.seal(longest)) == longest
    assert sealing.seal("") == "" == sealing.unseal("")
    for damaged in ("x", "quiet lamps", sealing.seal("a")[:-4], "ñ"):
        with pytest.raises(sealing.CannotUnseal):
            sealing.unseal(damaged)


# What fails


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


# Who fetches


async def test_two_workers_never_fetch_the_same_source_at_once(supplier: int, server: Stranger) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    claims = [claim for claim in await asyncio.gather(*(source_leases.claim() for _ in range(8))) if claim]
    assert len(claims) == 1


async def test_one_supplier_holds_one_worker(world: World, supplier: int, server: Stranger) -> None:
    other = await world.supplier("Casa Pratas")
    await person("rui@example.pt", "supplier", other)
    for number in range(3):
        await stated(supplier, server.url(f"/{number}"))
    await stated(other, server.url("/other"))
    claims = [await source_leases.claim() for _ in range(3)]
    assert [claim["supplier"] for claim in claims if claim] == [supplier, other]


async def test_a_killed_workers_source_is_fetched_by_another_when_the_lease_ends(
    supplier: int, server: Stranger
) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    dead = await source_leases.claim()
    assert await pulling.pull_due() == 0
    assert await pull_at(now() + source_leases.LEASE + timedelta(seconds=1)) == 1
    assert len(await feeds_of(supplier)) == 1
    await source_leases.end_failed(dead, "late", may_pass=True)  # it was only asleep
    assert not await source_leases.renew(dead)
    assert (await only(supplier)).failure == ""


async def test_a_source_is_held_while_a_slow_server_sends(
    supplier: int, server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "RENEW_SECONDS", 0.02)
    go_on, renewed, real = asyncio.Event(), asyncio.Event(), source_leases.renew

    async def slow(writer: asyncio.StreamWriter) -> None:
        await go_on.wait()
        writer.write(page(LAMPS))

    async def noted(source: Any) -> bool:
        renewed.set()
        return await real(source)

    monkeypatch.setattr(source_leases, "renew", noted)
    server.pages["/lamps.csv"] = slow
    await stated(supplier, server.url("/lamps.csv"))
    pulled = asyncio.create_task(pulling.pull_due())
    await asyncio.wait_for(renewed.wait(), 30)
    assert (await only(supplier)).is_being_fetched
    go_on.set()
    assert await asyncio.wait_for(pulled, 30) == 1
    assert len(await feeds_of(supplier)) == 1


@pytest.mark.parametrize("verb", [sources.pause, sources.forget])
async def test_what_is_paused_or_deleted_meanwhile_is_dropped(
    supplier: int, server: Stranger, monkeypatch: pytest.MonkeyPatch, verb: Any
) -> None:
    monkeypatch.setattr(pulling, "RENEW_SECONDS", 0.02)
    asked = asyncio.Event()

    async def never(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(3_600)

    server.pages["/lamps.csv"] = never
    source = await stated(supplier, server.url("/lamps.csv"))
    pulled = asyncio.create_task(pulling.pull_due())
    await asyncio.wait_for(asked.wait(), 30)
    assert await verb(source.id, supplier)
    assert await asyncio.wait_for(pulled, 30) == 1
    assert await feeds_of(supplier) == []
    assert [(left.state, left.is_being_fetched) for left in await sources.of_supplier(supplier)] in (
        [],
        [("paused", False)],
    )


async def test_what_a_supplier_is_suspended_for_meanwhile_is_dropped(supplier: int, server: Stranger) -> None:
    async def suspended(writer: asyncio.StreamWriter) -> None:
        await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
        writer.write(page(LAMPS))

    server.pages["/lamps.csv"] = suspended
    await stated(supplier, server.url("/lamps.csv"))
    assert await pulling.pull_due() == 1
    assert await feeds_of(supplier) == []


async def test_nothing_is_fetched_for_a_supplier_who_may_not_sell(supplier: int, server: Stranger) -> None:
    await stated(supplier, server.url("/lamps.csv"))
    await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
    assert await pulling.pull_due() == 0


# Who states


async def test_a_supplier_has_at_most_ten_addresses_and_each_once(supplier: int) -> None:
    for number in range(sources.MOST):
        await stated(supplier, f"https://feed.example/{number}")
    with pytest.raises(TooManySources):
        await stated(supplier, "https://feed.example/more")
    with pytest.raises(KnownSource):
        await stated(supplier, "https://FEED.example/1#again")


async def state_by_form(client: Client, **fields: str) -> Any:
    values = {"url": "https://feed.example/lamps.csv", "every": "6", "mode": "full", **fields}
    return await client.post("/supplier/sources", data=values, follow_redirects=False)


async def test_the_page_shows_what_is_fetched_and_never_the_password(
    supplier: int, client: Client, server: Stranger
) -> None:
    await sign_in(client)
    assert "Nothing is fetched yet" in (await client.get("/supplier/sources")).text
    answer = await state_by_form(client, url=server.url("/lamps.csv"), username="ana", password="quiet lamps")
    assert (answer.status_code, answer.headers["location"]) == (303, "/supplier/sources")
    waiting = (await client.get("/supplier/sources")).text
    assert "as soon as it is its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    await pulling.pull_due()
    shown = (await client.get("/supplier/sources")).text
    assert "quiet lamps" not in waiting + shown
    assert "signed in as ana" in shown
    assert "every 6 hours" in shown
    assert f'<a href="/supplier/feeds/{(await only(supplier)).last_feed}">a new file</a>' in shown
    assert "hx-trigger" not in shown
    with frozen(now() + 7 * HOUR):
        await pulling.pull_due()
    assert "unchanged since" in (await client.get("/supplier/sources")).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": ""}, "Enter the address"),
        ({"url": "http://169.254.169.254/latest"}, "private network"),
        ({"url": "https://ana:secret@feed.example/"}, "own fields"),
        ({"url": "ftp://feed.example/"}, "https://"),
        ({"url": "https://" + "x" * 3_000}, "longer than"),
        ({"every": "0"}, "Choose how often"),
        ({"every": ""}, "Choose how often"),
        ({"mode": "replace"}, "Choose what the file is"),
        ({"username": "a:b"}, "colon"),
        ({"password": "x" * 201}, "at most 200"),
    ],
)
async def test_a_wrong_form_is_said_and_keeps_what_was_typed(
    supplier: int, client: Client, wrong: dict[str, str], words: str
) -> None:
    await sign_in(client)
    answer = await state_by_form(client, **{"username": "ana-of-lamps", "password": "quiet lamps", **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert ("ana-of-lamps" in answer.text) or "username" in wrong
    assert "quiet lamps" not in answer.text
    assert "enter it again" in answer.text
    assert await sources.of_supplier(supplier) == []


async def test_an_address_is_paused_resumed_and_deleted_by_buttons(supplier: int, client: Client) -> None:
    await sign_in(client)
    await state_by_form(client)
    source = await only(supplier)
    assert "Paused" in (await client.post(f"/supplier/sources/{source.id}/pause")).text
    assert (await only(supplier)).state == "paused"
    assert "Resume" in (await client.get("/supplier/sources")).text
    await client.post(f"/supplier/sources/{source.id}/fetch")
    assert (await only(supplier)).is_due
    assert "is deleted" in (await client.post(f"/supplier/sources/{source.id}/deletion")).text
    assert await sources.of_supplier(supplier) == []
    again = await client.post(f"/supplier/sources/{source.id}/deletion", follow_redirects=False)
    assert again.status_code == 404


async def test_another_suppliers_address_is_not_found(world: World, supplier: int, client: Client) -> None:
    other = await world.supplier("Casa Pratas")
    await person("rui@example.pt", "supplier", other)
    await stated(other, "https://feed.example/theirs.csv")
    theirs = await only(other)
    await sign_in(client)
    for action in ("fetch", "pause", "deletion"):
        for number in (theirs.id, 10**18, 10**30):
            answer = await client.post(f"/supplier/sources/{number}/{action}", follow_redirects=False)
            assert answer.status_code == 404
    assert "theirs.csv" not in (await client.get("/supplier/sources")).text
    assert await only(other) == theirs
