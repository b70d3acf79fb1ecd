"""Shopify's product CSV: a product is several rows, and only the first has its title and description."""

import re
from collections.abc import Iterator

from app.suppliers.formats.delimited import Record, Rows
from app.suppliers.formats.fields import settle
from app.suppliers.formats.raw import BadRow, Fields, RawRow, excerpt
from app.suppliers.formats.tabular import padded
from app.suppliers.formats.vocabulary import normal

_PRODUCT = {
    "title": ("title",),
    "description": ("body html", "description"),
    "brand": ("vendor",),
    "category": ("product category", "type", "google shopping google product category", "google product category"),
    "Gender": ("google shopping gender", "gender"),
    "Age group": ("google shopping age group", "age group"),
    "product_image": ("image src", "product image url"),
}
_VARIANT = {
    "sku": ("variant sku", "sku"),
    "price": ("variant price", "price"),
    "list_price": ("variant compare at price", "compare at price"),
    "gtin": ("variant barcode", "barcode"),
    "stock": ("variant inventory qty", "inventory quantity"),
    "image": ("variant image", "variant image url"),
}
_TRACKER = ("variant inventory tracker", "inventory tracker")
_PUBLISHED = ("published", "published on online store")
_SHOWN = ("", "true", "yes", "1")
_HANDLE = ("handle", "url handle")
_OPTIONS = (1, 2, 3)


def is_shopify(header: list[str]) -> bool:
    names = {normal(name) for name in header if len(name) <= 200}
    return bool(names & set(_HANDLE)) and "option1 name" in names and "title" in names


class Cells:
    """Cells of a row by their Shopify name, old or new."""

    def __init__(self, header: list[str]) -> None:
        self._place = {normal(name): place for place, name in reversed(list(enumerate(header)))}

    def has(self, names: tuple[str, ...]) -> bool:
        return any(name in self._place for name in names)

    def get(self, cells: list[str], names: tuple[str, ...]) -> str:
        for name in names:
            place = self._place.get(name)
            if place is not None and (cell := cells[place].strip()):
                return cell
        return ""


def shopify_rows(records: Rows, header: list[str]) -> Iterator[RawRow | BadRow]:
    """One RawRow per variant, with the columns of its product. Rows that only add a picture are no offers."""
    named = Cells(header)
    product: Fields = {}
    for record in records:
        if isinstance(record, BadRow):
            yield record
            continue
        cells = padded(record, len(header))
        handle = named.get(cells, _HANDLE)
        if handle != product.get("group") or named.get(cells, _PRODUCT["title"]):
            product = _product(named, cells, handle)
        if _is_variant(named, cells):
            yield _variant(named, cells, product, record)


def _product(named: Cells, cells: list[str], handle: str) -> Fields:
    product: Fields = {"group": handle}
    for field, names in _PRODUCT.items():
        if value := named.get(cells, names):
            product[field] = value
    product["option_names"] = [named.get(cells, (f"option{number} name",)) for number in _OPTIONS]
    product["hidden"] = (
        named.get(cells, _PUBLISHED).lower() not in _SHOWN or named.get(cells, ("status",)).lower() not in _STATUSES
    )
    return product


_STATUSES = ("", "active")


def _is_variant(named: Cells, cells: list[str]) -> bool:
    return any(named.get(cells, names) for names in (_VARIANT["sku"], _VARIANT["price"], ("option1 value",)))


def _variant(named: Cells, cells: list[str], product: Fields, record: Record) -> RawRow | BadRow:
    fields: Fields = {name: product[name] for name in ("group", *_PRODUCT) if name in product}
    fields["options"] = _options(named, cells, product["option_names"])
    for field, names in _VARIANT.items():
        if value := named.get(cells, names):
            fields[field] = value
    picture = fields.pop("product_image", "")
    fields.setdefault("image", picture)
    fields.setdefault("sku", "-".join(filter(None, [product["group"], *map(_slug, fields["options"].values())])))
    _settle_stock(fields, not named.has(_TRACKER) or bool(named.get(cells, _TRACKER)))
    if product["hidden"]:
        return BadRow(
            record.line,
            "Not published in Shopify.",
            excerpt("".join(record.lines)),
            "Publish the product in Shopify and export it again to sell it here.",
            fields["sku"],
            "warned",
        )
    return RawRow(record.line, settle({name: value for name, value in fields.items() if value}))


def _options(named: Cells, cells: list[str], names: list[str]) -> dict[str, str]:
    """Shopify writes Title = "Default Title" where a product has no options."""
    values = [named.get(cells, (f"option{number} value",)) for number in _OPTIONS]
    if values[0] == "Default Title":
        return {}
    return {
        name or f"Option {place}": one for place, (name, one) in enumerate(zip(names, values, strict=True), 1) if one
    }


def _settle_stock(fields: Fields, is_counted: bool) -> None:
    """An oversold variant has a negative quantity in Shopify; what nobody counts is for sale, whatever its quantity."""
    if not is_counted:
        fields.pop("stock", None)
        fields["availability"] = "in stock"
    elif fields.get("stock", "").startswith("-"):
        fields["stock"] = "0"


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")
