"""A window on a long JSON text: values are taken off its front, one at a time."""

import io
import json
import re
from typing import Any

from app.suppliers.formats.limits import Limits
from app.suppliers.formats.lines import has_undecodable
from app.suppliers.formats.raw import FeedUnreadable

_CHUNK_CHARS = 64 * 1024
# An error this close to the end of what has been read may only be a word or an escape that goes on.
_UNSURE_CHARS = 16
# Numbers stay as written: "48.90" must not pass through a float.
DECODER = json.JSONDecoder(strict=False, parse_float=str, parse_int=str, parse_constant=str)
_NOT_BLANK = re.compile("[^ \t\r\n\ufeff]")


class JsonText:
    """Holds at most one value and one chunk in memory. Every method may raise FeedUnreadable."""

    def __init__(self, text: io.TextIOWrapper, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._window = ""
        self._place = 0
        self._lines_before = 0
        self._ended = False
        self._undecodable = False

    @property
    def line(self) -> int:
        return self._lines_before + self._window.count("\n", 0, self._place) + 1

    def peek(self) -> str:
        """The next character that is not blank, or "" at the end."""
        blank = 0
        while True:
            if found := _NOT_BLANK.search(self._window, self._place):
                self._place = found.start()
                return found.group()
            blank += len(self._window) - self._place
            self._place = len(self._window)
            if blank > self._limits.max_row_bytes:
                raise self.broken("There is nothing but blanks")
            if not self._read_on():
                return ""

    def take(self, expected: str) -> None:
        """Step over one character, which must be among `expected`."""
        found = self.peek()
        if found == "":
            raise self.ended()
        if found not in expected:
            raise self.broken(f'Found "{found}" where {" or ".join(expected)} should be')
        self._place += 1

    def value(self) -> Any:
        """Step over the next value and return it. Numbers come as text."""
        self.peek()
        while True:
            try:
                value, self._place = DECODER.raw_decode(self._window, self._place)
                # A number at the very end of the window may have more digits to come.
                if isinstance(value, str) and self._place == len(self._window) and self._read_on():
                    continue
                return value
            except RecursionError:
                raise FeedUnreadable(
                    "The JSON is nested too deeply.", "Send a plain list of products.", self.line
                ) from None
            except json.JSONDecodeError as error:
                self._wait_for_more(error)

    def _wait_for_more(self, error: json.JSONDecodeError) -> None:
        complete = error.pos < len(self._window) - _UNSURE_CHARS and not error.msg.startswith("Unterminated")
        if complete:
            self._place = error.pos
            raise self.broken(f"The JSON is broken: {error.msg.lower()}") from None
        held = len(self._window) - self._place
        if held > self._limits.max_row_bytes:
            raise self.broken(f"A product is longer than {self._limits.max_row_bytes:,} characters") from None
        if not self._read_on(max(_CHUNK_CHARS, held)):
            if error.pos >= len(self._window) - 1 or error.msg.startswith("Unterminated"):
                raise self.ended() from None
            self._place = error.pos
            raise self.broken(f"The JSON is broken: {error.msg.lower()}") from None

    def ended(self) -> FeedUnreadable:
        return FeedUnreadable(
            f"The file ends too early, on line {self.line}: the end of the JSON is missing.",
            "Upload the whole file again. What came before this place has been read.",
            self.line,
        )

    def broken(self, what: str) -> FeedUnreadable:
        return FeedUnreadable(
            f"{what}, on line {self.line}.",
            "Correct it and upload the file again. What came before has been read.",
            self.line,
        )

    def _read_on(self, chars: int = _CHUNK_CHARS) -> bool:
        if self._undecodable:
            raise self.broken("There are bytes that are not in the encoding of the rest of the file")
        if self._ended:
            return False
        more = self._text.read(chars)
        if has_undecodable(more):
            more = more[: next(place for place, char in enumerate(more) if "\ud800" <= char <= "\udfff")]
            self._undecodable = True
        elif not more:
            self._ended = True
            return False
        self._lines_before += self._window.count("\n", 0, self._place)
        self._window = self._window[self._place :] + more
        self._place = 0
        return True
