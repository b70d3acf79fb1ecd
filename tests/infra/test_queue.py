"""A wake-up call is worth little: no page waits for a Redis that does not answer."""

import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.infra import queue
from app.infra.settings import settings


@pytest.fixture
async def silent_redis(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Somebody who takes connections, and never says a word."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "redis.sock"))
        silent.listen(16)
        monkeypatch.setattr(settings(), "redis_url", f"unix://{tmp_path / 'redis.sock'}")
        await queue.close()
        yield
    await queue.close()


async def test_a_page_does_not_wait_for_a_redis_that_is_silent(silent_redis: None) -> None:
    started = time.monotonic()
    assert not await queue.enqueue("read_feed", 1)
    assert time.monotonic() - started < 1


async def test_after_an_outage_redis_is_left_alone_for_a_moment(silent_redis: None) -> None:
    await queue.enqueue("read_feed", 1)
    started = time.monotonic()
    for _ in range(20):
        assert not await queue.enqueue("read_feed", 1)
    assert time.monotonic() - started < 0.1
