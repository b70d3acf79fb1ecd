"""Find out from its content what a file is, and read it as that."""

import io
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from app.suppliers.formats.delimited import Record, Records, detect_dialect
from app.suppliers.formats.encoding import detect_encoding
from app.suppliers.formats.json_items import is_json_lines, json_lines_rows, json_rows
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.lines import TooLong, physical_lines, text_of
from app.suppliers.formats.raw import BadRow, FeedUnreadable, RawRow
from app.suppliers.formats.shopify import is_shopify, shopify_rows
from app.suppliers.formats.signatures import refuse_other_files
from app.suppliers.formats.source import Source
from app.suppliers.formats.tabular import Columns, tabular_rows
from app.suppliers.formats.xml_items import refuse_declarations, xml_rows

Format = Literal["csv", "shopify", "json", "json-lines", "xml"]
_EMPTY_ADVICE = "Check the export in your shop system and upload the file again."


class FeedReader:
    """Iterate once over RawRow and BadRow. FeedUnreadable may come after the good rows before a broken place.

    `notes` are sentences about the file as a whole; `ignored` are the columns that we have no use for.
    """

    def __init__(self, source: Source, limits: Limits, format: Format) -> None:
        self._source = source
        self._limits = limits
        self._rows: Callable[[], Iterator[RawRow | BadRow]] = lambda: iter(())
        self.format: Format = format
        self.notes: tuple[str, ...] = ()
        self.ignored: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[RawRow | BadRow]:
        try:
            for count, row in enumerate(self._rows(), 1):
                if count > self._limits.max_rows:
                    raise FeedUnreadable(
                        f"The feed has more than {self._limits.max_rows:,} rows.",
                        "Split it into several feeds.",
                        row.line,
                    )
                yield row
        except UnicodeError:
            raise FeedUnreadable(
                "The text breaks off in the middle of a character.", "Save the file as UTF-8."
            ) from None

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_feed(path: Path, limits: Limits | None = None) -> FeedReader:
    """A reader for the feed in `path`. Raises FeedUnreadable when the beginning shows that it cannot be read."""
    limits = limits or Limits()
    source = Source(path, limits)
    try:
        return _open(source, limits)
    except UnicodeError:
        source.close()
        raise FeedUnreadable(
            "The text cannot be read in any encoding that we know.", "Save the file as UTF-8."
        ) from None
    except BaseException:
        source.close()
        raise


def _open(source: Source, limits: Limits) -> FeedReader:
    sample = source.sample()
    if not sample:
        raise FeedUnreadable("The file is empty.", _EMPTY_ADVICE)
    if not sample.strip(b"\0"):
        raise FeedUnreadable("The file contains nothing but zero bytes.", _EMPTY_ADVICE)
    refuse_other_files(sample)
    if sample.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<":
        return _open_xml(source, sample, limits)
    encoding = detect_encoding(sample, source)
    begin = _decoded(sample, encoding)
    if not begin.strip("\ufeff \t\r\n"):
        raise FeedUnreadable("The file contains nothing but blanks.", _EMPTY_ADVICE)
    text = text_of(source, encoding)
    if begin.lstrip("\ufeff \t\r\n")[:1] in ("[", "{"):
        return _open_json(source, text, begin, limits)
    return _open_delimited(source, text, begin, limits)


def _decoded(sample: bytes, encoding: str) -> str:
    return sample.decode(encoding, "ignore")


def _open_xml(source: Source, sample: bytes, limits: Limits) -> FeedReader:
    refuse_declarations(sample)
    reader = FeedReader(source, limits, "xml")
    reader._rows = lambda: xml_rows(source, limits)
    return reader


def _open_json(source: Source, text: io.TextIOWrapper, begin: str, limits: Limits) -> FeedReader:
    if begin.lstrip("\ufeff \t\r\n")[0] == "{" and is_json_lines(begin):
        reader = FeedReader(source, limits, "json-lines")
        reader._rows = lambda: json_lines_rows(text, limits)
    else:
        reader = FeedReader(source, limits, "json")
        reader._rows = lambda: json_rows(text, limits)
    return reader


def _open_delimited(source: Source, text: io.TextIOWrapper, begin: str, limits: Limits) -> FeedReader:
    dialect = detect_dialect(begin.lstrip("\ufeff"))
    records = Records(_without_blank_start(physical_lines(text, limits.max_row_bytes)), dialect, limits)
    header = _header(records)
    records.width = len(header.cells)
    names = [name.strip() for name in header.cells]
    if is_shopify(names):
        reader = FeedReader(source, limits, "shopify")
        reader._rows = lambda: shopify_rows(records, names)
        return reader
    columns = Columns(names, header.line, limits)
    reader = FeedReader(source, limits, "csv")
    reader.ignored = columns.ignored
    if not columns.has_sku:
        reader.notes = ("There is no SKU column: SKUs were made from the link or the title of each product.",)
    reader._rows = lambda: tabular_rows(records, columns)
    return reader


def _without_blank_start(lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, "")
    return chain([first.lstrip("\ufeff") if not isinstance(first, TooLong) else first], lines)


def _header(records: Records) -> Record:
    for found in records:
        if isinstance(found, BadRow):
            raise FeedUnreadable(
                f"The first row cannot be read: {found.reason}",
                "Begin the file with a row that names the columns, for example: sku, title, price.",
                found.line,
            )
        if found.lines[0].lstrip('"').lower().startswith("sep="):
            continue
        return found
    raise FeedUnreadable("The file contains nothing but blanks.", _EMPTY_ADVICE)
