"""Physical lines of a text feed, each with a bounded length."""

import io
from collections.abc import Iterator

from app.suppliers.formats.raw import FeedUnreadable
from app.suppliers.formats.source import Source

BUFFER_BYTES = 64 * 1024


class TooLong(str):
    """The beginning of a line that is longer than the limit; the rest of it has been skipped."""


def text_of(source: Source, encoding: str) -> io.TextIOWrapper:
    """Bytes that do not fit the encoding become lone surrogates, so that they spoil only their own row."""
    source.restart()
    buffered = io.BufferedReader(source, BUFFER_BYTES)
    return io.TextIOWrapper(buffered, encoding=encoding, errors="surrogateescape", newline="")


def physical_lines(text: io.TextIOWrapper, max_chars: int) -> Iterator[str]:
    """Lines with their line ends. One over `max_chars` comes as TooLong. Memory stays near `max_chars`.
    Raises FeedUnreadable when that many blanks follow each other.
    """
    readline = text.readline
    blank = 0
    while line := readline(max_chars):
        if line.isspace():
            blank += len(line)
            if blank > max_chars:
                raise FeedUnreadable("The file goes on with nothing but blank lines.", "Remove them from its end.")
        elif blank:
            blank = 0
        if len(line) == max_chars and line[-1] not in "\r\n":
            yield TooLong(line)
            while (rest := readline(max_chars)) and rest[-1] not in "\r\n":
                pass
        else:
            yield line


def has_undecodable(line: str) -> bool:
    """Whether some byte of the line did not fit the encoding."""
    if line.isascii():
        return False
    try:
        line.encode()
    except UnicodeEncodeError:
        return True
    return False
