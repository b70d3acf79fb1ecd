"""The shop as in production, on one core, with the demo catalogue; the load comes from another core."""

import asyncio
import contextlib
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli import shop
from app.cli.demo import bring_in_if_empty
from app.cli.failures import CannotContinue
from app.cli.surroundings import surroundings
from app.infra import migrations
from app.infra.database import connected, fetch
from app.infra.embedded import processes
from app.infra.settings import settings

SHOP_CORE, LOAD_CORE = 0, 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def data_folder() -> Iterator[Path]:
    """FEIRA_DATA where it is set, else a folder that is gone afterwards.

    Raises:
        click.ClickException: no shop can be opened there; one line says why.
    """
    with contextlib.ExitStack() as stack:
        if "FEIRA_DATA" not in os.environ:
            os.environ["FEIRA_DATA"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="feira-bench-"))
        folder = Path(os.environ["FEIRA_DATA"])
        folder.mkdir(parents=True, exist_ok=True)
        try:
            yield folder
        except CannotContinue as failure:
            raise click.ClickException(str(failure)) from None


async def migrate_new() -> None:
    """Migrate an empty shop: what is measured by all that a shop holds must not begin with somebody's.

    Raises:
        CannotContinue: an earlier run was here, or it is somebody's shop. It is left as it was.
    """
    async with connected():
        (tables,) = await fetch("SELECT to_regclass('supplier') IS NOT NULL AS are_there")
        if tables["are_there"] and await fetch(
            "(SELECT FROM supplier LIMIT 1) UNION ALL (SELECT FROM account LIMIT 1)"
        ):
            folder = settings().feira_data
            raise CannotContinue(f"{folder} holds a shop already; set FEIRA_DATA to an empty folder, or unset it")
    await migrations.migrate()


@contextlib.contextmanager
def empty_shop() -> Iterator[Path]:
    """Servers of its own, and a database that holds nothing yet; both are gone afterwards, and so is their folder."""
    with tempfile.TemporaryDirectory(prefix="feira-bench-") as folder:
        os.environ.update(FEIRA_DATA=folder, LOG_LEVEL="warning")
        settings.cache_clear()
        with surroundings(exclusive=True):
            asyncio.run(migrations.migrate())
            yield Path(folder)


@contextlib.contextmanager
def open_shop(console: object) -> Iterator[int]:
    """Yields the port. Data is made anew in a temporary folder unless FEIRA_DATA names one."""
    cores = sorted(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        stack.enter_context(data_folder())
        os.environ.update(PORT=str(free_port()), SHOW_QUERY_COUNT="1", LOG_LEVEL="warning")
        settings.cache_clear()
        os.sched_setaffinity(0, {cores[SHOP_CORE]})  # children inherit it: databases, worker and web share one core
        stack.enter_context(surroundings(exclusive=True))
        _fill(console)
        stack.enter_context(web())
        os.sched_setaffinity(0, {cores[min(LOAD_CORE, len(cores) - 1)]})
        try:
            yield settings().port
        finally:
            os.sched_setaffinity(0, set(cores))


def _fill(console: object) -> None:
    """Bring in the demo catalogue with a worker that is gone again when the measuring begins."""
    asyncio.run(migrations.migrate())
    with child("worker", shop.worker_command()):
        bring_in_if_empty(console)  # type: ignore[arg-type]


@contextlib.contextmanager
def web() -> Iterator[None]:
    command = [argument.replace("app.main:", "bench.application:") for argument in shop.web_command()]
    with child("web", command):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", settings().port), 1):
                break
            time.sleep(0.05)
        yield


@contextlib.contextmanager
def child(name: str, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    with (Path(os.environ["FEIRA_DATA"]) / f"{name}.log").open("ab") as output:
        process = processes.start(command, output=output, environment={"FEIRA_SUPERVISED": "1"})
    try:
        yield process
    finally:
        processes.stop(process)
