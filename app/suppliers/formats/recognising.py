"""Find out from its content what a file is."""

import io
from collections.abc import Iterator
from itertools import chain
from typing import Literal, NamedTuple

from app.suppliers.formats.delimited import Record, Records, Table, detect_dialect, rows_above_header
from app.suppliers.formats.encoding import detect_encoding, name_of
from app.suppliers.formats.json_items import is_json_lines
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.lines import TooLong, physical_lines, text_of
from app.suppliers.formats.raw import BadRow, FeedUnreadable
from app.suppliers.formats.shopify import is_shopify
from app.suppliers.formats.signatures import is_workbook, refuse_other_files
from app.suppliers.formats.source import Source
from app.suppliers.formats.workbook import Workbook
from app.suppliers.formats.workbook_rows import products_in
from app.suppliers.formats.xml_items import refuse_declarations

Format = Literal["csv", "shopify", "json", "json-lines", "xml", "xlsx"]
_EMPTY_ADVICE = "Check the export in your shop system and upload the file again."


class Recognised(NamedTuple):
    """What a file is: `text` when it is JSON or a table, `table` when it is one, neither when it is XML."""

    format: Format
    source: Source
    limits: Limits
    text: io.TextIOWrapper | None = None
    table: Table | None = None

    @property
    def guessed_encoding(self) -> str:
        """Its name, when the text is not in Unicode: then another one may have been meant."""
        return name_of(self.text.encoding) if self.text else ""


def recognise(source: Source, limits: Limits) -> Recognised:
    """Raises FeedUnreadable when the beginning is that of no feed, UnicodeError when it is no text."""
    sample = source.sample()
    if not sample:
        raise FeedUnreadable("The file is empty.", _EMPTY_ADVICE)
    if not sample.strip(b"\0"):
        raise FeedUnreadable("The file contains nothing but zero bytes.", _EMPTY_ADVICE)
    if is_workbook(sample):
        return _workbook(source, limits)
    refuse_other_files(sample)
    if sample.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<":
        refuse_declarations(sample)
        return Recognised("xml", source, limits)
    encoding = detect_encoding(sample, source)
    begin = sample.decode(encoding, "ignore")
    first = begin.lstrip("\ufeff \t\r\n")[:1]
    if not first:
        raise FeedUnreadable("The file contains nothing but blanks.", _EMPTY_ADVICE)
    text = text_of(source, encoding)
    if first in "[{":
        kind: Format = "json-lines" if first == "{" and is_json_lines(begin) else "json"
        return Recognised(kind, source, limits, text)
    return _table(source, text, begin, limits)


def _workbook(source: Source, limits: Limits) -> Recognised:
    table = products_in(Workbook(source, source.as_file(), limits), limits)
    return Recognised("shopify" if is_shopify(table.header) else "xlsx", source, limits, table=table)


def _table(source: Source, text: io.TextIOWrapper, begin: str, limits: Limits) -> Recognised:
    begin = begin.lstrip("\ufeff")
    dialect = detect_dialect(begin)
    above = rows_above_header(dialect, begin)
    records = Records(_without_blank_start(physical_lines(text, limits.max_row_bytes)), dialect, limits)
    header = _header(records, above)
    records.width = len(header.cells)
    names = [name.strip() for name in header.cells]
    kind: Format = "shopify" if is_shopify(names) else "csv"
    return Recognised(kind, source, limits, text, Table(names, header.line, records, above))


def _without_blank_start(lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, "")
    return chain([first.lstrip("\ufeff") if not isinstance(first, TooLong) else first], lines)


def _header(records: Records, above: int) -> Record:
    for found in records:
        if isinstance(found, BadRow) and not above:
            raise FeedUnreadable(
                f"The first row cannot be read: {found.reason}",
                "Begin the file with a row that names the columns, for example: sku, title, price.",
                found.line,
            )
        if isinstance(found, Record) and found.lines[0].lstrip('"').lower().startswith("sep="):
            continue
        if isinstance(found, Record) and not above:
            return found
        above -= 1
    raise FeedUnreadable("The file contains nothing but blanks.", _EMPTY_ADVICE)
