"""Segments are read where they are mapped: Whoosh maps them, too, but then copies all of it into each process."""

import mmap
import os
from io import RawIOBase
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile


class Mapped(FileStorage):
    """An index to be read only. What was opened stays readable when its file is deleted."""

    supports_mmap = False  # by Whoosh itself: it then asks the file of a segment for its parts

    def open_file(self, name: str, **_: Any) -> BufferFile:
        with Path(self.folder, name).open("rb") as file:
            return _File(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), name)


class _View(RawIOBase):
    """Reads bytes that lie elsewhere as a file."""

    def __init__(self, content: memoryview) -> None:
        self._content = content
        self._place = 0

    def read(self, size: int = -1, /) -> bytes:
        found = bytes(self._content[self._place : self._place + size if size >= 0 else None])
        self._place += len(found)
        return found

    def seek(self, place: int, whence: int = os.SEEK_SET, /) -> int:
        self._place = place + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: len(self._content)}[whence]
        return self._place

    def tell(self) -> int:
        return self._place


class _File(BufferFile):
    def __init__(self, content: memoryview, name: str | None) -> None:
        super().__init__(b"", name)
        self._buf = content
        self.file: Any = _View(content)

    def subset(self, position: int, length: int, name: str | None = None) -> BufferFile:
        return _File(memoryview(self._buf)[position : position + length], name or self._name)
