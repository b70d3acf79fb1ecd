"""Which characters the bytes of a text feed stand for."""

import codecs
import re

from charset_normalizer import from_bytes

from app.suppliers.formats.raw import FeedUnreadable
from app.suppliers.formats.source import SAMPLE_BYTES, Source

# The longer marks first: a UTF-32 mark begins like a UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ONE_BYTE = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859_15", "iso8859_2"]
_GUESS_BYTES = 4096
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def detect_encoding(sample: bytes, source: Source) -> str:
    """A Python codec name. Reads on in `source` (and rewinds it) when the sample alone is plain ASCII.

    Raises FeedUnreadable for bytes that are no text at all.
    """
    for mark, codec in _MARKS:
        if sample.startswith(mark):
            return codec
    if wide := _unmarked_utf16(sample):
        return wide
    if len(_CONTROLS.findall(sample)) > len(sample) // 50:
        raise FeedUnreadable(
            "This file is not text: it is full of bytes that no feed contains.",
            "Export your products as CSV, JSON or XML and upload that file.",
        )
    telling = sample if not sample.isascii() else _first_beyond_ascii(source)
    return _unmarked(telling)


def _unmarked_utf16(sample: bytes) -> str | None:
    head = sample[:2000]
    pairs = len(head) // 2
    if pairs < 2:
        return None
    if head[1::2].count(0) > pairs * 0.7 and not head[0::2].count(0):
        return "utf-16-le"
    if head[0::2].count(0) > pairs * 0.7 and not head[1::2].count(0):
        return "utf-16-be"
    return None


def _first_beyond_ascii(source: Source) -> bytes:
    """Accents often come late, in the brand of row 4,000: a file is UTF-8 or not only from there on."""
    source.restart()
    try:
        while data := source.chunk(SAMPLE_BYTES):
            if not data.isascii():
                return data
    except FeedUnreadable:
        pass  # the same error comes again, in its place, when the rows are read
    finally:
        source.restart()
    return b""


def _unmarked(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    right = sum(1 for char in text if char > "\x7f") - broken
    # A few stray bytes in a UTF-8 file spoil their own rows, not the accents of all the others. The first
    # and last character may be cut by the sample, so one or two broken ones say nothing.
    if broken == 0 or right > broken * 2:
        return "utf-8"
    first = next(place for place, byte in enumerate(data) if byte > 0x7F)
    start = max(0, first - 500)
    best = from_bytes(data[start : start + _GUESS_BYTES], cp_isolation=_ONE_BYTE).best()
    if best is None or best.encoding in ("ascii", "iso8859_2", "iso8859_15"):
        return "cp1252"
    return best.encoding
