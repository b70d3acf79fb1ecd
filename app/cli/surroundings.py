"""The data folder and the servers that a command works with."""

import asyncio
import contextlib
import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

from app.cli.failures import CannotContinue
from app.infra import migrations
from app.infra.database import connected
from app.infra.embedded import servers
from app.infra.root import ROOT
from app.infra.settings import settings

FREE_BYTES = 300 * 1024**2

Answer = TypeVar("Answer")


def data_folder() -> Path:
    """FEIRA_DATA, made when new.

    Raises:
        CannotContinue: it is read-only, no folder, or the disk is full.
    """
    folder = settings().feira_data.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(secrets.token_bytes(4096))
        probe.unlink()
        free = os.statvfs(folder)
    except OSError as error:
        raise CannotContinue(f"FEIRA_DATA: {folder} cannot be written: {error.strerror}") from None
    if free.f_bavail * free.f_frsize < FREE_BYTES:
        raise CannotContinue(f"FEIRA_DATA: less than {FREE_BYTES // 1024**2} MB are free in {folder}")
    os.environ["FEIRA_DATA"] = str(folder)
    return folder


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or one made once for this data folder."""
    given = settings().secret_key.get_secret_value()
    if given:
        return given
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def _uses_own_servers() -> bool:
    database, redis = settings().database_url, settings().redis_url
    if bool(database) != bool(redis):
        raise CannotContinue("set both DATABASE_URL and REDIS_URL, or neither")
    return bool(database)


@contextlib.contextmanager
def surroundings(*, exclusive: bool = False) -> Iterator[list[servers.Server]]:
    """Settings that point at running servers: given ones, those of a shop that runs on this data folder, or fresh ones.

    Yields the servers that were started here (if there are any, no worker is running either).

    Raises:
        CannotContinue: `exclusive`, and a shop runs on this data folder already.
    """
    folder = data_folder()
    os.environ["SECRET_KEY"] = secret_key(folder)
    with contextlib.ExitStack() as stack:
        started: list[servers.Server] = []
        lock = stack.enter_context((folder / "lock").open("w"))
        if not _free(lock):
            if exclusive:
                raise CannotContinue(f"another shop is running on {folder}; stop it, or set FEIRA_DATA")
            _point_at_embedded(folder)
        elif not _uses_own_servers():
            started += [stack.enter_context(servers.postgres(folder)), stack.enter_context(servers.valkey(folder))]
            _point_at_embedded(folder)
        settings.cache_clear()
        yield started


def ask(question: Coroutine[Any, Any, Answer]) -> Answer:
    """What `question` answers, asked of the migrated database of these surroundings."""

    async def asked() -> Answer:
        await migrations.migrate()
        async with connected():
            return await question

    try:
        with surroundings():
            return asyncio.run(asked())
    finally:
        question.close()  # Python complains of one that was never asked


def _free(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


def _point_at_embedded(folder: Path) -> None:
    if not _uses_own_servers():
        os.environ["DATABASE_URL"] = servers.database_url(folder)
        os.environ["REDIS_URL"] = servers.redis_url(folder)


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def run_python(*arguments: str) -> int:
    return subprocess.run(python(*arguments), check=False, cwd=ROOT).returncode
