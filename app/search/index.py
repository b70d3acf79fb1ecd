"""The index on disk: generations that are built beside each other, and a pointer to the one in use.

Whoosh keeps the inverted index and the stored documents; a commit is atomic, because its table of contents is renamed
into place when all that belongs to it (`extract_files.py`, too) is there. One lock file lets one process write at a
time, another one build; readers need none. What a killed writer leaves in a generation goes with the next commit, what
a killed builder leaves goes when the next one begins. Indexes of two formats lie in folders of their own: while one
version of the shop is followed by another, each has its own.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TextIO, TypeVar

from whoosh import fields
from whoosh import index as whoosh_index
from whoosh.analysis.tokenizers import SpaceSeparatedTokenizer
from whoosh.index import TOC, FileIndex

from app.infra.logs import log
from app.infra.settings import settings
from app.search.mapped import Mapped

# Raised when documents change their shape or words their stems: the index is then built anew, beside the one before.
FORMAT = 10
KEPT_GENERATIONS = 2

Signature = tuple[str, int, int]
"""Name of the generation, number of the commit, and when it was made in nanoseconds."""

_GENERATION = re.compile(r"GEN-(\d+)")
_CONTENTS = re.compile(r"_MAIN_(\d+)\.toc")

Read = TypeVar("Read")


class Parts(NamedTuple):
    """What a process answers from: the place of its files, and segments as Whoosh has them."""

    storage: Mapped
    segments: Sequence[Any]


def folder() -> Path:
    return settings().feira_data / "index" / str(FORMAT)


@cache
def schema() -> fields.Schema:
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        words=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
        document=fields.STORED,
        attributes=fields.STORED,
        title=fields.STORED,
    )


class Index:
    """The index below `root`, the folder of a format. Every method blocks: call it in a thread."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """The folder of the generation in use; None if there is none that this code can read."""
        name = self._pointed_at()
        found = self.root / name
        return found if _GENERATION.fullmatch(name) and found.is_dir() else None

    def _pointed_at(self) -> str:
        """The name in the pointer; empty if there is none."""
        try:
            return (self.root / "CURRENT").read_text().strip()
        except OSError:
            return ""

    def signature(self) -> Signature | None:
        """Changes with every commit and every new generation; costs one look into a small folder."""
        place = self.current()
        if place is None:
            return None
        try:
            tables = {int(match[1]): each for each in place.iterdir() if (match := _CONTENTS.fullmatch(each.name))}
            newest = max(tables, default=0)
            return (place.name, newest, tables[newest].stat().st_mtime_ns) if tables else None
        except OSError:
            return None  # it was pruned just now: the pointer is newer

    def open(self) -> FileIndex | None:
        """The generation in use, None if there is none or it cannot be read."""
        return self._read(lambda place: whoosh_index.open_dir(str(place)))

    def parts(self) -> Parts | None:
        """Where the generation in use lies and what it consists of, to be read only; None as for `open`."""
        return self._read(
            lambda place: Parts(storage := Mapped(str(place)), TOC.read(storage, "MAIN", schema=schema()).segments)
        )

    def _read(self, read: Callable[[Path], Read]) -> Read | None:
        place = self.current()
        try:
            return read(place) if place else None
        except Exception as error:  # noqa: BLE001 - a damaged file fails in any way; the index can be built anew
            log("search").error("index unreadable", error=repr(error))
            return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among writers; the kernel lets go of the lock when a process dies."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "WRITER").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def turn_to_build(self) -> TextIO | None:
        """A file that is locked as long as it is open: who has it builds alone. None while somebody else does."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle = (self.root / "BUILDER").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return None
        return handle

    def sweep(self) -> None:
        """Drop every generation but the one in use; only while it is our turn to build. Who reads one, goes on."""
        for each in self.root.glob("GEN-*"):
            if each.name != self._pointed_at():
                shutil.rmtree(each, ignore_errors=True)

    def abandon(self, place: Path) -> None:
        """Drop a generation that could not be completed."""
        if place.name != self._pointed_at():
            shutil.rmtree(place, ignore_errors=True)

    def used_since(self) -> datetime:
        """When the generation in use was complete."""
        return datetime.fromtimestamp((self.root / "CURRENT").stat().st_mtime, UTC)

    def older(self) -> list[Path]:
        """What versions of the shop before this one have left: folders of their formats, and what lay beside them."""
        if not self.root.parent.is_dir():
            return []
        found = [each for each in self.root.parent.iterdir() if each != self.root]
        return [each for each in found if not each.name.isdigit() or int(each.name) < int(self.root.name)]

    def forget_older(self) -> None:
        """Drop that; who reads it, goes on."""
        for each in self.older():
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)

    def new_generation(self) -> Path:
        """An empty generation that nobody uses yet."""
        self.root.mkdir(parents=True, exist_ok=True)
        taken = [int(match[1]) for each in self.root.iterdir() if (match := _GENERATION.fullmatch(each.name))]
        place = self.root / f"GEN-{max(taken, default=0) + 1}"
        place.mkdir()
        whoosh_index.create_in(str(place), schema())
        return place

    def use(self, place: Path) -> None:
        """Point at `place`, and drop generations that nobody can still be opening."""
        pointer = self.root / "CURRENT.new"
        with pointer.open("w") as handle:
            handle.write(place.name)
            handle.flush()
            os.fsync(handle.fileno())
        pointer.replace(self.root / "CURRENT")
        generations = sorted(self.root.glob("GEN-*"), key=lambda each: each.stat().st_mtime)
        for old in [each for each in generations if each != place][: 1 - KEPT_GENERATIONS]:
            shutil.rmtree(old, ignore_errors=True)
