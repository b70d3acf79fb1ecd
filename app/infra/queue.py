"""Wake-up calls for workers. A row in PostgreSQL says what is to be done; a lost call only delays it."""

import asyncio
import json
import time
from typing import Any

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from app.infra.logs import log
from app.infra.settings import settings

QUEUE = "feira:jobs"
TIMEOUT_SECONDS = 0.5
BREAKER_SECONDS = 2.0

_pool: ArqRedis | None = None
_resting_until = 0.0


def redis_settings() -> RedisSettings:
    found = RedisSettings.from_dsn(settings().redis_url)
    found.conn_timeout = 1
    found.conn_retries = 1
    return found


def serialize(job: dict[str, Any]) -> bytes:
    return json.dumps(job, default=str).encode()


def deserialize(data: bytes) -> dict[str, Any]:
    job: dict[str, Any] = json.loads(data)
    return job


async def enqueue(job: str, *args: int | str) -> bool:
    """Ask a worker to run `job` soon; False when Redis is down (a sweeper asks again). No page waits for it long."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return False
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await (await _queue()).enqueue_job(job, *args)
        return True
    except (RedisError, OSError, TimeoutError) as error:
        _resting_until = time.monotonic() + BREAKER_SECONDS
        log("queue").warning("job not enqueued", job=job, error=str(error))
        return False


async def _queue() -> ArqRedis:
    global _pool
    if _pool is None:
        _pool = await create_pool(
            redis_settings(), job_serializer=serialize, job_deserializer=deserialize, default_queue_name=QUEUE
        )
    return _pool


async def close() -> None:
    global _pool, _resting_until
    pool, _pool, _resting_until = _pool, None, 0.0
    if pool is not None:
        await pool.aclose(close_connection_pool=True)
