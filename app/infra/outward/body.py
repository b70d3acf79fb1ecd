"""The body of an answer, counted and timed while it comes; a packed one is unpacked within the same limits."""

import time
import zlib
from collections.abc import Callable, Iterator

from app.infra.outward.refusal import OutwardFailed, OutwardRefused

WINDOW_SECONDS = 10.0
MINIMUM_RATE = 1024  # bytes a second, within every window
PIECE = 256 * 1024  # most bytes unpacked at once
MAX_RATIO = 200  # unpacked bytes per packed byte,
RATIO_GRACE = 16 * 1024 * 1024  # once so many have come out
CRUMB = 64  # bytes that a piece of a chunked body has on average, at least,
CRUMB_GRACE = 10_000  # once so many have come: a byte each keeps the processor busy for very little


class Body:
    """Hands pieces on to `into`. `size` is what was handed on, in bytes."""

    def __init__(self, into: Callable[[bytes], object], max_bytes: int, encoding: str) -> None:
        self._into, self._max_bytes = into, max_bytes
        self._unpacking = _Unpacking() if encoding in ("gzip", "x-gzip", "deflate") else None
        if encoding not in ("", "identity") and self._unpacking is None:
            raise OutwardRefused("The server packs the file in a way that we cannot read; gzip is fine.")
        self._came = self._pieces = 0
        self._window_start, self._window_bytes = time.monotonic(), 0
        self.size = 0

    def take(self, chunk: bytes) -> None:
        """Raises OutwardRefused above the limits, OutwardFailed when it comes too slowly, and what `into` raises."""
        self._came += len(chunk)
        self._pieces += 1
        if self._pieces > CRUMB_GRACE and self._came < self._pieces * CRUMB:
            raise OutwardRefused("The server sends the file in crumbs; let it send larger pieces.")
        self._watch_rate(len(chunk))
        for piece in self._unpacking.pieces(chunk) if self._unpacking else (chunk,):
            self.size += len(piece)
            if self.size > self._max_bytes:
                raise too_large(self._max_bytes)
            if self._unpacking and self.size > max(RATIO_GRACE, self._came * MAX_RATIO):
                raise OutwardRefused("The file unpacks to far more than it should; we do not take it.")
            self._into(piece)

    def end(self) -> None:
        """Raises OutwardFailed if a packed body stopped halfway."""
        if self._unpacking and not self._unpacking.finished:
            raise OutwardFailed("The answer broke off before its end.")

    def _watch_rate(self, count: int) -> None:
        self._window_bytes += count
        passed = time.monotonic() - self._window_start
        if passed < WINDOW_SECONDS:
            return
        if self._window_bytes < MINIMUM_RATE * passed:
            raise OutwardFailed("The server sends so slowly that we stopped waiting.")
        self._window_start, self._window_bytes = time.monotonic(), 0


def too_large(max_bytes: int) -> OutwardRefused:
    size = f"{max_bytes / 1024**2:,.0f} MB" if max_bytes >= 1024**2 else f"{max_bytes:,} bytes"
    return OutwardRefused(f"What the server sends is larger than {size}.")


class _Unpacking:
    """gzip, of several members too, or zlib."""

    def __init__(self) -> None:
        self._part = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        self._begun = False

    @property
    def finished(self) -> bool:
        return self._part.eof or not self._begun

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        more = bool(chunk)
        while more:
            if self._part.eof:
                self._part = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            self._begun = True
            try:
                piece = self._part.decompress(chunk, PIECE)
            except zlib.error:
                raise OutwardFailed("The server says that the file is packed, but it cannot be unpacked.") from None
            if piece:
                yield piece
            chunk = self._part.unconsumed_tail or self._part.unused_data.lstrip(b"\0")
            more = bool(chunk) or (len(piece) == PIECE and not self._part.eof)  # a full piece may have left some inside
