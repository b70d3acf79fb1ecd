"""Wake-up calls for workers. A row in PostgreSQL says what is to be done; a lost call only delays it."""

import json
from typing import Any

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from app.infra.logs import log
from app.infra.settings import settings

QUEUE = "feira:jobs"

_pool: ArqRedis | None = None


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
    """Ask a worker to run `job` soon; False when Redis is down (a sweeper asks again)."""
    global _pool
    try:
        if _pool is None:
            _pool = await create_pool(
                redis_settings(), job_serializer=serialize, job_deserializer=deserialize, default_queue_name=QUEUE
            )
        await _pool.enqueue_job(job, *args)
        return True
    except (RedisError, OSError, TimeoutError) as error:
        log("queue").warning("job not enqueued", job=job, error=str(error))
        return False


async def close() -> None:
    global _pool
    pool, _pool = _pool, None
    if pool is not None:
        await pool.aclose(close_connection_pool=True)
