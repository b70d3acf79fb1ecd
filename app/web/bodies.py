"""A request's body comes at a pace, or is given up: whoever sends it byte by byte would hold a connection for ever."""

import asyncio
from typing import Any

from litestar.types import Receive

PATIENCE_SECONDS = 20.0
SLOWEST = 2_000  # bytes a second, once the patience is at its end: less than any line that loads a page


def paced(receive: Receive) -> Receive:
    """`receive` that says that the client is gone when its body stands still, or creeps."""
    clock = asyncio.get_running_loop().time
    began, got, is_whole = clock(), 0, False

    async def receive_in_time() -> Any:
        nonlocal got, is_whole
        if is_whole:
            return await receive()  # for the client to go, however long the answer takes
        try:
            async with asyncio.timeout_at(began + PATIENCE_SECONDS + got / SLOWEST):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        if message["type"] == "http.request":
            got += len(message["body"])
            is_whole = not message["more_body"]
        return message

    return receive_in_time
