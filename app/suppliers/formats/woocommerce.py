"""WooCommerce's product CSV: attributes in pairs of columns, and variations that lean on a product above them."""

from collections.abc import Iterator

from app.suppliers.formats.delimited import Records
from app.suppliers.formats.raw import BadRow, Fields, RawRow, excerpt
from app.suppliers.formats.shopify import Cells
from app.suppliers.formats.tabular import Columns, padded
from app.suppliers.formats.vocabulary import normal

_NAMES = {number: f"attribute {number} name" for number in range(1, 31)}
_VALUES = {
    number: tuple(f"attribute {number} {ending}" for ending in ("value s", "values", "value")) for number in _NAMES
}
_REMEMBERED = 10_000  # products whose variations may still come
_INHERITED = ("title", "description", "brand", "category", "image", "note", "attributes")
_PUBLISHED = ("", "1", "true", "yes")


def is_woocommerce(header: list[str]) -> bool:
    """Whether there are pairs of columns with the name and the values of attributes."""
    names = {normal(name) for name in header if len(name) <= 200}
    return _NAMES[1] in names and not names.isdisjoint(_VALUES[1])


def is_attribute(name: str) -> bool:
    """Whether a column belongs to such pairs ("Attribute 2 visible")."""
    words = normal(name[:200]).split()
    return len(words) > 2 and words[0] == "attribute" and words[1].isdigit()


def woocommerce_rows(records: Records, columns: Columns) -> Iterator[RawRow | BadRow]:
    """One RawRow per product or variation. A product that is only sold in variations is no offer."""
    named = Cells(columns.header)
    products: dict[str, Fields] = {}
    for record in records:
        if isinstance(record, BadRow):
            yield record
            continue
        cells = padded(record, len(columns.header))
        kind = named.get(cells, ("type",)).lower()
        fields = _fields(named, cells, columns, kind)
        hidden = named.get(cells, ("published",)).lower() not in _PUBLISHED
        if kind.startswith("variable"):
            _remember(products, named, cells, fields | {"hidden": hidden})
            continue
        if kind.startswith("variation"):
            product = products.get(named.get(cells, ("parent",)), {})
            hidden = hidden or bool(product.get("hidden"))
            fields = _of_variation(product, fields)
        if hidden:
            text, sku = excerpt("".join(record.lines)), fields.get("sku", "")
            advice = "Publish the product in WooCommerce and export it again to sell it here."
            yield BadRow(record.line, "Not published in WooCommerce.", text, advice, sku, "warned")
        else:
            yield RawRow(record.line, fields)


def _fields(named: Cells, cells: list[str], columns: Columns, kind: str) -> Fields:
    """An ID stands in for a SKU that the shop left empty, in the way in which WooCommerce itself refers to it."""
    fields = columns.fields(cells)
    if fields.get("category", "").lower() == kind:
        fields.pop("category", None)
    if not fields.get("sku", "").strip() and (number := named.get(cells, ("id",))):
        fields["sku"] = f"id:{number}"
    pairs = {named.get(cells, (_NAMES[number],)): named.get(cells, _VALUES[number]) for number in _NAMES}
    if said := {name: value for name, value in pairs.items() if name and value}:
        fields["attributes"] = said | fields.get("attributes", {})
    return fields


def _remember(products: dict[str, Fields], named: Cells, cells: list[str], fields: Fields) -> None:
    """Variations name their product by its SKU or by its ID. They stand below it."""
    for key in {fields.get("sku", ""), f"id:{named.get(cells, ('id',))}"}:
        products[key] = fields
    while len(products) > _REMEMBERED:
        products.pop(next(iter(products)))


def _of_variation(product: Fields, variation: Fields) -> Fields:
    """Its attributes are what a shopper chooses. "Shirt - Blue" is called "Shirt", like the others of its product."""
    inherited = {name: product[name] for name in _INHERITED if name in product}
    chosen = variation.pop("attributes", {})
    if product.get("sku"):
        variation["group"] = product["sku"]
    if "title" in inherited:
        variation.pop("title", None)
    if "attributes" in inherited:
        inherited["attributes"] = {name: text for name, text in inherited["attributes"].items() if name not in chosen}
    return inherited | variation | ({"options": chosen | variation.get("options", {})} if chosen else {})
