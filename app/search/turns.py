"""Long work that takes turns with searches in one thread.

The event loop of a process shares the interpreter with the threads beside it. With one of them at work, it waits for
one switch; with two, the interpreter may go from the one to the other and back before the loop has its turn. So what
takes up news of the index is written as generators that stop often, and goes on between searches, in their thread.
"""

import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

TURN_SECONDS = 0.002  # that a search may have to wait

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
    """What the steps make, in the executor's thread: whatever else was given to it goes first after each turn."""
    while True:
        try:
            thread.submit(_one_turn, steps).result()
        except StopIteration as done:
            made: Made = done.value
            return made


def _one_turn(steps: Steps[object]) -> None:
    end = time.perf_counter() + TURN_SECONDS
    while time.perf_counter() < end:
        next(steps)
