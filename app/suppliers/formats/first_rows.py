"""What the first rows of a feed show about all of them: a price such as "1.234" means nothing by itself."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from app.suppliers.formats.raw import BadRow, FeedUnreadable, Fields, RawRow
from app.suppliers.prices import writes_decimal_comma

LOOKED_AT_ROWS = 500
_LOOKED_AT_CHARS = 4_000_000
ON_STOCK = frozenset({"stock", "stocks", "availability"})
_PRICES = ("price", "list_price")
_IN_DOUBT = re.compile(r"[.,][0-9]{3}")
_NEEDED = ("sku", "title", "price")
UNSAID = "There is neither stock nor availability in this feed, so all its products count as available."


class Habits(NamedTuple):
    """`decimal_comma`: a comma stands before cents. `stock_unsaid`: no row says what is in stock."""

    decimal_comma: bool = False
    stock_unsaid: bool = False

    def tell(self, fields: Fields) -> None:
        """Write into a row's fields what it does not say itself: so equal fields always mean the same."""
        if self.decimal_comma and any(_IN_DOUBT.search(fields.get(name, "")) for name in _PRICES):
            fields["decimal_comma"] = "yes"
        if self.stock_unsaid and not (fields.keys() & ON_STOCK):
            fields["stock_unsaid"] = "yes"


def look_ahead(rows: Iterator[RawRow | BadRow], says_stock: bool) -> tuple[Habits, Iterator[RawRow | BadRow]]:
    """The habits of a feed, and all its rows. An error of the first rows comes after them, as it would have.

    `says_stock`: it has a column for it, whatever stands there.
    """
    first: list[RawRow | BadRow] = []
    broken: Exception | None = None
    chars = 0
    try:
        for row in rows:
            first.append(row)
            chars += _chars(row)
            if len(first) == LOOKED_AT_ROWS or chars > _LOOKED_AT_CHARS:
                break
    except (FeedUnreadable, UnicodeError) as error:
        # Without the frames that hold a parser: a parser must be let go of in its own thread.
        error.__cause__ = error.__context__ = None
        broken = error.with_traceback(None)
    return _habits(first, says_stock), chain(first, _raising(broken) if broken else rows)


def _chars(row: RawRow | BadRow) -> int:
    return sum(map(len, row.fields.values())) if isinstance(row, RawRow) else 0


def _habits(first: list[RawRow | BadRow], says_stock: bool) -> Habits:
    sent = [row.fields for row in first if isinstance(row, RawRow)]
    prices = (fields.get(name, "") for fields in sent for name in _PRICES)
    unsaid = bool(sent) and not says_stock and not any(fields.keys() & ON_STOCK for fields in sent)
    return Habits(writes_decimal_comma(prices), unsaid)


def _raising(error: Exception) -> Iterator[RawRow | BadRow]:
    try:
        raise error
    finally:
        del error  # or it would hold itself through this frame
    yield  # makes it an iterator: the error comes when a row is asked for


def without_endless_waste(rows: Iterator[RawRow | BadRow], most: int) -> Iterator[RawRow | BadRow]:
    """The rows, until `most` of them in succession cannot be used: such a file may go on like that for hours."""
    waste = 0
    for row in rows:
        if isinstance(row, BadRow):
            waste += row.severity == "rejected"
        elif all(map(row.fields.get, _NEEDED)):
            waste = 0
        else:
            waste += 1
        yield row
        if waste >= most:
            reason = f"We stopped on row {row.line:,}: {most:,} rows in succession cannot be used."
            raise FeedUnreadable(reason, "Look into the file: each row needs a SKU, a title and a price.", row.line)
