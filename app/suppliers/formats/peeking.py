"""A look at the beginning of a feed: its columns, and its first rows."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import msgspec

from app.suppliers.formats.limits import Limits
from app.suppliers.formats.mapping import NAME_CHARS, column_key, target_of
from app.suppliers.formats.opening import opened
from app.suppliers.formats.originals import Cells, originals
from app.suppliers.formats.raw import BadRow, FeedUnreadable, RawRow, excerpt
from app.suppliers.formats.recognising import Format, Recognised, recognise
from app.suppliers.formats.source import Source
from app.suppliers.formats.tabular import PER_UNIT, description_for_title, refuse_wide
from app.suppliers.formats.vocabulary import is_net_price, meaning

# More than one row may have, so that at least one is whole.
BEGINNING_BYTES = 3 * 512 * 1024
LOOKED_AT = 100  # rows that are searched for columns and samples
SHOWN_ROWS = 10
SAMPLES = 5
SAMPLE_CHARS = 60
MOST_COLUMNS = 300


class Column(msgspec.Struct):
    """A supplier's column: `name` as written, `key` to remember it by ("": it cannot be), and the field that we guess
    ("": none). `samples` are some of its values, cut short; `times` says how many columns have this key."""

    name: str
    key: str
    guess: str
    samples: list[str] = []
    times: int = 1

    def show(self, text: str) -> None:
        sample = excerpt(text)[:SAMPLE_CHARS]
        if sample and len(self.samples) < SAMPLES and sample not in self.samples:
            self.samples.append(sample)


class Preview(msgspec.Struct):
    """At most 300 columns, without their repetitions; `left_out` says how many more there are. `rows` are the texts
    of the first rows in the order of `columns`."""

    format: Format
    columns: list[Column]
    rows: list[list[str]]
    left_out: int = 0


class Beginning(Source):
    """Ends after 1.5 MB, however much there is."""

    def chunk(self, size: int) -> bytes:
        left = BEGINNING_BYTES - self.bytes_out
        return super().chunk(min(size, left)) if left > 0 else b""


def peek(path: Path, limits: Limits | None = None) -> Preview:
    """The columns of a feed, whether we know them or not. Reads no more than its beginning.

    Raises FeedUnreadable: nothing of it can be read.
    """
    limits = limits or Limits()
    with Beginning(path, limits) as source:
        try:
            found = recognise(source, limits)
        except UnicodeError:
            raise FeedUnreadable("The text cannot be read.", "Save the file as UTF-8.") from None
        columns = _Columns()
        if found.table is not None:
            refuse_wide(found.table.header, found.table.line, limits)
            columns.see([(name, "") for name in found.table.header])
            columns.guess_together(found.table.header)
        rows = list(_first_cells(found))
        for row in rows:
            columns.see(row)
    if not columns.listed:
        raise FeedUnreadable("There are no products at the beginning of this file.", "Check the export.")
    return Preview(found.format, columns.listed, [columns.texts(row) for row in rows[:SHOWN_ROWS]], columns.left_out)


def read_beginning(
    path: Path, limits: Limits, mapping: Mapping[str, str], count: int = SHOWN_ROWS
) -> list[RawRow | BadRow]:
    """The first rows of a feed, read with `mapping`.

    Raises FeedUnreadable: there is none; ValueError: `mapping` names no field of ours.
    """
    rows: list[RawRow | BadRow] = []
    with opened(Beginning(path, limits), limits, mapping) as feed:
        try:
            for row in islice(feed, count):
                rows.append(row)  # one by one: those before a broken place are kept
        except FeedUnreadable:
            if not rows:
                raise
    return rows


def _first_cells(found: Recognised) -> Iterator[Cells]:
    """Cells of the first rows, as far as they can be read."""
    count = 0
    try:
        for _, cells in islice(originals(found), LOOKED_AT):
            yield cells()
            count += 1
    except UnicodeError:
        return
    except FeedUnreadable:
        if not count:
            raise


class _Columns:
    def __init__(self) -> None:
        self.listed: list[Column] = []
        self._known: dict[str, Column] = {}
        self._beyond: set[str] = set()

    @property
    def left_out(self) -> int:
        return len(self._beyond)

    def see(self, cells: Cells) -> None:
        here: dict[int, int] = {}
        for name, text in cells:
            if column := self._column(name):
                column.show(text)
                here[id(column)] = here.get(id(column), 0) + 1
                column.times = max(column.times, here[id(column)])

    def guess_together(self, header: list[str]) -> None:
        """As the reader does: which column is the title where none is called so, and which price is none."""
        if any(map(is_net_price, header)):
            for listed in self.listed:
                listed.guess = "" if meaning(listed.name[:NAME_CHARS]) == PER_UNIT else listed.guess
        place = description_for_title([meaning(name[:NAME_CHARS]) for name in header])
        if place is not None and (column := self._column(header[place])) and column.key:
            column.guess = "title"

    def texts(self, cells: Cells) -> list[str]:
        said: dict[int, str] = {}
        for name, text in cells:
            if column := self._column(name):
                said.setdefault(id(column), excerpt(text)[:SAMPLE_CHARS])
        return [said.get(id(column), "") for column in self.listed]

    def _column(self, name: str) -> Column | None:
        key = column_key(name)
        identity = key or name[:NAME_CHARS].strip()
        column = self._known.get(identity)
        if column is None and len(self.listed) < MOST_COLUMNS:
            shown = excerpt(name)
            guess = target_of(meaning(name)) if key else ""
            column = self._known[identity] = Column(shown, key, guess)
            self.listed.append(column)
        elif column is None and len(self._beyond) < MOST_COLUMNS * 10:
            self._beyond.add(identity)
        return column
