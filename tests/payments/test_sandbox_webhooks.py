import asyncio
import gc
import ssl
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.infra.clock import frozen, now
from app.infra.database import fetch_one
from app.infra.settings import settings
from app.payments.provider import BadSignature
from app.payments.sandbox_webhooks import announce, check, deliver_due, sign

BODY = b'{"id": "evt_1"}'


def stamp() -> int:
    return int(now().timestamp())


def test_only_our_signature_on_exactly_these_bytes_passes() -> None:
    good = sign(BODY, stamp())
    check(BODY, good)
    for body, header in [
        (BODY + b" ", good),
        (BODY, ""),
        (BODY, "t=1,v1=00"),
        (BODY, good.replace("v1=", "v1=0")),
        (BODY, good.replace("t=", "t=0")),
        (BODY, "t=١,v1=é"),
    ]:
        with pytest.raises(BadSignature):
            check(body, header)


def test_an_old_message_is_refused() -> None:
    good = sign(BODY, stamp())
    with frozen(now() + timedelta(minutes=4)):
        check(BODY, good)
    with frozen(now() + timedelta(minutes=6)), pytest.raises(BadSignature):
        check(BODY, good)


@pytest.fixture
async def answers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """A shop that answers each webhook with the next of these statuses."""
    statuses: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {statuses.pop(0)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    monkeypatch.setenv("BASE_URL", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    settings.cache_clear()
    yield statuses
    server.close()
    monkeypatch.undo()
    settings.cache_clear()


async def test_a_message_is_sent_again_until_the_shop_has_taken_it(db: None, answers: list[str]) -> None:
    await announce({"type": "payment.succeeded"})
    answers += ["500 No", "200 OK"]
    assert await deliver_due() == 1
    assert await deliver_due() == 0  # not before its time
    with frozen(now() + timedelta(seconds=30)):
        assert await deliver_due() == 1
        assert await deliver_due() == 0
    row = await fetch_one("SELECT attempts, delivered_at FROM sandbox_webhook")
    assert row is not None
    assert row["attempts"] == 2
    assert row["delivered_at"] is not None
    assert answers == []


async def test_a_shop_that_is_away_loses_nothing(db: None, answers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    await announce({"type": "payment.succeeded"})
    assert await deliver_due() == 1
    row = await fetch_one("SELECT delivered_at, next_at > $1 AS later FROM sandbox_webhook", now())
    assert row is not None
    assert (row["delivered_at"], row["later"]) == (None, True)


async def test_a_worker_does_not_grow_with_what_it_has_delivered(db: None, answers: list[str]) -> None:
    """What a secure connection needs is most of a megabyte, and a client that was used stays until workers, who do that
    rarely, look for garbage: so all have the same."""

    def contexts() -> int:
        return sum(isinstance(each, ssl.SSLContext) for each in gc.get_objects())

    async def deliver() -> None:
        answers.append("200 OK")
        await announce({"type": "payment.succeeded"})
        assert await deliver_due() == 1

    await deliver()
    gc.disable()
    try:
        before = contexts()
        await deliver()
        await deliver()
        assert contexts() == before
    finally:
        gc.enable()
