"""Suppliers' pictures on their way to us: from a real server, through a real process, onto the pages."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.catalog import fetching, picture_files
from app.catalog.depicting import key_of
from app.catalog.fetching import fetch_due
from app.catalog.wanted_pictures import LEASE, TRIES, want
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.infra.settings import settings
from tests.catalog.photographs import colour, encoded, looks, photo, photograph
from tests.catalog.wishing import wanted
from tests.infra.stranger import Stranger, page, redirect, stranger
from tests.suppliers.line import offers, row, send_and_take
from tests.world import World

BROWSER = {"accept": "image/avif,image/webp,*/*"}


@pytest.fixture
async def maker(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Stranger]:
    """A maker's server that our own network guard lets us reach, and an empty folder for what it gives."""
    monkeypatch.setattr(settings(), "feira_data", tmp_path)
    async with stranger() as made:
        monkeypatch.setattr(settings(), "outward_allow", f"127.0.0.1:{made.port}")
        yield made


async def of(url: str) -> Any:
    found = await fetch_one("SELECT * FROM picture WHERE key = $1", key_of(url))
    assert found
    return found


async def make_due(url: str) -> None:
    await execute("UPDATE picture SET next_attempt_at = $2 WHERE key = $1", key_of(url), now())


async def fetched(world: World, url: str) -> Any:
    await want(await world.supplier(), [url])
    await fetch_due()
    return await of(url)


async def test_a_feeds_picture_is_fetched_and_shown_to_shoppers(
    world: World, maker: Stranger, client: httpx.AsyncClient
) -> None:
    maker.pages["/lamp"] = page(photo((1600, 1200)), "content-type: image/jpeg")
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1", image=maker.url("/lamp"), colour="Bottle")])
    offer = (await offers(supplier))["L1"]
    address = f"/pictures/{key_of(maker.url('/lamp'))}/lamp-task-bottle"
    assert offer["image"] == address
    shown = (await client.get(f"/p/{offer['slug']}")).text
    assert f'src="{address}?w=640" srcset="{address}?w=160 160w' in shown
    assert 'alt="Alcova desk lamp (Bottle)"' in shown
    assert (await client.get(f"{address}?w=640", headers=BROWSER)).headers["content-type"].startswith("image/svg")
    await fetch_due()
    answer = await client.get(f"{address}?w=640", headers=BROWSER)
    assert answer.headers["content-type"] == "image/avif"
    assert looks(answer.content).size == (640, 480)
    assert colour(looks(answer.content), 0.5, 0.5) == "red"


async def test_what_came_is_written_down(world: World, maker: Stranger) -> None:
    body = photo((1000, 750))
    maker.pages["/a"] = page(body, 'etag: "v1"', "last-modified: Sun, 22 Nov 2026 10:00:00 GMT")
    got = await fetched(world, maker.url("/a"))
    assert (got["state"], got["width"], got["height"], got["bytes"]) == ("ready", 1000, 750, len(body))
    assert (got["etag"], got["attempts"], got["reason"]) == ('"v1"', 0, "")
    assert got["next_attempt_at"] > now() + timedelta(days=29)


async def test_a_picture_is_fetched_once_however_often_it_is_wanted(world: World, maker: Stranger) -> None:
    maker.pages["/a"] = page(photo())
    for _ in range(3):
        await want(await world.supplier(), [maker.url("/a")] * 2)
        await want(await world.supplier("Casa Pratas"), [maker.url("/a")])
        await fetch_due()
    assert len(maker.asked) == 1


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (page(b"gone", status="404 Not Found"), "failed", "There is no picture at this address"),
        (page(b"gone", status="410 Gone"), "failed", "There is no picture at this address"),
        (page(b"no", status="403 Forbidden"), "failed", "answers 403"),
        (page(b"", status="204 No Content"), "failed", "answers 204"),
        (page(b"oh", status="500 Internal Server Error"), "waiting", "answers 500"),
        (page(b"oh", status="503 Service Unavailable"), "waiting", "answers 503"),
        (page(b"oh", status="429 Too Many Requests"), "waiting", "answers 429"),
        (page(b"<html>not here</html>", "content-type: text/html"), "failed", "not a picture"),
        (page(b"<html>not here</html>", "content-type: image/jpeg"), "failed", "not a picture"),
        (page(photo()[:4000], "content-type: image/jpeg"), "failed", "broken"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 90000\r\n\r\n" + photo()[:4000], "waiting", "broke off"),
        (b"nonsense\r\n\r\n", "waiting", "does not answer as a web server"),
    ],
    ids=str,
)
async def test_what_fails_for_good_and_what_is_tried_again(
    answer: bytes, state: str, reason: str, world: World, maker: Stranger
) -> None:
    maker.pages["/a"] = answer
    got = await fetched(world, maker.url("/a"))
    assert got["state"] == state
    assert reason in got["reason"]
    assert not picture_files.is_there(got["key"])


async def test_a_name_says_nothing(world: World, maker: Stranger) -> None:
    maker.pages["/lamp.html"] = page(photo(kind="PNG"), "content-type: text/plain")
    assert (await fetched(world, maker.url("/lamp.html")))["state"] == "ready"


async def test_a_picture_may_be_elsewhere(world: World, maker: Stranger) -> None:
    maker.pages |= {"/a": redirect("/b"), "/b": page(photo())}
    assert (await fetched(world, maker.url("/a")))["state"] == "ready"


async def test_pictures_from_inner_networks_are_never_fetched(world: World, maker: Stranger) -> None:
    maker.pages["/a"] = redirect("http://169.254.169.254/latest/meta-data/")
    assert "private network" in (await fetched(world, maker.url("/a")))["reason"]
    assert "private network" in (await fetched(world, "http://localhost:8080/a.jpg"))["reason"]


async def test_a_file_larger_than_the_setting_is_not_taken(
    world: World, maker: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "picture_max_bytes", 20_000)
    maker.pages["/a"] = page(photo((200, 200), quality=50) + bytes(20_000))
    assert "larger than" in (await fetched(world, maker.url("/a")))["reason"]


async def test_a_passing_failure_is_tried_again_later_and_later_and_not_for_ever(world: World, maker: Stranger) -> None:
    maker.pages["/a"] = page(b"", status="502 Bad Gateway")
    url, pauses = maker.url("/a"), []
    await wanted(await world.supplier(), [url])
    for _ in range(TRIES):
        await make_due(url)
        await fetch_due()
        pauses.append((await of(url))["next_attempt_at"] - now())
    assert all(later > earlier * 3 for earlier, later in pairwise(pauses))
    assert (await of(url))["state"] == "failed"
    assert len(maker.asked) == TRIES
    maker.pages["/a"] = page(photo())
    await make_due(url)
    await fetch_due()
    assert (await of(url))["state"] == "ready"


async def test_a_month_later_we_ask_whether_it_has_changed(world: World, maker: Stranger) -> None:
    url = maker.url("/a")
    maker.pages["/a"] = page(photo(), 'etag: "v1"', "last-modified: Sun, 22 Nov 2026 10:00:00 GMT")
    await fetched(world, url)
    maker.pages["/a"] = page(b"", status="304 Not Modified")
    await make_due(url)
    await fetch_due()
    asked = maker.asked[-1].headers
    assert asked["if-none-match"] == '"v1"'
    assert asked["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert (await of(url))["next_attempt_at"] > now() + timedelta(days=29)
    maker.pages["/a"] = page(encoded(photograph((700, 700))), 'etag: "v2"')
    await make_due(url)
    await fetch_due()
    assert ((await of(url))["width"], (await of(url))["etag"]) == (700, '"v2"')


async def test_a_picture_that_is_no_longer_there_stays_on_our_pages(world: World, maker: Stranger) -> None:
    url = maker.url("/a")
    maker.pages["/a"] = page(photo())
    await fetched(world, url)
    for answer in (page(b"", status="404 Not Found"), page(b"<html>"), page(b"", status="500 Oh")):
        maker.pages["/a"] = answer
        await make_due(url)
        await fetch_due()
        assert (await of(url))["state"] == "ready"
        assert picture_files.read(key_of(url), 640, "avif")


async def test_lost_files_are_fetched_anew_whatever_the_server_remembers(world: World, maker: Stranger) -> None:
    url = maker.url("/a")
    maker.pages["/a"] = page(photo(), 'etag: "v1"')
    await fetched(world, url)
    for path in settings().feira_data.rglob("*.*"):
        path.unlink()
    await make_due(url)
    await fetch_due()
    assert "if-none-match" not in maker.asked[-1].headers
    assert picture_files.read(key_of(url), 640, "avif")


async def test_a_kill_between_download_and_the_files_loses_nothing(
    world: World, maker: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = maker.url("/a")
    maker.pages["/a"] = page(photo())
    await want(await world.supplier(), [url])

    def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as broken:
        broken.setattr(picture_files, "publish", killed)
        with pytest.raises(asyncio.CancelledError):
            await fetch_due()
    assert (await of(url))["state"] == "waiting"
    assert not picture_files.is_there(key_of(url))
    assert await fetch_due() == 0  # its lease still runs
    await execute("UPDATE picture SET next_attempt_at = next_attempt_at - $1::interval", LEASE)
    assert await fetch_due() == 1
    assert (await of(url))["state"] == "ready"


async def test_a_full_disk_is_not_the_suppliers_fault(
    world: World, maker: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(picture_files, "publish", full)
    maker.pages["/a"] = page(photo())
    assert (await fetched(world, maker.url("/a")))["state"] == "waiting"


async def test_a_process_that_dies_fails_its_picture_alone(
    world: World, maker: Stranger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -9 $$\n")
    dying.chmod(0o755)
    maker.pages["/a"] = page(photo())
    with monkeypatch.context() as broken:
        broken.setattr("sys.executable", str(dying))
        assert "broken" in (await fetched(world, maker.url("/a")))["reason"]
    maker.pages["/b"] = page(photo())
    assert (await fetched(world, maker.url("/b")))["state"] == "ready"


async def test_a_process_that_never_ends_is_ended(
    world: World, maker: Stranger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sleeping = tmp_path / "python"
    sleeping.write_text("#!/bin/sh\nexec sleep 1000\n")
    sleeping.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(sleeping))
    monkeypatch.setattr(fetching, "RESIZE_SECONDS", 0.2)
    maker.pages["/a"] = page(photo())
    assert (await fetched(world, maker.url("/a")))["state"] == "failed"


async def test_no_host_is_asked_for_more_than_two_pictures_at_once(world: World, maker: Stranger) -> None:
    """For two suppliers with the same host, and six pictures."""
    running, most = 0, 0

    async def slow(writer: asyncio.StreamWriter) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1
        writer.write(page(photo((100, 100))))
        await writer.drain()

    for number in range(6):
        maker.pages[f"/{number}"] = slow
        name = "Casa Pratas" if number % 2 else "Oficina do Vale"
        await wanted(await world.supplier(name), [maker.url(f"/{number}")])
    assert await fetch_due() == 6
    assert most == 2
    assert len(await fetch("SELECT 1 FROM picture WHERE state = 'ready'")) == 6


async def test_hostile_links_are_failures_and_nothing_else(world: World, maker: Stranger) -> None:
    links = [
        "http://[::1]:6379/",
        "http://user:pass@127.0.0.1/",
        "http://2130706433/",
        "http://xn--a/a.jpg",
        "http://" + "a" * 300 + ".example/",
        "https://exa\u202emple.com/a.jpg",
    ]
    await want(await world.supplier(), [*links, "https://x.example/" + "a" * 3000])
    await fetch_due()
    rows = await fetch("SELECT url, state, reason FROM picture")
    assert {row["url"] for row in rows} == set(links)
    assert all(row["state"] in ("failed", "waiting") and row["reason"] for row in rows)
