"""Long work that takes turns with searches in one thread.

The event loop of a process shares the interpreter with the threads beside it. With one of them at work, it waits for
one switch; with two, the interpreter may go from the one to the other and back before the loop has its turn. So what
takes up news of the index is written as generators that stop often, and goes on between searches, in their thread.
"""

import threading
import time
from collections.abc import Generator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import TypeVar

TURN_SECONDS = 0.002  # that a search may have to wait
BREATH_SECONDS = 0.001
AWAKE_SECONDS = 0.00005  # in which another thread wakes up

Made = TypeVar("Made")
Steps = Generator[None, None, Made]


def at_once(steps: Steps[Made]) -> Made:
    """What the steps make, without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            made: Made = done.value
            return made


def in_turns(thread: ThreadPoolExecutor, steps: Steps[Made]) -> Made:
    """What the steps make, in the executor's thread: whatever else was given to it goes first after each turn.

    The thread goes on by itself: a caller who was woken after each turn would be one more who wants the interpreter.

    Raises:
        CancelledError: the executor was shut down meanwhile.
    """
    made = Future[Made]()

    def turn() -> None:
        try:
            _one_turn(steps)
            thread.submit(turn).add_done_callback(_give_up)
        except StopIteration as done:
            made.set_result(done.value)
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            made.set_exception(error)

    def _give_up(turn: Future[None]) -> None:
        if turn.cancelled():
            made.set_exception(CancelledError())

    thread.submit(turn).add_done_callback(_give_up)
    return made.result()


def _one_turn(steps: Steps[object]) -> None:
    end = time.perf_counter() + TURN_SECONDS
    while time.perf_counter() < end:
        next(steps)
        breathe()


def breathe() -> None:
    """Let the event loop have its turn, if it has waited for a while: for what calculates for milliseconds.

    numpy lets go of the interpreter again and again, for moments too short for another thread to wake up in; but each
    time the other one's patience (`sys.setswitchinterval`) begins anew, so that it may wait to the end of a long query.
    """
    if time.perf_counter() - _last.breath > BREATH_SECONDS:
        time.sleep(AWAKE_SECONDS)
        _last.breath = time.perf_counter()


class _Last(threading.local):
    breath = 0.0


_last = _Last()
