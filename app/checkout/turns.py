"""How many orders a process places at a time. When many press the button at once they wait here, in their order.

Not in the line for a connection to the database: who stands there too long is sent away, and all other pages stand
there, too. Half of the connections are left to them.

Who is asked again, because the pieces come from elsewhere by now, has waited already and keeps the place in the line:
it is the time of the first pressing that counts, of which a mark in the form tells every process. Nobody starves: a
mark counts for minutes only, and whoever presses now stands behind all who wait.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from weakref import WeakKeyDictionary

from itsdangerous import BadSignature, URLSafeSerializer

from app.infra.clock import now
from app.infra.settings import settings

KEPT = timedelta(minutes=5)  # so long a place is kept for who reads what has changed
LONGEST = 300


class _Line:
    def __init__(self, free: int) -> None:
        self._free = free  # only while nobody waits
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._come = count()

    async def wait(self, since: datetime) -> None:
        if self._free:
            self._free -= 1
            return
        called = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (since, next(self._come), called))
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():  # it went away just when it was called
                self.call_next()
            raise

    def call_next(self) -> None:
        while self._waiting:
            *_, called = heappop(self._waiting)
            if not called.done():
                return called.set_result(None)
        self._free += 1


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()


@asynccontextmanager
async def turn(since: datetime) -> AsyncIterator[None]:
    """Wait for one's turn, however long, and have it for the block: before all who came after `since`."""
    loop = asyncio.get_running_loop()
    if loop not in _lines:
        _lines[loop] = _Line(max(1, settings().database_pool // 2))
    await _lines[loop].wait(since)
    try:
        yield
    finally:
        _lines[loop].call_next()


def mark(key: str, since: datetime) -> str:
    """What the form of a checkout that is asked again tells of its place in the line."""
    return _marks().dumps([key, round(since.timestamp() * 1000)])


def pressed_at(mark: str, key: str) -> datetime:
    """When the button was first pressed: now, unless the form has a mark that is ours, its own and fresh."""
    at = now()
    try:
        whose, milliseconds = _marks().loads(mark[:LONGEST])
    except BadSignature:
        return at
    since = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return since if whose == key and at - KEPT < since < at else at


def _marks() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt="place in the line")
