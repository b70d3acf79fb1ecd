"""Rows of the one sheet of a workbook that holds the products."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from app.suppliers.formats.delimited import LOOKED_FOR_HEADER, Record, Table, header_among, is_header
from app.suppliers.formats.limits import MIB, Limits
from app.suppliers.formats.raw import BadRow, FeedUnreadable, excerpt
from app.suppliers.formats.workbook import Sheet, Workbook
from app.suppliers.formats.workbook_cells import CellTexts, ErrorCell

_LOOKED_AT_SHEETS = 20
_LOOKED_AT_BYTES = 8 * MIB  # of one sheet, for its header
MOST_ROWS = 1_048_576  # that a sheet can have
_COLUMN = re.compile(r"[A-Z]{1,3}(?=[0-9])")
_NO_SHEET = "Name the columns in the first row of the sheet, for example: sku, title, price, currency, stock."


class SheetRows:
    """Iterate over the rows that hold anything. What stands right of the last named column is not looked at."""

    def __init__(
        self, book: Workbook, sheet: Sheet, cells: CellTexts, limits: Limits, header: Sequence[str] = (), below: int = 0
    ) -> None:
        self._book, self._sheet, self._cells, self._limits = book, sheet, cells, limits
        self._header, self._below = header, below
        self.needed: frozenset[int] = frozenset()
        """Places of columns in which an error of the spreadsheet spoils the row."""

    def __iter__(self) -> Iterator[Record | BadRow]:
        for line, texts, _ in self._numbered():
            if line > self._below and any(texts):
                yield self._judged(line, texts)

    def first(self) -> list[tuple[int, list[str]]]:
        """The first rows that hold anything, with their numbers; fewer when the sheet breaks before."""
        found: list[tuple[int, list[str]]] = []
        try:
            for line, texts, read in self._numbered():
                if any(texts):
                    found.append((line, texts))
                if len(found) == LOOKED_FOR_HEADER or read > _LOOKED_AT_BYTES:
                    break
        except FeedUnreadable:
            if not found:
                raise
        return found

    def _numbered(self) -> Iterator[tuple[int, list[str], int]]:
        line = 0
        for count, (row, read) in enumerate(self._book.rows(self._sheet), 1):
            if count > MOST_ROWS:  # millions of empty ones fit into a small file
                reason = f"The sheet has more than {MOST_ROWS:,} rows, which is as many as Excel can keep."
                raise FeedUnreadable(reason, "Split it into several feeds.")
            said = row.get("r", "")
            number = int(said) if said.isdecimal() and len(said) < 9 else 0
            line = number if line < number <= MOST_ROWS else line + 1
            yield line, self._texts(row), read

    def _texts(self, row: etree._Element) -> list[str]:
        """As many as the header has; of the header itself one more than any may have."""
        most = len(self._header) or self._limits.max_fields + 1
        texts: list[str] = []
        place = -1
        for cell in row.iterchildren("{*}c"):
            place = _place(cell.get("r", ""), place)
            if place >= most or not (text := self._cells.text(cell)):
                continue
            if place >= len(texts):
                texts += [""] * (place + 1 - len(texts))
            texts[place] = text
        return texts

    def _judged(self, line: int, texts: list[str]) -> Record | BadRow:
        record = Record(line, texts, [", ".join(texts)])
        for place, text in enumerate(texts):
            if isinstance(text, ErrorCell) and place in self.needed:
                reason = f"The cell under “{excerpt(self._header[place])}” has an error: {excerpt(text)}"
                return BadRow(line, reason, excerpt(record.lines[0]), "Correct its formula, or write the value itself.")
            if len(text) > self._limits.max_field_chars:
                most = self._limits.max_field_chars
                return BadRow(line, f"A field is longer than {most:,} characters.", excerpt(record.lines[0]))
        return record


def _place(reference: str, before: int) -> int:
    """`"C7"` → 2. Cells that do not say where they stand follow each other."""
    found = _COLUMN.match(reference)
    if not found:
        return before + 1
    place = 0
    for letter in found.group():
        place = place * 26 + ord(letter) - 64
    return place - 1


def products_in(book: Workbook, limits: Limits) -> Table:
    """The first visible sheet whose header we understand, else the first that holds anything.

    Raises FeedUnreadable: there is none.
    """
    seen = [one for one in book.sheets if not one.is_hidden]
    cells = CellTexts(book.texts(), book.formats(), book.from_1904)
    fallback: Table | None = None
    for sheet in seen[:_LOOKED_AT_SHEETS]:
        first = SheetRows(book, sheet, cells, limits).first()
        if not first:
            continue
        above = header_among([texts for _, texts in first])
        line, names = first[above]
        header = [name.strip() for name in names]
        found = Table(header, line, SheetRows(book, sheet, cells, limits, header, line), above, _note(book, sheet))
        if is_header(header):
            return found
        fallback = fallback or found
    if fallback is None:
        raise FeedUnreadable("There is nothing in the sheets of this Excel workbook.", _NO_SHEET)
    return fallback


def _note(book: Workbook, sheet: Sheet) -> str:
    others = [one.name for one in book.sheets if one is not sheet]
    if not others:
        return ""
    named = ", ".join(f"“{excerpt(name)}”" for name in others[:5])
    more = f" and {len(others) - 5:,} more" if len(others) > 5 else ""
    return f"The sheet “{excerpt(sheet.name)}” was read. Left out: {named}{more}."
