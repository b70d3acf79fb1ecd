"""A request to a stranger ends in time, however he spends it."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from app.infra.outward import OutwardFailed, body, connecting, downloading
from app.infra.settings import settings
from tests.infra.outside import fetch, refusal
from tests.infra.stranger import Behaviour, Stranger


async def _silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3_600)


async def _silent_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n")
    await asyncio.sleep(3_600)


def _dripping(head: bytes, drop: bytes) -> Behaviour:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.05)

    return drip


SLOW = {
    "silence": _silence,
    "silent body": _silent_body,
    "body in drops": _dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "headers in drops": _dripping(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
    "endless preliminaries": _dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("behaviour", SLOW)
async def test_the_whole_must_be_done_in_time(server: Stranger, behaviour: str) -> None:
    server.pages["/"] = SLOW[behaviour]
    started = time.monotonic()
    refused = await refusal(server.url(), seconds=0.5)
    assert isinstance(refused, OutwardFailed)
    assert "0.5 seconds" in refused.reason
    assert time.monotonic() - started < 20


async def test_a_server_that_falls_silent_is_given_up(server: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "PAUSE_SECONDS", 0.2)
    server.pages["/"] = _silent_body
    assert "stopped answering" in (await refusal(server.url())).reason


@pytest.mark.parametrize("behaviour", ["headers in drops", "endless preliminaries"])
async def test_headers_without_an_end_do_not_last_as_long_as_a_large_file_may(
    server: Stranger, monkeypatch: pytest.MonkeyPatch, behaviour: str
) -> None:
    monkeypatch.setattr(downloading, "ANSWER_SECONDS", 0.3)
    server.pages["/"] = SLOW[behaviour]
    refused = await refusal(server.url())
    assert isinstance(refused, OutwardFailed)
    assert "headers without an end" in refused.reason


async def test_a_body_in_crumbs_is_not_eaten(server: Stranger) -> None:
    crumbs = b"1\r\nx\r\n" * (body.CRUMB_GRACE + 10)
    server.pages["/"] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + crumbs + b"0\r\n\r\n"
    assert "crumbs" in (await refusal(server.url())).reason
    few = b"1\r\nx\r\n" * 1_000
    server.pages["/"] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + few + b"0\r\n\r\n"
    assert len((await fetch(server.url()))[1]) == 1_000


async def test_drops_are_not_waited_for(server: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "WINDOW_SECONDS", 0.2)
    server.pages["/"] = SLOW["body in drops"]
    assert "so slowly" in (await refusal(server.url())).reason


async def test_a_resolver_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(3_600)
        return []

    monkeypatch.setattr(connecting, "resolve", silent)
    monkeypatch.setattr(connecting, "RESOLVE_SECONDS", 0.1)
    assert "could not find" in (await refusal("http://feed.example/")).reason


async def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "outward_allow", "127.0.0.1:9")
    assert "could not be reached" in (await refusal("http://127.0.0.1:9/")).reason
