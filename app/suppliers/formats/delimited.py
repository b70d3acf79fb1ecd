"""CSV and its relatives: which marks a file uses, and its records one by one."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from app.suppliers.formats.limits import Limits
from app.suppliers.formats.lines import TooLong, has_undecodable
from app.suppliers.formats.raw import BadRow, excerpt
from app.suppliers.formats.vocabulary import PRICES, meaning

DELIMITERS = (",", ";", "\t", "|")
# What we are ready to read again after a quotation mark that was never closed, over a whole file.
_REREAD_CHARS = 32 * 1024 * 1024
LOOKED_FOR_HEADER = 20  # rows


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    quote: str = '"'
    escape: str | None = None

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            doublequote=True,
            strict=False,
        )


def detect_dialect(sample: str) -> Dialect:
    """The marks under which the header makes most sense: the most names that we know, then the most columns."""
    lines = [line for line in sample.splitlines(keepends=True) if line.strip()]
    if lines and (declared := re.fullmatch(r'"?sep=(.)"?\s*', lines[0])):
        return Dialect(declared.group(1))
    # A backslash before a mark that ends its cell is only a text that ends in a backslash.
    escape = "\\" if re.search(r'\\"(?=[^,;|\t\r\n"])', sample) else None
    candidates = [Dialect(mark, quote, escape) for quote in ('"', "'") for mark in DELIMITERS]
    return max(candidates, key=lambda dialect: _sense(dialect, lines))


def _sense(dialect: Dialect, lines: list[str]) -> tuple[int, int]:
    rows = _first_rows(dialect, lines)
    if not rows:
        return (0, 0)
    header = rows[header_among(rows)]
    torn = sum('"' in name for name in header) if dialect.quote != '"' else 0
    return sum(1 for name in header if name and meaning(name[:200])) - torn, len(header)


def rows_above_header(dialect: Dialect, sample: str) -> int:
    """How many rows stand above the one that names the columns: titles, dates, the same names for people to read."""
    return header_among(_first_rows(dialect, [line for line in sample.splitlines(keepends=True) if line.strip()]))


def _first_rows(dialect: Dialect, lines: list[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in dialect.reader(iter(lines)):
            if any(row) and not row[0].lstrip('"').lower().startswith("sep="):
                rows.append(row)
            if len(rows) == LOOKED_FOR_HEADER:
                break
    except csv.Error:
        pass
    return rows


def header_among(rows: list[list[str]]) -> int:
    """The first row, unless another one can be a header and it cannot; of two that follow each other the second."""
    known = [_fields_named(row) for row in rows]
    place = next((at for at, fields in enumerate(known) if _is_header(fields)), 0)
    while place + 1 < len(known) and _is_header(known[place + 1]):
        place += 1
    return place


def is_header(row: list[str]) -> bool:
    """Whether the names are those of a product feed."""
    return _is_header(_fields_named(row))


def _fields_named(row: list[str]) -> set[str]:
    return {found.field for name in row if name and (found := meaning(name[:200]))}


def _is_header(fields: set[str]) -> bool:
    return len(fields) > 2 and not fields.isdisjoint(PRICES) and not fields.isdisjoint(("title", "description"))


class Record(msgspec.Struct, frozen=True, gc=False):
    """One logical row: its cells, and the physical lines that it came from."""

    line: int
    cells: list[str]
    lines: list[str]


Rows = Iterable[Record | BadRow]


class Table(NamedTuple):
    """A delimited file or a sheet, from below its header, which stands on `line`; `above` rows before it were passed
    over. `note` says which sheet it is, where there are several."""

    header: list[str]
    line: int
    records: Rows
    above: int = 0
    note: str = ""


class Records:
    """Iterates over records and over the rows that could not be read.

    A quotation mark that is opened and not closed would swallow the rows after it. When the record that it
    makes does not fit the header, only its first line is given up and the others are read again.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect, limits: Limits) -> None:
        self._incoming = lines
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._taken_chars = 0
        self._read = 0
        self._reread_left = _REREAD_CHARS
        self._limits = limits
        self._reader = dialect.reader(self._feed())
        self._dialect = dialect
        self.width = 0
        """Columns of the header, once known. Longer records, and shorter ones over several lines, do not fit."""

    def __iter__(self) -> Iterator[Record | BadRow]:
        while True:
            self._taken, self._taken_chars = [], 0
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                yield self._give_up(_reason(error))
                continue
            if cells is None and not self._taken:
                return
            if judged := self._judge(cells or []):
                yield judged

    def _feed(self) -> Iterator[str]:
        while True:
            line = self._again.popleft() if self._again else next(self._incoming, None)
            if line is None:
                return
            if line[0] == "\ufeff":  # also in the middle, where two files were put together
                line = line[1:] or "\n"
            self._read += 1
            self._taken.append(line)
            self._taken_chars += len(line)
            if isinstance(line, TooLong) or self._taken_chars > self._limits.max_row_bytes:
                raise csv.Error("row too long")
            yield line.replace("\0", "\ufffd") if "\0" in line else line

    def _judge(self, cells: list[str]) -> Record | BadRow | None:
        """None for a row without anything."""
        line = self._read - len(self._taken) + 1
        if not any(cells):
            return None
        if len(self._taken) > 1 and self.width and (len(cells) < self.width or any(cells[self.width :])):
            return self._give_up("A quotation mark on this row is not closed.")
        text = self._taken[0] if len(self._taken) == 1 else "".join(self._taken)
        if problem := self._unfit(cells, text):
            return BadRow(line, problem, excerpt(text))
        return Record(line, list(map(_unwrapped, cells)) if '="' in text else cells, self._taken)

    def _unfit(self, cells: list[str], text: str) -> str | None:
        if self.width and len(cells) > self.width and any(cells[self.width :]):
            return f"The row has {len(cells)} columns, but the header has {self.width}."
        if self.width and len(cells) < self.width and text[-1] not in "\r\n":
            return "The file ends in the middle of this row."
        if "\0" in text:
            return "The row contains NUL bytes."
        if has_undecodable(text):
            return "The row contains bytes that are not in the same encoding as the rest of the file."
        if len(text) > self._limits.max_field_chars and max(map(len, cells)) > self._limits.max_field_chars:
            return f"A field is longer than {self._limits.max_field_chars:,} characters."
        return None

    def _give_up(self, reason: str) -> BadRow:
        """Reject the first physical line that was taken and read the others again (while that stays cheap)."""
        line = self._read - len(self._taken) + 1
        others = self._taken[1:]
        size = self._taken_chars
        # A generator that has raised is finished, and a reader keeps its half-read record: begin anew.
        self._reader = self._dialect.reader(self._feed())
        if others and not isinstance(others[-1], TooLong) and size <= self._reread_left:
            self._reread_left -= size
            self._again.extendleft(reversed(others))
            self._read -= len(others)
        elif others:
            reason += f" It makes lines {line} to {line + len(others)} one row."
        return BadRow(line, reason, excerpt(self._taken[0]), "Write a quotation mark inside a text twice.")


def _unwrapped(cell: str) -> str:
    """`="00123"` is how a spreadsheet is kept from taking the zeros off."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and cell.count('"') == 2 else cell


def _reason(error: csv.Error) -> str:
    if "too long" in str(error) or "field larger" in str(error):
        return "The row is too long: perhaps a quotation mark is not closed."
    return "The row could not be read as CSV."
