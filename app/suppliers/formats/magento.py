"""Magento's product CSV: the variants of a product stand above it, and it says below which ones they are."""

import re
from collections.abc import Iterator

from app.suppliers.formats.delimited import Record, Rows
from app.suppliers.formats.raw import BadRow, Fields, RawRow, excerpt
from app.suppliers.formats.remembering import Remembered
from app.suppliers.formats.shopify import Cells
from app.suppliers.formats.tabular import Columns, padded
from app.suppliers.formats.vocabulary import meaning, normal

_OWN_COLUMNS = frozenset({"attribute set code", "product type"})
_USED = frozenset([
    "store view code", "attribute set code", "product online", "visibility", "configurable variations",
    "special price from date", "special price to date", "manage stock",
])  # fmt: skip
_HIDDEN = "not visible individually"
_INHERITED = ("title", "description", "brand", "category")
_PAIR = re.compile(r",(?=[A-Za-z0-9_]+=)")
_DAY = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?:20)?(?P<year>\d\d)\b|(?P<iso>\d{4}-\d\d-\d\d)")


def is_magento(header: list[str]) -> bool:
    return {normal(name) for name in header if len(name) <= 200} >= _OWN_COLUMNS


def has_use(name: str) -> bool:
    """Whether a column that is no field of ours is read here."""
    return normal(name[:200]) in _USED


def magento_rows(records: Rows, columns: Columns) -> Iterator[RawRow | BadRow]:
    """One RawRow per product that can be bought by itself. One that is only sold in variants is no offer, nor is a row
    with the words of a product for another language."""
    named = Cells(columns.header)
    families = _Families()
    for record in records:
        if isinstance(record, BadRow):
            yield record
            continue
        cells = padded(record, len(columns.header))
        if named.get(cells, ("store view code",)):
            continue
        fields = _fields(named, cells, columns)
        if named.get(cells, ("product type",)).lower() == "configurable":
            yield from families.of(fields, named.get(cells, ("configurable variations",)))
        elif named.get(cells, ("product online",)) not in ("", "1"):
            yield _left_out(record, fields)
        elif named.get(cells, ("visibility",)).lower() == _HIDDEN:
            yield from families.with_variant(RawRow(record.line, fields))
        else:
            yield RawRow(record.line, fields)
    yield from families.without_product()


class _Families:
    """Variants that wait for their product, and products whose variants have not come."""

    def __init__(self) -> None:
        self._waiting = Remembered[RawRow]()
        self._told = Remembered[tuple[Fields, dict[str, str]]]()

    def of(self, product: Fields, said: str) -> Iterator[RawRow]:
        """The variants that a product names ("sku=A-1,size=S|sku=A-2,size=M") and that have come."""
        for variation in said.split("|"):
            chosen = dict(_pairs(variation))
            sku = chosen.pop("sku", "")
            if row := self._waiting.take(sku):
                yield _variant(row, product, chosen)
            elif sku:
                self._told.keep(sku, (product, chosen), product)

    def with_variant(self, row: RawRow) -> Iterator[RawRow]:
        sku = row.fields.get("sku", "")
        if told := self._told.take(sku):
            yield _variant(row, *told)
        elif not sku or self._waiting.get(sku):
            yield row
        else:
            yield from self._waiting.keep(sku, row, row.fields)

    def without_product(self) -> Iterator[RawRow]:
        return self._waiting.rest()


def _variant(row: RawRow, product: Fields, chosen: dict[str, str]) -> RawRow:
    """With the words of its product, and what is chosen."""
    inherited = {name: product[name] for name in _INHERITED if name in product}
    options = {_shown(name): value for name, value in chosen.items()}
    own = {name: value for name, value in row.fields.items() if name not in ("colour", "size")}
    attributes = {name: value for name, value in own.pop("attributes", {}).items() if name not in options}
    return RawRow(
        row.line,
        {**own, **inherited, "group": product.get("sku", ""), "options": options, "attributes": attributes},
    )


def _shown(code: str) -> str:
    """`"country_of_origin"` → `"Country of origin"`."""
    return code.replace("_", " ").capitalize()


def _fields(named: Cells, cells: list[str], columns: Columns) -> Fields:
    fields = columns.fields(cells)
    for name in ("category", "attributes"):
        fields.pop(name, None)
    if category := _category(named.get(cells, ("categories",))):
        fields["category"] = category
    for name, value in _pairs(named.get(cells, ("additional attributes",))):
        known = meaning(name)
        if known is not None and known.field in ("colour", "size", "brand", "gtin"):
            fields.setdefault(known.field, value)
        else:
            fields.setdefault("attributes", {})[_shown(name)] = value.replace("|", ", ")
    if named.get(cells, ("manage stock",)) == "0" and "availability" in fields:
        fields.pop("stock", None)
    if "list_price" in fields and (period := _sale_period(named, cells)):
        fields["sale_period"] = period
    return fields


def _category(paths: str) -> str:
    """Of "Default Category/Gear,Default Category/Gear/Bags" the deepest, without the root that every shop has."""
    deepest = max(paths.split(","), key=lambda path: path.count("/"))
    return " > ".join(deepest.split("/")[1:]) or deepest


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The names and values in "activity=Gym|Hiking,color=Blue"."""
    for part in _PAIR.split(text):
        name, found, value = part.partition("=")
        if found and name.strip() and value.strip():
            yield name.strip(), value.strip()


def _sale_period(named: Cells, cells: list[str]) -> str:
    """Days that are left open are far away."""
    start, end = (_day(named.get(cells, (f"special price {side} date",))) for side in ("from", "to"))
    return f"{start or '1970-01-01'}T00:00+00:00/{end or '2999-12-31'}T23:59+00:00" if start or end else ""


def _day(text: str) -> str:
    found = _DAY.match(text)
    if found is None:
        return ""
    return found["iso"] or f"20{found['year']}-{found['month']:0>2}-{found['day']:0>2}"


def _left_out(record: Record, fields: Fields) -> BadRow:
    advice = "Enable the product in Magento and export it again to sell it here."
    text = excerpt("".join(record.lines))
    return BadRow(record.line, "Not enabled in Magento.", text, advice, fields.get("sku", ""), "warned")
