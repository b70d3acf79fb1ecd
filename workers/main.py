"""The worker: jobs, the relay of the outbox, and consumers of the log. `python -m workers.main`

What takes much processor time has a process of its own: the search index (`workers.indexer`), and the reading of large
feeds (`workers.reader`).
"""

import asyncio
import contextlib
import os
from typing import Any

from arq.worker import Worker

from app.events.log import StreamLog
from app.events.relay import prune, relay, restore_lost
from app.infra import queue, redis
from app.infra.recurring import Turn
from workers import running
from workers.consumers import CONSUMERS, topics
from workers.jobs import CRONS, JOBS

BUSY_SECONDS, IDLE_SECONDS = 0.02, 0.2
NICENESS = 10  # what it starts is nicer still
RESTORE_SECONDS, PRUNE_SECONDS = 3, 300


async def run_jobs() -> float:
    """Arq's worker, until it fails (it does when Redis goes away); its running jobs go with it."""
    worker = Worker(
        functions=JOBS,
        cron_jobs=CRONS,
        redis_settings=queue.redis_settings(),
        queue_name=queue.QUEUE,
        job_serializer=queue.serialize,
        job_deserializer=queue.deserialize,
        handle_signals=False,
        keep_result=0,
        poll_delay=0.2,
        log_results=False,
    )
    try:
        await worker.async_run()
    finally:
        await _close(worker)
    return 0.0


async def _close(worker: Worker) -> None:
    jobs: list[asyncio.Task[Any]] = [*worker.tasks.values(), *worker.job_tasks.values()]
    if worker.main_task:
        jobs.append(worker.main_task)
    for task in jobs:
        task.cancel()
    if jobs:
        await asyncio.wait(jobs, timeout=running.STOP_SECONDS / 2)
    if worker._pool is not None:
        with contextlib.suppress(Exception):
            await worker.pool.aclose(close_connection_pool=True)


async def run_indexer() -> float:
    return await running.child("workers.indexer", has_figures=True)


def turns() -> dict[str, Turn]:
    """Everything that the worker does at once, by name."""
    log = StreamLog(redis.client(patient=True))

    async def relay_turn() -> float:
        return BUSY_SECONDS if await relay(log) else IDLE_SECONDS

    async def restore_turn() -> float:
        await restore_lost(log, topics())
        return RESTORE_SECONDS

    async def prune_turn() -> float:
        await prune(log, topics())
        return PRUNE_SECONDS

    work = {"jobs": run_jobs, "indexer": run_indexer, "relay": relay_turn, "restore": restore_turn, "prune": prune_turn}
    return work | running.consuming(log, running.reader_name(), CONSUMERS)


if __name__ == "__main__":
    os.nice(NICENESS)
    running.run("worker", turns)
