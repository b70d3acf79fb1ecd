"""Long work goes on between searches, in their thread, and leaves pages their turn."""

import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from app.search.turns import BREATH_SECONDS, Steps, breathe, in_turns


def busy(turns: int, seconds: float = 0.001) -> Steps[str]:
    for _ in range(turns):
        time.sleep(seconds)
        yield
    return "done"


def test_a_search_that_comes_meanwhile_goes_first() -> None:
    with ThreadPoolExecutor(1) as thread, ThreadPoolExecutor(1) as beside:
        made = beside.submit(in_turns, thread, busy(500))
        time.sleep(0.01)
        assert thread.submit(lambda: "found").result(timeout=0.25) == "found"
        assert not made.done()
        assert made.result(timeout=10) == "done"


def test_what_goes_wrong_comes_back_to_who_wanted_it() -> None:
    def broken() -> Steps[None]:
        yield
        raise FileNotFoundError("merged away")

    with ThreadPoolExecutor(1) as thread:
        with pytest.raises(FileNotFoundError, match="merged away"):
            in_turns(thread, broken())
        assert thread.submit(lambda: "found").result(timeout=1) == "found"


def test_nobody_waits_for_a_thread_that_has_been_shut_down() -> None:
    thread = ThreadPoolExecutor(1)
    with ThreadPoolExecutor(1) as beside:
        made = beside.submit(in_turns, thread, busy(1_000_000))
        time.sleep(0.02)
        thread.shutdown(wait=True, cancel_futures=True)
        with pytest.raises((CancelledError, RuntimeError)):
            made.result(timeout=5)


def test_who_calculates_for_long_lets_others_wake_up_once_in_a_while() -> None:
    """A beat of another thread comes in between the steps of one that never waits for anything."""
    beats, over = list[float](), threading.Event()

    def beat() -> None:
        while not over.is_set():
            beats.append(time.perf_counter())
            time.sleep(BREATH_SECONDS)

    other = threading.Thread(target=beat)
    other.start()
    end = time.perf_counter() + 0.2
    while time.perf_counter() < end:
        breathe()
    over.set()
    other.join()
    assert len(beats) > 20
