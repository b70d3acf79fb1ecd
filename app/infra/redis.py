"""Redis (or Valkey): one client a process, and a cache that answers "not there" when Redis is down."""

import time
from collections.abc import Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from app.infra.logs import log
from app.infra.settings import settings

TIMEOUT_SECONDS = 0.25
BREAKER_SECONDS = 2.0

_clients: dict[bool, Redis] = {}
_down_until = 0.0


def client(*, patient: bool = False) -> Redis:
    """This process's client. `patient` ones wait: they are for workers, never for a page."""
    if patient not in _clients:
        wait = 10.0 if patient else TIMEOUT_SECONDS
        pool = BlockingConnectionPool.from_url(
            settings().redis_url, max_connections=32, timeout=wait, socket_timeout=wait, socket_connect_timeout=wait
        )
        _clients[patient] = Redis(connection_pool=pool)
    return _clients[patient]


async def close() -> None:
    while _clients:
        _, open_client = _clients.popitem()
        await open_client.aclose(close_connection_pool=True)


def _resting() -> bool:
    return time.monotonic() < _down_until


def _tripped(error: Exception) -> None:
    """Leave Redis alone for a moment, so that a page does not wait for it again and again."""
    global _down_until
    _down_until = time.monotonic() + BREAKER_SECONDS
    log("cache").warning("redis is not answering", error=str(error))


async def cached(keys: Sequence[str]) -> list[bytes | None]:
    """The cached values of `keys`, None for each that is missing; all None while Redis is down."""
    if not keys or _resting():
        return [None] * len(keys)
    try:
        values: list[bytes | None] = await client().mget(keys)
        return values
    except (RedisError, OSError, TimeoutError) as error:
        _tripped(error)
        return [None] * len(keys)


async def cache(values: dict[str, bytes], seconds: int) -> None:
    """Keep `values` for `seconds`; silently not, while Redis is down."""
    if not values or _resting():
        return
    try:
        async with client().pipeline(transaction=False) as pipe:
            for key, value in values.items():
                pipe.set(key, value, ex=seconds)
            await pipe.execute()
    except (RedisError, OSError, TimeoutError) as error:
        _tripped(error)


async def scripted(script: str, key: str, *arguments: float) -> Any | None:
    """What a Lua script answers that runs on `key` in one step; None while Redis is down."""
    if _resting():
        return None
    try:
        return await client().eval(script, 1, key, *map(str, arguments))  # type: ignore[misc]
    except (RedisError, OSError, TimeoutError) as error:
        _tripped(error)
        return None
