"""Work on a feed that comes in pieces stays in one thread, from the making of a parser to its end."""

import threading

import pytest

from app.suppliers.one_thread import OneThread


async def test_all_pieces_and_the_end_happen_in_one_thread_that_is_not_the_loops() -> None:
    thread, ended, last = OneThread(), threading.Event(), list[int]()
    threads = [await thread.run(threading.get_ident) for _ in range(5)]

    def end() -> None:
        last.append(threading.get_ident())
        ended.set()

    thread.end(end)
    assert ended.wait(30)
    assert len({*threads, *last}) == 1
    assert threading.get_ident() not in threads


async def test_an_error_comes_out_without_the_frames_that_hold_the_parser() -> None:
    def work() -> None:
        try:
            raise KeyError("inside")
        except KeyError:
            raise ValueError("broken off") from None

    thread = OneThread()
    try:
        with pytest.raises(ValueError, match="broken off") as raised:
            await thread.run(work)
    finally:
        thread.end(lambda: None)
    assert "work" not in [entry.name for entry in raised.traceback]
    assert raised.value.__context__ is None
    assert "in work" in raised.value.__notes__[0]
