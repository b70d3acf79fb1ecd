"""An XML parser lives and dies in one thread: handed over to another, it takes the whole process with it."""

import threading
from collections.abc import Generator
from contextlib import aclosing

import pytest

from app.suppliers.cutting import Portion
from app.suppliers.parsing import parsed


class Feed:
    """Portions that note in which thread they are asked for and let go of."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.threads: list[int] = []
        self.ended = threading.Event()
        self._count, self._error = count, error

    def portions(self) -> Generator[Portion, None, None]:
        try:
            for number in range(self._count):
                self.threads.append(threading.get_ident())
                yield Portion(received=number)
            if self._error:
                raise self._error
        finally:
            self.threads.append(threading.get_ident())
            self.ended.set()


async def no_beat() -> None:
    pass


async def test_a_feed_is_parsed_and_let_go_of_in_one_thread_that_is_not_the_loops() -> None:
    feed = Feed(20)
    async with aclosing(parsed(feed.portions(), no_beat)) as coming:
        numbers = [portion.received async for portion in coming]
    assert numbers == list(range(20))
    assert feed.ended.wait(5)
    assert len(set(feed.threads)) == 1
    assert threading.get_ident() not in feed.threads


async def test_a_feed_that_is_given_up_halfway_is_closed_in_its_own_thread() -> None:
    feed = Feed(20)
    async with aclosing(parsed(feed.portions(), no_beat)) as coming:
        async for _ in coming:
            break
    assert feed.ended.wait(5)
    assert len(set(feed.threads)) == 1
    assert threading.get_ident() not in feed.threads


async def test_an_error_comes_after_the_portions_and_without_the_frames_of_the_parser() -> None:
    taken = 0
    with pytest.raises(ValueError, match="broken off") as raised:
        async with aclosing(parsed(Feed(3, ValueError("broken off")).portions(), no_beat)) as coming:
            async for _ in coming:
                taken += 1
    assert taken == 3
    assert "portions" not in [entry.name for entry in raised.traceback]
    assert raised.value.__context__ is None
    assert "broken off" in raised.value.__notes__[0]
