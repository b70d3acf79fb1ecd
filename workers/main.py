"""One worker process: jobs, the relay of the outbox, and consumers of the log. `python -m workers.main`"""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from arq.worker import Worker

from app.events import consumers
from app.events.log import StreamLog
from app.events.relay import prune, relay, restore_lost
from app.infra import database, logs, queue, redis
from app.infra.embedded.processes import die_with_parent
from app.infra.settings import SettingInvalid, settings
from app.search.rebuilding import ensure
from workers.consumers import CONSUMERS, topics
from workers.jobs import CRONS, JOBS

BUSY_SECONDS, IDLE_SECONDS = 0.1, 0.3
ALIVE_SECONDS, RESTORE_SECONDS, PRUNE_SECONDS, INDEX_SECONDS = 1, 3, 300, 60
STOP_SECONDS = 4


async def forever(name: str, work: Callable[[], Awaitable[float]]) -> None:
    """Do `work` again and again, waiting the seconds it returns; an outage or a mistake only delays it."""
    while True:
        try:
            pause = await work()
        except Exception as error:  # noqa: BLE001 - a worker that gives up helps nobody
            logs.log("worker").warning("will try again", part=name, error=repr(error))
            pause = 1.0
        await asyncio.sleep(pause)


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
    running = [*worker.tasks.values(), *worker.job_tasks.values()]
    if worker.main_task:
        running.append(worker.main_task)
    for task in running:
        task.cancel()
    await asyncio.wait(running or [asyncio.ensure_future(asyncio.sleep(0))], timeout=STOP_SECONDS / 2)
    if worker._pool is not None:
        with contextlib.suppress(Exception):
            await worker.pool.aclose(close_connection_pool=True)


def parts() -> dict[str, Coroutine[Any, Any, None]]:
    """Everything that a worker does at once, by name."""
    log = StreamLog(redis.client(patient=True))
    reader = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"  # never that of an earlier life

    async def alive_turn() -> float:
        await log.say_alive(reader)
        return ALIVE_SECONDS

    async def relay_turn() -> float:
        return BUSY_SECONDS if await relay(log) else IDLE_SECONDS

    async def restore_turn() -> float:
        await restore_lost(log, topics())
        return RESTORE_SECONDS

    async def index_turn() -> float:
        await ensure()
        return INDEX_SECONDS

    async def prune_turn() -> float:
        await prune(log, topics())
        return PRUNE_SECONDS

    def consume(consumer: consumers.Consumer) -> Callable[[], Awaitable[float]]:
        async def turn() -> float:
            await consumers.run(consumer, log, reader)
            return 0.0

        return turn

    work: dict[str, Callable[[], Awaitable[float]]] = {
        "alive": alive_turn,
        "jobs": run_jobs,
        "relay": relay_turn,
        "restore": restore_turn,
        "prune": prune_turn,
        "index": index_turn,
    }
    work |= {f"consumer {consumer.name}": consume(consumer) for consumer in CONSUMERS}
    return {name: forever(name, turn) for name, turn in work.items()}


async def work_until(stopped: asyncio.Event) -> None:
    """Run every part until `stopped` is set."""
    await database.open_pool()
    tasks = [asyncio.create_task(part, name=name) for name, part in parts().items()]
    logs.log("worker").info("working", parts=[task.get_name() for task in tasks])
    await stopped.wait()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=STOP_SECONDS)


async def main() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    work = asyncio.create_task(work_until(stopped))
    await asyncio.wait([work, asyncio.create_task(stopped.wait())], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait([work], timeout=STOP_SECONDS)
    logs.log("worker").info("stopped")
    # a thread that is parsing a file cannot be interrupted, and need not be: its work is not committed
    sys.stderr.flush()
    os._exit(1 if work.done() and work.exception() else 0)


if __name__ == "__main__":
    if os.environ.get("FEIRA_SUPERVISED"):
        die_with_parent()
    try:
        settings()
    except SettingInvalid as invalid:
        sys.exit(f"feira: {invalid}")
    logs.configure()
    asyncio.run(main())
