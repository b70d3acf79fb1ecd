"""A process that does several things at once, until it is told to stop or its parent ends."""

import asyncio
import gc
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Mapping

from app.events import consumers
from app.events.log import StreamLog
from app.infra import background, database, logs, metrics
from app.infra.embedded import processes
from app.infra.recurring import Turn, forever
from app.infra.settings import SettingInvalid, settings

ALIVE_SECONDS = 1
ROOM_SECONDS = 0.5
STOP_SECONDS = 4
COLLECT_AFTER = (50_000, 20, 50)  # objects made and not yet let go of; see `gc.set_threshold`


def reader_name() -> str:
    """What this process is called in the log: never like one of an earlier life."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


async def make_room() -> float:
    """Keep out of the way of pages while they are asked for."""
    background.make_room()
    return ROOM_SECONDS


def consuming(log: StreamLog, reader: str, those: tuple[consumers.Consumer, ...]) -> dict[str, Turn]:
    """Turns that run consumers, and that say that their reader is alive."""

    async def alive() -> float:
        await log.say_alive(reader)
        return ALIVE_SECONDS

    def consume(consumer: consumers.Consumer) -> Turn:
        async def turn() -> float:
            await consumers.run(consumer, log, reader)
            return 0.0

        return turn

    return {"alive": alive} | {f"consumer {each.name} of {each.topic}": consume(each) for each in those}


async def child(module: str, *arguments: str, has_figures: bool = False) -> float:
    """Run `python -m module` until it ends; with us it ends, too.

    Args:
        has_figures: it lives as long as we do, and tells how it is beside us.

    Raises:
        RuntimeError: it did not end by itself.
    """
    environment = {"FEIRA_SUPERVISED": "1"}
    if has_figures and processes.FIGURES in os.environ:
        environment[processes.FIGURES] = os.environ[processes.FIGURES]
    process = processes.start([sys.executable, "-m", module, *arguments], environment=environment)
    try:
        while process.poll() is None:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
    finally:
        if process.poll() is None:
            process.terminate()
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}")
    return 0.0


async def _work_until(part: str, stopped: asyncio.Event, turns: Mapping[str, Turn]) -> None:
    await database.open_pool(in_background=True)
    turns = {**turns, "room": make_room, "figures": metrics.watching(part, database.pool_figures)}
    tasks = [asyncio.create_task(forever(name, turn), name=name) for name, turn in turns.items()]
    logs.log("worker").info("working", parts=[task.get_name() for task in tasks])
    await stopped.wait()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=STOP_SECONDS)


async def _main(part: str, turns: Callable[[], Mapping[str, Turn]]) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    work = asyncio.create_task(_work_until(part, stopped, turns()))
    await asyncio.wait([work, asyncio.create_task(stopped.wait())], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait([work], timeout=STOP_SECONDS)
    logs.log("worker").info("stopped")
    # a thread that is parsing a file cannot be interrupted, and need not be: its work is not committed
    sys.stderr.flush()
    os._exit(1 if work.done() and work.exception() else 0)


def collect_rarely() -> None:
    """Rows of a feed come and go by the thousand and form no circles; looking for circles took a sixth of the time."""
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def ready() -> None:
    """What every program of the workers does first. Leaves the process when a setting is wrong."""
    if os.environ.get("FEIRA_SUPERVISED"):
        processes.die_with_parent()
    collect_rarely()
    try:
        settings()
    except SettingInvalid as invalid:
        sys.exit(f"feira: {invalid}")
    logs.configure()


def run(part: str, turns: Callable[[], Mapping[str, Turn]]) -> None:
    """The whole life of a worker process; does not return."""
    ready()
    metrics.begin()
    asyncio.run(_main(part, turns))
