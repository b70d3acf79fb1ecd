"""A delimited file with a header of columns that we know, one offer per row."""

from collections.abc import Iterator
from typing import Any

from app.suppliers.availability import availability
from app.suppliers.formats.column_names import NOT_SHOWN
from app.suppliers.formats.delimited import Record, Rows
from app.suppliers.formats.fields import as_pairs, in_currency, settle, sku_from
from app.suppliers.formats.first_rows import ON_STOCK
from app.suppliers.formats.limits import Limits
from app.suppliers.formats.mapping import DICTS, NAME_CHARS, Meanings
from app.suppliers.formats.raw import BadRow, FeedUnreadable, Fields, RawRow, excerpt
from app.suppliers.formats.vocabulary import PRICES, Meaning, is_about_showing, is_net_price, meaning, normal

_NAME_COLUMNS = "Name the columns in the first row, for example: sku, title, price, currency, stock."
PER_UNIT = meaning("unit price")
_HIDDEN = "Your file says that this is not for sale."
_SHOW_IT = "Make it active there and send the file again to sell it here."
_TELL_US = "Tell us what your columns mean, or name them in the first row, for example: sku, title, price, stock."


class Columns:
    """The header of a file, understood. Raises FeedUnreadable when it cannot be that of a product feed; of kind
    "columns" when it might be, under names that we do not know."""

    def __init__(self, header: list[str], line: int, limits: Limits, names: Meanings = meaning) -> None:
        refuse_wide(header, line, limits)
        self.header = [name.strip() for name in header]
        meanings = [names(name) if len(name) <= NAME_CHARS else None for name in self.header]
        known = {found.field for found in meanings if found}
        if not known:
            shown = excerpt(", ".join(self.header))
            raise _nameless(f"No column of the first row is one that we know: {shown}", line)
        net = next((name for name in self.header if is_net_price(name)), "")
        # A price per litre or piece stands beside the net prices of shop systems; it is not what the product costs.
        meanings = [None if net and found == PER_UNIT else found for found in meanings]
        place = description_for_title(meanings)
        self.titled_by = "" if place is None else self.header[place]
        if place is not None:
            meanings[place] = Meaning("title", 0)
        self.ignored = tuple(_without_use(self.header, meanings, names))
        self.has_sku = "sku" in known
        self.says_stock = not known.isdisjoint(ON_STOCK)
        self._require(meanings, net, line)
        told = [is_about_showing(name) if not found else "" for name, found in zip(self.header, meanings, strict=True)]
        self._showing = [(place, kind) for place, kind in enumerate(told) if kind]
        self._plain, self._priced, self._dicts = _plan(meanings)

    def _require(self, meanings: list[Meaning | None], net: str, line: int) -> None:
        known = {found.field for found in meanings if found}
        if "title" not in known:
            raise _nameless("There is no column with the title of the product.", line)
        if not known & PRICES and net:
            raise _nameless(f"The only prices are without tax: {excerpt(net)}.", line)
        if not known & PRICES:
            raise _nameless("There is no column with the price.", line)

    def is_hidden(self, cells: list[str]) -> bool:
        """Whether the supplier does not sell a product in his own shop."""
        for place, kind in self._showing:
            said = cells[place].strip()
            if said and (normal(said) in NOT_SHOWN if kind == "status" else availability(said) == "out"):
                return True
        return False

    def fields(self, cells: list[str]) -> Fields:
        """Our fields from the cells of a row, which has at least as many cells as the header."""
        fields: Fields = {}
        for place, field in self._plain:
            if cell := cells[place]:
                fields[field] = cell
        for place, found in self._priced:
            if found.field not in fields and (cell := cells[place].strip()):
                fields[found.field] = in_currency(cell, found.currency)
        for place, found in self._dicts:
            if cell := cells[place].strip():
                entries: dict[str, Any] = {found.key: cell} if found.key else as_pairs(cell)
                fields.setdefault(found.field, {}).update(entries)
        settle(fields)
        if not self.has_sku and "sku" not in fields and (name := fields.get("title")):
            fields["sku"] = sku_from(name)
        return fields


def refuse_wide(header: list[str], line: int, limits: Limits) -> None:
    """Raises FeedUnreadable when there are more columns than any feed needs."""
    if len(header) > limits.max_fields:
        raise FeedUnreadable(f"The header has more than {limits.max_fields} columns.", _NAME_COLUMNS, line)


def _nameless(reason: str, line: int) -> FeedUnreadable:
    return FeedUnreadable(reason, _TELL_US, line, kind="columns")


def _without_use(header: list[str], meanings: list[Meaning | None], names: Meanings) -> Iterator[str]:
    """Columns that nobody knows; not those that their supplier told us to ignore."""
    for name, found in zip(header, meanings, strict=True):
        told = names is not meaning and meaning(name[:NAME_CHARS]) is not None
        if name and not found and not told and not is_about_showing(name):
            yield name


def description_for_title(meanings: list[Meaning | None]) -> int | None:
    """The place of the description that stands for the title where there is none: many programs for stock-keeping
    call so what a product is called. None where there is a title, or where its supplier told us what it is."""
    if any(found and found.field == "title" for found in meanings):
        return None
    found = [(one.rank, place) for place, one in enumerate(meanings) if one and one.field == "description"]
    rank, place = min(found, default=(-1, 0))
    return place if rank >= 0 else None


Places = list[tuple[int, Meaning]]


def _plan(meanings: list[Meaning | None]) -> tuple[list[tuple[int, str]], Places, Places]:
    """Where each field stands: the best-ranked column last, so that it overwrites the others unless it is empty.
    Of several SKU columns only the best is read: a row without it must not borrow another identity.
    Then the prices whose column names their currency, the best first, and what has named entries."""
    places = [(place, found) for place, found in enumerate(meanings) if found]
    places.sort(key=lambda one: (-one[1].rank, -one[0]))
    best_sku = max((at for at, (_, found) in enumerate(places) if found.field == "sku"), default=-1)
    plain: list[tuple[int, str]] = []
    priced: Places = []
    dicts: Places = []
    for at, (place, found) in enumerate(places):
        if found.field in DICTS:
            dicts.append((place, found))
        elif found.currency:
            priced.insert(0, (place, found))
        elif found.field != "sku" or at == best_sku:
            plain.append((place, found.field))
    return plain, priced, dicts


def tabular_rows(records: Rows, columns: Columns) -> Iterator[RawRow | BadRow]:
    """Offers and unreadable rows below the header."""
    width = len(columns.header)
    for record in records:
        if isinstance(record, BadRow):
            yield record
            continue
        cells = padded(record, width)
        fields = columns.fields(cells)
        if columns.is_hidden(cells):
            text = excerpt("".join(record.lines))
            yield BadRow(record.line, _HIDDEN, text, _SHOW_IT, fields.get("sku", ""), "warned")
        else:
            yield RawRow(record.line, fields)


def padded(record: Record, width: int) -> list[str]:
    """Some programs leave out empty cells at the end of a row."""
    missing = width - len(record.cells)
    return record.cells + [""] * missing if missing > 0 else record.cells
