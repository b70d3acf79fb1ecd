"""`./feira run`: everything that a shop needs, watched over until Ctrl-C."""

import asyncio
import contextlib
import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rich.console import Console

from app.cli.failures import CannotContinue
from app.cli.migrating import migrated
from app.cli.surroundings import python, surroundings
from app.infra import metrics
from app.infra.embedded import processes
from app.infra.settings import settings

console = Console(stderr=True, highlight=False)

# Those that only wait count, too, and every browser keeps six: with too few, strangers who send nothing shut us.
CONNECTIONS = 4096
OTHER_FILES = 512
BACKLOG = 2048
IDLE_MS = 10_000  # for a request's head, and until the next one begins
HEADER_BYTES = 64 * 1024
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


def _connections() -> int:
    """How many connections a web process may hold: CONNECTIONS, or what the system's limit of open files leaves."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(soft - OTHER_FILES, soft // 2)
    return CONNECTIONS


def web_command() -> list[str]:
    """The web server, as in production."""
    command = python(
        "-m", "granian", "--interface", "asgi", "--factory", "app.main:create_app", "--no-ws", "--loop", "uvloop"
    )
    command += ["--http", "1", "--backlog", str(BACKLOG), "--backpressure", str(_connections())]
    command += ["--http1-header-read-timeout", str(IDLE_MS), "--http1-buffer-size", str(HEADER_BYTES)]
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


class Watched(Protocol):
    """A child process that can be started again."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def restart(self) -> None: ...


class Part:
    """A child process of our own programs."""

    def __init__(self, name: str, command: list[str], log: Path) -> None:
        self.name, self.command, self.log = name, command, log
        self.restart()

    def restart(self) -> None:
        environment = {"FEIRA_SUPERVISED": "1", **metrics.swept(self.log.stem)}
        with self.log.open("ab") as output:
            self.process = processes.start(self.command, output=output, environment=environment)

    def stop(self) -> None:
        processes.stop(self.process, seconds=15)


class Watch:
    """Starts again what ends by itself, the same part at most `restarts` times within a minute; keeps logs short."""

    def __init__(self, watched: Sequence[Watched], restarts: int = RESTARTS) -> None:
        self.watched, self.restarts = watched, restarts
        self._restarts: dict[str, list[float]] = {each.name: [] for each in watched}

    def look(self) -> None:
        """Raises CannotContinue when something keeps ending."""
        for each in self.watched:
            if each.process.poll() is not None:
                self._start_again(each)
            processes.keep_short(each.log)

    def _start_again(self, ended: Watched) -> None:
        recent = [moment for moment in self._restarts[ended.name] if moment > time.monotonic() - 60]
        if len(recent) >= self.restarts:
            raise CannotContinue(f"the {ended.name} keeps stopping; see {ended.log}: {processes.tail(ended.log, 1)}")
        self._restarts[ended.name] = [*recent, time.monotonic()]
        console.print(f"The {ended.name} stopped (status {ended.process.returncode}); starting it again.")
        ended.restart()


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


def _listen_for_stop() -> None:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)


def run_alone(part: str, command: list[str]) -> int:
    """Run one of our programs until it ends, Ctrl-C or SIGTERM; returns its status. It never outlives us."""
    _listen_for_stop()
    process = processes.start(command, environment={"FEIRA_SUPERVISED": "1", **metrics.swept(part)})
    try:
        return process.wait()
    except Stopped:
        processes.stop(process, seconds=15)
        return 0


def run(*, demo: bool) -> None:
    """Set up, serve, and stop cleanly on Ctrl-C or SIGTERM."""
    check_port()
    _listen_for_stop()
    with contextlib.suppress(Stopped):
        started = time.monotonic()
        with surroundings(exclusive=True) as servers, contextlib.ExitStack() as stack:
            console.print(f"Databases are up ({time.monotonic() - started:.1f} s).")
            for each in asyncio.run(migrated()):
                console.print(f"PostgreSQL: {each}", markup=False)
            folder = Path(os.environ["FEIRA_DATA"])
            watch = Watch([*servers, *stack.enter_context(running_parts(folder))])
            _wait_for_web(watch)
            if demo:
                _bring_in_the_demo()
            _tell(time.monotonic() - started, demo=demo)
            while True:
                time.sleep(0.5)
                watch.look()
    console.print("Stopped.")


def _wait_for_web(watch: Watch, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((settings().host, settings().port), 1):
            return
        watch.look()
        time.sleep(0.05)
    raise CannotContinue(f"the web server did not answer in {seconds:.0f} s; see its log in {os.environ['FEIRA_DATA']}")


def _bring_in_the_demo() -> None:
    from app.cli.demo import bring_in_if_empty

    bring_in_if_empty(console)


def _tell(seconds: float, *, demo: bool) -> None:
    from app.demo.world import PASSWORD, SIGN_INS
    from app.notifications.outbox_pages import OUTBOX, has_outbox

    console.print(f"\n[bold]Feira is open: {settings().public_url}[/bold]  (ready in {seconds:.1f} s; Ctrl-C stops it)")
    for role, email in SIGN_INS if demo else ():
        console.print(f"  {role:<9} {email}  {PASSWORD}")
    if has_outbox():
        console.print(f"  mails     {settings().public_url}{OUTBOX}  (SMTP_HOST is not set)")
