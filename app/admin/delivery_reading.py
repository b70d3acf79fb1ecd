"""A file of postcodes, read: any usual delimiter and encoding, packed with gzip or not, and nothing trusted."""

import csv
from pathlib import Path

from app.delivery.postcode_table import FIELDS, Entry, Judge
from app.suppliers.arriving import Arrival
from app.suppliers.formats import FeedUnreadable, Limits
from app.suppliers.formats.delimited import DELIMITERS, Dialect, Record, Records
from app.suppliers.formats.encoding import detect_encoding
from app.suppliers.formats.lines import physical_lines, text_of
from app.suppliers.formats.raw import BadRow
from app.suppliers.formats.signatures import refuse_other_files
from app.suppliers.formats.source import Source
from app.suppliers.report_file import defused
from app.suppliers.upload import UploadRefused, shown_size

MOST_BYTES = 16 * 1024 * 1024
MOST_LINES = 250_000
LIMITS = Limits(max_bytes=32 * 1024 * 1024, max_row_bytes=16 * 1024, max_fields=100, max_field_chars=4_000)
NAME_THEM = "Name the columns in the first row: prefix, place, zone."

_NAMES = {
    "prefix": ("prefix", "postcode", "postcode prefix", "postal code", "código postal", "codigo postal", "cp"),
    "place": ("place", "place name", "locality", "localidade", "town", "city"),
    "zone": ("zone", "zone code", "delivery zone", "zona"),
}
_MEANINGS = {name: field for field, names in _NAMES.items() for name in names}


class NotATable(Exception):
    """The file as a whole cannot be read; the message is for the operator."""


class TableArrival(Arrival):
    """The file while it comes in; deleted when the block is left."""

    def write(self, chunk: bytes) -> None:
        """Raises UploadRefused above MOST_BYTES, OSError when the disk is full."""
        if self.size + len(chunk) > MOST_BYTES:
            raise UploadRefused(f"This file is larger than {shown_size(MOST_BYTES)}. Send it packed with gzip.", 413)
        super().write(chunk)

    @property
    def path(self) -> Path:
        self._file.flush()
        return self._path


def read_table(path: Path, judge: Judge) -> int:
    """Give every line of the file to `judge`; returns how many there were, without the header.

    Raises:
        NotATable: no line of it can be understood, or there are more than MOST_LINES.
    """
    try:
        with Source(path, LIMITS) as source:
            return _read(source, judge)
    except FeedUnreadable as error:
        raise NotATable(_of_a_table(str(error))) from None
    except UnicodeError:
        raise NotATable("The file is not text in one encoding. Save it as CSV in UTF-8 and send that.") from None


def _read(source: Source, judge: Judge) -> int:
    sample = source.sample()
    refuse_other_files(sample)
    encoding = detect_encoding(sample, source)
    begin = sample.decode(encoding, "ignore").lstrip("\ufeff")
    if not begin.strip("\ufeff \t\r\n\0"):
        raise NotATable("The file is empty")
    text = text_of(source, encoding)
    records = Records(physical_lines(text, LIMITS.max_row_bytes), _dialect(begin), LIMITS)
    columns: dict[str, int] | None = None
    count = 0
    for found in records:
        if columns is None and isinstance(found, Record):
            if count == 0 and found.lines[0].lstrip('\ufeff"').lower().startswith("sep="):
                continue
            columns = _columns([cell.lstrip("\ufeff") for cell in found.cells])
            records.width = len(found.cells)
            if columns:
                continue
            columns = {field: place for place, field in enumerate(FIELDS)}
        count += 1
        if count > MOST_LINES:
            raise NotATable(f"The table has more than {MOST_LINES:,} lines")
        _take(found, columns or {}, judge)
    if not judge.entries and not judge.problems:
        raise NotATable("The file has a header, and no line below it")
    return count


def _take(found: Record | BadRow, columns: dict[str, int], judge: Judge) -> None:
    if isinstance(found, BadRow):
        judge.refuse(found.line, "", found.excerpt, found.reason.rstrip("."))
        return
    cells = found.cells
    prefix, place, zone = (
        undone(cells[columns[field]].lstrip("\ufeff")) if columns[field] < len(cells) else "" for field in FIELDS
    )
    judge.take(found.line, Entry(prefix, place, zone))


def _dialect(begin: str) -> Dialect:
    """The delimiter under which the first lines make most sense."""
    lines = [line for line in begin.splitlines(keepends=True)[:50] if line.strip()]
    first = lines[0].strip().strip('"') if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return Dialect(first[4])
    return max((Dialect(mark) for mark in DELIMITERS), key=lambda dialect: _sense(dialect, lines))


def _sense(dialect: Dialect, lines: list[str]) -> tuple[int, int]:
    """How many names of the header it shows us, and how many lines have as many cells as we need."""
    rows = [cells for line in lines if (cells := _cells(dialect, line))]
    named = len({_MEANINGS.get(_tidy(name)) for name in rows[0]} - {None}) if rows else 0
    return named, sum(1 for cells in rows if len(cells) >= len(FIELDS))


def _cells(dialect: Dialect, line: str) -> list[str]:
    try:
        return next(dialect.reader(iter([line])), [])
    except csv.Error:
        return []


def _columns(header: list[str]) -> dict[str, int] | None:
    """Where each field stands; None when the first row is no header but the first line of three columns.

    Raises:
        NotATable: the columns cannot be told.
    """
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        field = _MEANINGS.get(_tidy(name))
        if field and field in found:
            raise NotATable(f"Two columns are called {field}. {NAME_THEM}")
        if field:
            found[field] = place
    if not found and len(header) == len(FIELDS) and header[0].strip()[:1].isdigit():
        return None
    if missing := [field for field in FIELDS if field not in found]:
        raise NotATable(f"There is no column for the {' and the '.join(missing)}. {NAME_THEM}")
    return found


def _tidy(name: str) -> str:
    return " ".join(name[:100].casefold().replace("_", " ").replace("-", " ").split())


def _of_a_table(sentence: str) -> str:
    """What the reader of suppliers' feeds says, about a table."""
    kinds = (
        ("a product feed", "a table of postcodes"),
        ("your products as CSV, JSON or XML", "the table as CSV"),
        # Two halves of a table would take each other's postcodes away.
        ("Split it into several feeds", f"Send one with at most {MOST_LINES:,} lines, and no columns but these three"),
    )
    for theirs, ours in (*kinds, ("The feed", "The table"), ("the feed", "the table"), ("no feed", "no table")):
        sentence = sentence.replace(theirs, ours)
    return sentence


def guarded(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run; and before what `undone` would take one from."""
    core = cell.lstrip("'")
    return "'" + cell if defused(core) != core else cell


def undone(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell
