"""A thread in which a feed's parser is made, used and forgotten, for work that comes in pieces (see `parsing`)."""

import asyncio
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class OneThread:
    """Call `end` when done, or the thread stays."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="feed")

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns. Raises what it raises."""
        done = await asyncio.get_running_loop().run_in_executor(self._thread, outcome, work)
        if isinstance(done, Exception):
            raise done
        return done

    def end(self, last: Callable[[], object]) -> None:
        """`last` is run when what runs now is done; nothing comes after it."""
        self._thread.submit(outcome, last)
        self._thread.shutdown(wait=False)


def outcome(work: Callable[[], T]) -> T | Exception:
    """What `work` returns or raises: an error that leaves its thread must not hold the parser in its frames."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - raised again on the other side
        error.add_note(traceback.format_exc())
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
