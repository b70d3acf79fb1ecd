"""Judge one row of a feed: a Row that the catalogue can take, or a Rejection that says what to correct."""

from hashlib import blake2b
from typing import Any

import msgspec

from app.suppliers import offer_fields, stock_fields
from app.suppliers.formats import RawRow
from app.suppliers.plain_text import one_line, paragraphs
from app.suppliers.problems import Findings, Problem, problem_of
from app.suppliers.row_context import RowContext

__all__ = ["RULES", "Problem", "Rejection", "Row", "RowContext", "content_hash", "problem_of", "validate"]

RULES = 5
"""Goes up whenever the same raw row may be judged otherwise than before: what is remembered of rows ends then."""

_encode = msgspec.json.Encoder(order="sorted").encode


class Row(msgspec.Struct, frozen=True):
    """One offer, checked. Prices are integer minor units of `currency`; `stock` is warehouse code → pieces.

    `stock` is None when the supplier gave no numbers; then `available` says whether it can be bought.
    """

    line: int
    sku: str
    title: str
    description: str
    brand: str
    category_path: str
    price_minor: int
    currency: str
    list_price_minor: int | None
    gtin: str | None
    group: str | None
    note: str
    options: dict[str, str]
    attributes: dict[str, str]
    image: str | None
    stock: dict[str, int] | None
    available: bool
    handling_days: int | None
    warnings: tuple[Problem, ...] = ()
    content_hash: str = ""
    """Hex. The same for two rows that mean the same offer, wherever they stand in their feeds."""


class Rejection(msgspec.Struct, frozen=True):
    """A row that does not go in, with everything that is wrong with it."""

    line: int
    sku: str
    problems: tuple[Problem, ...]


def validate(raw: RawRow, context: RowContext) -> Row | Rejection:
    """Check and clean every field of a row. Raises nothing: all that is wrong is in the result."""
    fields = raw.fields
    found = Findings(raw.line, fields.get("sku", ""))
    sku = offer_fields.sku(fields, found)
    title = offer_fields.title(fields, found)
    price, currency = offer_fields.price(fields, found, context)
    stock, available = stock_fields.stock(fields, found, context)
    handling_days = stock_fields.handling_days(fields, found)
    if found.errors:
        return Rejection(raw.line, found.sku, (*found.errors, *found.warnings))
    said = (
        sku,
        title,
        paragraphs(fields.get("description", "")),
        one_line(fields.get("brand", ""))[:100],
        offer_fields.category(fields, found, context, title),
        price,
        currency,
        offer_fields.list_price(fields, found, price, currency),
        offer_fields.gtin(fields, found),
        one_line(fields.get("group", ""))[:100] or None,
        one_line(fields.get("note", ""))[:200],
        offer_fields.options(fields, found),
        offer_fields.attributes(fields, found),
        offer_fields.image(fields, found),
        stock,
        available,
        handling_days,
    )
    return Row(raw.line, *said, warnings=tuple(found.warnings), content_hash=_hash(said))


def content_hash(row: Row) -> str:
    """Hex digest of what the row says: not of where it stood, nor of what we thought of it."""
    return _hash(msgspec.structs.astuple(row)[1:-2])


def _hash(said: tuple[Any, ...]) -> str:
    return blake2b(_encode(said), digest_size=16).hexdigest()
