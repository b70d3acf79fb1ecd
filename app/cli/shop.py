"""`./feira run`: everything that a shop needs, watched over until Ctrl-C."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from app.cli.failures import CannotContinue
from app.cli.surroundings import python, surroundings
from app.infra import migrations
from app.infra.embedded import processes
from app.infra.settings import settings

console = Console(stderr=True, highlight=False)

RESTARTS = 5  # of one part within a minute, before we give up


class Stopped(Exception):
    """Somebody asked the shop to stop."""


def check_port() -> None:
    """Raises CannotContinue when somebody listens on HOST:PORT, or nobody may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings().host, settings().port))
        except OSError as error:
            where = f"{settings().host}:{settings().port}"
            raise CannotContinue(f"PORT: cannot listen on {where}: {error.strerror}; set PORT to another one") from None


def web_command() -> list[str]:
    """The web server, as in production."""
    command = python(
        "-m", "granian", "--interface", "asgi", "--factory", "app.main:create_app", "--no-ws", "--loop", "uvloop"
    )
    command += ["--host", settings().host, "--port", str(settings().port), "--workers", str(settings().web_workers)]
    return [
        *command,
        "--log-level",
        "warning",
        "--no-access-log",
        "--workers-kill-timeout",
        "10",
        "--respawn-failed-workers",
    ]


def worker_command() -> list[str]:
    return python("-m", "workers.main")


class Part:
    """A child process that is started again when it ends by itself."""

    def __init__(self, name: str, command: list[str], log: Path) -> None:
        self.name, self.command, self.log = name, command, log
        self.starts: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.starts = [moment for moment in self.starts if moment > time.monotonic() - 60] + [time.monotonic()]
        with self.log.open("ab") as output:
            return processes.start(self.command, output=output, environment={"FEIRA_SUPERVISED": "1"})

    def look_after(self) -> None:
        """Raises CannotContinue when it keeps ending."""
        if self.process.poll() is None:
            return
        if len(self.starts) > RESTARTS:
            raise CannotContinue(f"the {self.name} keeps stopping; see {self.log}: {processes.tail(self.log, 1)}")
        console.print(f"The {self.name} stopped (status {self.process.returncode}); starting it again.")
        self.process = self._start()

    def stop(self) -> None:
        processes.stop(self.process, seconds=15)


@contextlib.contextmanager
def running_parts(folder: Path) -> Iterator[list[Part]]:
    parts: list[Part] = []
    try:
        for name, command in (("worker", worker_command()), ("web server", web_command())):
            parts.append(Part(name, command, folder / f"{name.split()[0]}.log"))
        yield parts
    finally:
        for part in reversed(parts):
            part.stop()


def _stop(*_: object) -> None:
    raise Stopped


def run() -> None:
    """Set up, serve, and stop cleanly on Ctrl-C or SIGTERM."""
    check_port()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    with contextlib.suppress(Stopped):
        started = time.monotonic()
        with surroundings(exclusive=True), contextlib.ExitStack() as stack:
            console.print(f"Databases are up ({time.monotonic() - started:.1f} s).")
            asyncio.run(migrations.migrate())
            folder = Path(os.environ["FEIRA_DATA"])
            parts = stack.enter_context(running_parts(folder))
            _wait_for_web(parts)
            _bring_in_the_demo()
            _tell(time.monotonic() - started)
            while True:
                time.sleep(0.5)
                for part in parts:
                    part.look_after()
    console.print("Stopped.")


def _wait_for_web(parts: list[Part], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((settings().host, settings().port), 1):
            return
        for part in parts:
            part.look_after()
        time.sleep(0.05)
    raise CannotContinue(f"the web server did not answer in {seconds:.0f} s; see its log in {os.environ['FEIRA_DATA']}")


def _bring_in_the_demo() -> None:
    from app.cli.demo import bring_in_if_empty

    bring_in_if_empty(console)


def _tell(seconds: float) -> None:
    from app.demo.world import PASSWORD, SIGN_INS

    console.print(f"\n[bold]Feira is open: {settings().public_url}[/bold]  (ready in {seconds:.1f} s; Ctrl-C stops it)")
    for role, email in SIGN_INS:
        console.print(f"  {role:<9} {email}  {PASSWORD}")
