"""Which characters the bytes of a text feed stand for."""

import codecs
import re

from app.suppliers.formats import multi_byte
from app.suppliers.formats.one_byte import ALPHABETS, guess_one_byte
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
_NAMES = multi_byte.NAMES | {
    "mac_roman": "Mac Roman",
    "koi8_r": "KOI8-R",
    "cp850": "DOS (code page 850)",
    "cp866": "DOS (code page 866)",
}
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


def name_of(codec: str) -> str:
    """What people call a codec that was guessed from the text, or "" for any other."""
    if codec in ALPHABETS and codec not in _NAMES:
        return codec.replace("iso8859_", "ISO 8859-").replace("cp", "Windows-")
    return _NAMES.get(codec, "")


def _unmarked_utf16(sample: bytes) -> str | None:
    """Marks, digits and line ends have a zero byte beside them in any language."""
    head = sample[:4000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    least = max(1, len(head) // 20)
    if odd >= least and even * 20 < odd:
        return "utf-16-le"
    if even >= least and odd * 20 < even:
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
    return multi_byte.guess_multi_byte(data) or guess_one_byte(data)
