"""A feed is parsed in a thread of its own, and in that one only.

An XML parser that is fed, or let go of, in another thread than the one that made it corrupts the process's memory. So
the same thread makes it, uses it and forgets it, and errors leave that thread without the frames that hold it.
"""

import asyncio
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor

from app.suppliers.cutting import Portion

HEARTBEAT_SECONDS = 1.5  # well below feeds.STALE


async def parsed(
    portions: Generator[Portion, None, None], beat: Callable[[], Awaitable[None]]
) -> AsyncGenerator[Portion, None]:
    """The portions, one ahead of the one that is being written; `beat` is called while one takes long.

    Close it (`contextlib.aclosing`): that ends the parser. Raises what parsing raised.
    """
    loop, thread = asyncio.get_running_loop(), ThreadPoolExecutor(1, thread_name_prefix="feed")
    following = loop.run_in_executor(thread, _next, portions)
    try:
        while True:
            while not (await asyncio.wait([following], timeout=HEARTBEAT_SECONDS))[0]:
                await beat()
            found = following.result()
            if isinstance(found, Exception):
                raise found
            if found is None:
                return
            following = loop.run_in_executor(thread, _next, portions)
            yield found
    finally:
        following.cancel()
        thread.submit(portions.close)
        thread.shutdown(wait=False)


def _next(portions: Generator[Portion, None, None]) -> Portion | Exception | None:
    try:
        return next(portions, None)
    except Exception as error:  # noqa: BLE001 - raised again on the other side
        return _without_frames(error)


def _without_frames(error: Exception) -> Exception:
    error.add_note(traceback.format_exc())
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
