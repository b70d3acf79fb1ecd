"""The bytes of a feed on their way in: streamed to disk and hashed, never held in memory."""

import hashlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from app.infra.settings import settings

CHUNK = 1024 * 1024


class TooLarge(Exception):
    """More bytes came than a feed may have."""


def feeds_folder() -> Path:
    return settings().feira_data.absolute() / "feeds"


def arriving_folder() -> Path:
    return feeds_folder() / "arriving"


class Arrival:
    """A file being received. Leaving the block without `keep()` deletes what has come."""

    def __init__(self) -> None:
        folder = arriving_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / secrets.token_hex(12)
        self._file = self._path.open("xb")
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Raises TooLarge above the setting FEED_MAX_BYTES, OSError when the disk is full."""
        self.size += len(chunk)
        if self.size > settings().feed_max_bytes:
            raise TooLarge
        self._hash.update(chunk)
        self._file.write(chunk)

    @property
    def digest(self) -> bytes:
        return self._hash.digest()

    def keep(self, supplier_id: int) -> str:
        """Make the bytes durable under a name of their own; returns it, relative to the folder of feeds."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        name = f"{supplier_id}/{self.digest.hex()[:16]}-{secrets.token_hex(4)}"
        (feeds_folder() / name).parent.mkdir(exist_ok=True)
        self._path.rename(feeds_folder() / name)
        return name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def copy_in(path: Path, arrival: Arrival) -> None:
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            arrival.write(chunk)
