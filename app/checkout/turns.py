"""How many orders a process places at a time. When many press the button at once they wait here, in their order.

Not in the line for a connection to the database: who stands there too long is sent away, and all other pages stand
there, too. Half of the connections are left to them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from app.infra.settings import settings

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """Wait for one's turn, however long, and have it for the block."""
    loop = asyncio.get_running_loop()
    if loop not in _turns:
        _turns[loop] = asyncio.Semaphore(max(1, settings().database_pool // 2))
    async with _turns[loop]:
        yield
