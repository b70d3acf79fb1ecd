"""A supplier's own rows, found again by the line that a report names."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from app.suppliers.formats.limits import Limits
from app.suppliers.formats.mapping import NAME_CHARS, column_key
from app.suppliers.formats.originals import Cells, Original, originals
from app.suppliers.formats.peeking import peek
from app.suppliers.formats.raw import FeedUnreadable
from app.suppliers.formats.recognising import recognise
from app.suppliers.formats.source import Source

OTHERS = "other fields"


class OwnRows:
    """Reads on in the file as far as it is asked; holds one row. Made, used and closed in one thread.

    Raises FeedUnreadable, UnicodeError or OSError when the file cannot be opened as a feed.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._source = Source(path, limits)
        try:
            found = recognise(self._source, limits)
            self._is_table = found.table is not None
            keys: list[str] = []
            if found.table is not None:
                self.header = found.table.header
            else:
                columns = peek(path, limits).columns
                self.header = [*(column.name for column in columns), OTHERS]
                keys = [column.key for column in columns]
        except BaseException:
            self._source.close()
            raise
        self._place = lru_cache(maxsize=2048)(lambda name: _place(keys, name))
        self._rows: Iterator[Original] = originals(found)
        self._coming: Original | None = None

    def cells(self, line: int) -> list[str]:
        """The row of that line in the order of `header`; empty texts when it cannot be read. Lines must rise."""
        try:
            while self._coming is None or self._coming[0] < line:
                self._coming = None
                self._coming = next(self._rows)
            if self._coming[0] == line:
                return self._in_order(self._coming[1]())
        except (StopIteration, FeedUnreadable, UnicodeError):
            self._rows, self._coming = iter(()), None
        return [""] * len(self.header)

    def close(self) -> None:
        self._rows, self._coming = iter(()), None
        self._source.close()

    def _in_order(self, cells: Cells) -> list[str]:
        if self._is_table:
            return [text for _, text in cells]
        texts = [""] * len(self.header)
        for name, text in cells:
            place = self._place(name) if len(name) <= NAME_CHARS else len(texts) - 1
            said = f"{name}: {text}" if place == len(texts) - 1 else text
            texts[place] = f"{texts[place]} | {said}" if texts[place] else said
        return texts


def _place(keys: list[str], name: str) -> int:
    """The column of a field; the last one for what the beginning of the file did not have."""
    key = column_key(name)
    return keys.index(key) if key and key in keys else len(keys)
