"""Open a feed: what its file is has been found out from its content, and it is read as that."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from app.suppliers.formats import magento
from app.suppliers.formats.delimited import Table
from app.suppliers.formats.first_rows import UNSAID, Habits, look_ahead, without_endless_waste
from app.suppliers.formats.json_items import each, json_lines_rows, json_rows, offers_in_json
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.mapping import Meanings, meanings_with
from app.suppliers.formats.raw import BadRow, FeedUnreadable, RawRow, excerpt
from app.suppliers.formats.recognising import Format, Recognised, recognise
from app.suppliers.formats.shopify import shopify_rows
from app.suppliers.formats.source import Source
from app.suppliers.formats.tabular import Columns, tabular_rows
from app.suppliers.formats.woocommerce import has_use, in_english, woocommerce_rows
from app.suppliers.formats.workbook_rows import SheetRows
from app.suppliers.formats.xml_fields import offers_in_xml
from app.suppliers.formats.xml_items import xml_rows


class FeedReader:
    """Iterate once over RawRow and BadRow. FeedUnreadable may come after the good rows before a broken place.

    `notes` are sentences about the file as a whole; `ignored` are the columns that we have no use for.
    """

    def __init__(self, source: Source, limits: Limits, format: Format) -> None:
        self._source = source
        self._limits = limits
        self._rows: Callable[[], Iterator[RawRow | BadRow]] = lambda: iter(())
        self._notes: tuple[str, ...] = ()
        self._says_stock = False
        self.format: Format = format
        self.ignored: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Reads the first rows."""
        return (*self._notes, UNSAID) if self._ahead[0].stock_unsaid else self._notes

    @cached_property
    def _ahead(self) -> tuple[Habits, Iterator[RawRow | BadRow]]:
        return look_ahead(self._rows(), self._says_stock)

    def __iter__(self) -> Iterator[RawRow | BadRow]:
        habits, rows = self._ahead
        has_habits = any(habits)
        try:
            for count, row in enumerate(without_endless_waste(rows, self._limits.max_useless_rows), 1):
                if count > self._limits.max_rows:
                    raise FeedUnreadable(
                        f"The feed has more than {self._limits.max_rows:,} rows.",
                        "Split it into several feeds.",
                        row.line,
                    )
                if has_habits and isinstance(row, RawRow):
                    habits.tell(row.fields)
                yield row
        except UnicodeError:
            raise FeedUnreadable(
                "The text breaks off in the middle of a character.", "Save the file as UTF-8."
            ) from None

    @property
    def bytes_read(self) -> int:
        """Of the file as it is stored: somewhat more than the rows so far take."""
        return self._source.bytes_in

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_feed(path: Path, limits: Limits | None = None, mapping: Mapping[str, str] | None = None) -> FeedReader:
    """A reader for the feed in `path`. Raises FeedUnreadable when the beginning shows that it cannot be read.

    `mapping`: column_key of a supplier's column → our field (`"price"`, `"attributes:Material"`, `""` to ignore it);
    it beats our own guess. Shopify's columns are always read as Shopify means them.
    """
    limits = limits or Limits()
    return opened(Source(path, limits), limits, mapping)


def opened(source: Source, limits: Limits, mapping: Mapping[str, str] | None) -> FeedReader:
    """`open_feed` for bytes that are open already; closes them when they cannot be read."""
    try:
        return _reader(recognise(source, limits), meanings_with(mapping))
    except UnicodeError:
        source.close()
        raise FeedUnreadable(
            "The text cannot be read in any encoding that we know.", "Save the file as UTF-8."
        ) from None
    except BaseException:
        source.close()
        raise


def _reader(found: Recognised, names: Meanings) -> FeedReader:
    source, limits, text = found.source, found.limits, found.text
    reader = FeedReader(source, limits, found.format)
    if encoding := found.guessed_encoding:
        reader._notes = (
            f"The text is not in UTF-8. It was read as {encoding}: if accents look wrong, save it as UTF-8.",
        )
    if found.table is not None:
        return _table_reader(reader, found.table, limits, names)
    if text is None:
        reader._rows = lambda: xml_rows(source, limits, offers_in_xml(names, limits))
    elif found.format == "json-lines":
        reader._rows = lambda: each(json_lines_rows(text, limits, offers_in_json(names)))
    else:
        reader._rows = lambda: each(json_rows(text, limits, names, offers_in_json(names)))
    return reader


def _table_reader(reader: FeedReader, table: Table, limits: Limits, names: Meanings) -> FeedReader:
    if table.note:
        reader._notes += (table.note,)
    if reader.format == "shopify":
        _need(table)
        reader._rows = lambda: shopify_rows(table.records, table.header)
        return reader
    english = in_english(table.header)
    columns = Columns(english or table.header, table.line, limits, names)
    reader.ignored = columns.ignored
    _need(table, columns)
    reader._says_stock = columns.says_stock
    if table.above:
        reader._notes += (
            f"The names of the columns were taken from row {table.line}; what stands above was left out.",
        )
    if columns.titled_by:
        reader._notes += (f"There is no column with a title: “{excerpt(columns.titled_by)}” was taken for it.",)
    if not columns.has_sku:
        reader._notes += ("There is no SKU column: SKUs were made from the link or the title of each product.",)
    if english:
        useless = {name for name in columns.ignored if not has_use(name)}
        reader.ignored = tuple(own for own, name in zip(columns.header, english, strict=True) if name in useless)
        reader._rows = lambda: woocommerce_rows(table.records, columns)
    elif magento.is_magento(table.header):
        reader.ignored = tuple(name for name in columns.ignored if not magento.has_use(name))
        reader._rows = lambda: magento.magento_rows(table.records, columns)
    else:
        reader._rows = lambda: tabular_rows(table.records, columns)
    return reader


def _need(table: Table, columns: Columns | None = None) -> None:
    if isinstance(table.records, SheetRows):
        names, ignored = (columns.header, columns.ignored) if columns else (table.header, ())
        places = (at for at, name in enumerate(names) if name and name not in ignored)
        table.records.needed = frozenset(places)
