"""A request's body comes at a pace, or is given up: nobody holds a connection by sending nothing."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from app.web import bodies

GONE = {"type": "http.disconnect"}


def piece(body: bytes, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def sending(*pieces: tuple[float, dict[str, Any]]) -> Any:
    """A client that sends each piece so many seconds after the one before, and then nothing more."""
    left = iter(pieces)

    async def receive() -> Any:
        seconds, message = next(left, (3600.0, GONE))
        await asyncio.sleep(seconds)
        return message

    return bodies.paced(receive)


async def test_a_body_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.03)
    receive = sending((0, piece(b"a=", True)))
    assert (await receive())["body"] == b"a="
    assert [await receive() for _ in range(2)] == [GONE, GONE]


async def test_a_body_that_creeps_is_given_up_and_a_slow_one_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(bodies, "SLOWEST", 10**6)
    pieces = [(0, piece(b"a" * 100, True)), (0.04, piece(b"a" * 100, False))]
    creeping = sending(*pieces)
    assert [(await creeping())["type"] for _ in range(2)] == ["http.request", "http.disconnect"]
    monkeypatch.setattr(bodies, "SLOWEST", 1)
    slow = sending(*pieces)
    assert [len((await slow())["body"]) for _ in range(2)] == [100, 100]


async def test_who_has_sent_all_is_waited_for_however_long_the_answer_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.01)
    receive = sending((0, piece(b"a=1", False)), (0.03, piece(b"", False)))
    assert [(await receive())["type"] for _ in range(2)] == ["http.request"] * 2


async def test_the_shop_answers_who_never_ends(application: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.03)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def never() -> Any:
        await asyncio.Event().wait()

    headers: Iterable[tuple[bytes, bytes]] = [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", b"1000"),
    ]
    scope = {"type": "http", "method": "POST", "path": "/cart/lines", "raw_path": b"/cart/lines", "query_string": b""}
    rest = {"headers": list(headers), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http"}
    await application({**scope, **rest, "root_path": "", "http_version": "1.1"}, never, send)
    assert sent[0]["status"] == 400
    assert b"broke off" in b"".join(message.get("body", b"") for message in sent)
