"""The bytes of a feed: decompressed on the way, counted, and cut off at the limits."""

import gzip
import io
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

from app.suppliers.formats import zipped
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.raw import FeedUnreadable

GZIP_MAGIC = b"\x1f\x8b"
SAMPLE_BYTES = 64 * 1024


class Source(io.RawIOBase):
    """A readable raw stream. Reading raises FeedUnreadable when a limit is passed or the packed file is damaged."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._file = path.open("rb")
        magic = self._file.read(4)
        self.gzipped = magic.startswith(GZIP_MAGIC)
        self.is_zip = magic == zipped.MAGIC
        self._packed: gzip.GzipFile | zipfile.ZipExtFile | None = None
        self._copy: BinaryIO | None = None
        self.bytes_in = 0  # of the file as it is stored
        self.bytes_out = 0
        try:
            self.restart()
        except BaseException:
            self._file.close()
            raise

    def restart(self) -> None:
        """Go back to the first byte; what was counted so far is forgotten."""
        self._file.seek(0)
        if self.gzipped:
            self._packed = gzip.GzipFile(fileobj=self._file)
        elif self.is_zip:
            self._packed = zipped.opened_member(self._file)
            self.is_zip = self._packed is not None
            self._file.seek(0)
        self.bytes_out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.chunk(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def chunk(self, size: int) -> bytes:
        """Up to `size` bytes, as soon as there are any; empty at the end."""
        try:
            # read1, so that what came out before a broken place is delivered before the error.
            data = self._file.read(size) if self._packed is None else self._packed.read1(size)
        except zipped.BROKEN as error:
            if self._packed is None:
                raise
            raise self._damaged(error) from None
        self.bytes_in = self._file.tell()
        self.bytes_out += len(data)
        self._enforce_limits()
        return data

    def _damaged(self, error: Exception) -> FeedUnreadable:
        if self.is_zip:
            return zipped.damaged()
        if isinstance(error, EOFError):
            reason, advice = "ends too early: part of it is missing", "Upload the whole .gz file again."
        else:
            reason, advice = "is damaged and cannot be unpacked", "Make the .gz file again, or send it unpacked."
        return FeedUnreadable(f"The compressed file {reason}.", advice)

    def sample(self) -> bytes:
        """The first 64 KiB (less if the file breaks before; reading on will say so). Rewinds."""
        self.restart()
        found = bytearray()
        try:
            while len(found) < SAMPLE_BYTES and (data := self.chunk(SAMPLE_BYTES - len(found))):
                found += data
        except FeedUnreadable:
            if not found:
                raise
        self.restart()
        return bytes(found)

    def as_file(self) -> BinaryIO:
        """All of it, unpacked, as a file in which one can move about; of a packed feed a copy on disk."""
        if self._packed is None:
            return self._file
        if self._copy is None:
            self.restart()
            self._copy = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the source
            while data := Source.chunk(self, SAMPLE_BYTES):
                self._copy.write(data)
        return self._copy

    def tell_progress(self) -> None:
        """Of a file in which one moves about."""
        if self._packed is None:
            self.bytes_in = self._file.tell()

    def close(self) -> None:
        if self._copy is not None:
            self._copy.close()
        self._file.close()
        super().close()

    def _enforce_limits(self) -> None:
        if self.bytes_out > self._limits.max_bytes:
            raise FeedUnreadable(
                f"The feed is larger than {self._limits.max_bytes // (1024 * 1024):,} MB unpacked.",
                "Split it into several feeds.",
            )
        if self._packed is not None:
            refuse_unpacking(self.bytes_out, self._file.tell(), self._limits)


def refuse_unpacking(out: int, packed: int, limits: Limits) -> None:
    """Raises FeedUnreadable when far more bytes came out than went in."""
    if out > limits.ratio_grace and out / max(1, packed) > limits.max_ratio:
        raise FeedUnreadable(
            "The compressed file unpacks to far more than it should, so we stopped reading it.",
            "Send the feed unpacked, or pack only the feed itself.",
        )
