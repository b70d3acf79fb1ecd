"""WooCommerce's product CSV: attributes in pairs of columns, and variations that lean on a product above them."""

import re
from collections.abc import Iterator

from app.suppliers.formats.delimited import Rows
from app.suppliers.formats.raw import BadRow, Fields, RawRow, excerpt
from app.suppliers.formats.remembering import Remembered
from app.suppliers.formats.shopify import Cells
from app.suppliers.formats.tabular import Columns, padded
from app.suppliers.formats.vocabulary import normal

_NAMES = {number: f"attribute {number} name" for number in range(1, 31)}
_VALUES = {
    number: tuple(f"attribute {number} {ending}" for ending in ("value s", "values", "value")) for number in _NAMES
}
_ATTRIBUTE = re.compile(
    r"\b(?:(?P<before>\d{1,2}) )?(?:l|dell|d)?(?:att?r|vlastn)[a-z]*(?: [a-z]+)?(?: (?P<after>\d{1,2}))?\b"
)
_CALLED = re.compile(r"\b(?:na(?:a?m|v|z)[a-z]*|nom[a-z]*|nev)\b")
_WORTH = re.compile(r"\b(?:val|wert|waard|wart|vard|verdi|hodnot|ertek)[a-z]*\b")
_ENGLISH = {
    plain: english
    for english, others in {
        "Type": "typ, tipo, soort, rodzaj, tip, tyyppi, tur",
        "Published": "veroffentlicht, publie, publicado, pubblicato, gepubliceerd, opublikowano, opublikowany, "
        "publicerad, publiceret, publisert, publikovano, publikovane, publikalt, publicat, julkaistu, yayinlanmis",
        "Parent": "ubergeordnet, parent, superior, genitore, hoofd, nadrzedny, pai, ascendente, foralder, overordnet, "
        "nadrazeny, nadradene, szulo, parinte, ust",
        "Date sale price starts": "datum an dem angebotspreis beginnt, date de debut de promo, "
        "dia en que empieza el precio rebajado, data inizio prezzo in offerta, startdatum actieprijs",
        "Date sale price ends": "datum an dem angebotspreis endet, date de fin de promo, "
        "dia en que termina el precio rebajado, data fine prezzo in offerta, einddatum actieprijs",
    }.items()
    for plain in others.split(", ")
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INHERITED = ("title", "description", "brand", "category", "image", "note", "attributes")
_PUBLISHED = ("", "1", "true", "yes")


def in_english(header: list[str]) -> list[str] | None:
    """The header with the names that an English shop gives to what only WooCommerce has; None for other headers.

    There are pairs of columns with the name and the values of attributes, in any language.
    """
    names = [_in_english(name[:200]) for name in header]
    known = {normal(name) for name in names}
    return names if _NAMES[1] in known and not known.isdisjoint(_VALUES[1]) else None


def _in_english(name: str) -> str:
    plain = normal(name)
    attribute = _ATTRIBUTE.search(plain)
    if number := attribute and (attribute["before"] or attribute["after"]):
        for kind, words in (("name", _CALLED), ("value(s)", _WORTH)):
            if words.search(plain):
                return f"Attribute {number} {kind}"
    return _ENGLISH.get(plain, name)


def has_use(name: str) -> bool:
    """Whether a column of a header in English has a use here: it belongs to such pairs ("Attribute 2 visible"), too."""
    return name in _ENGLISH.values() or _ATTRIBUTE.search(normal(name[:200])) is not None


def woocommerce_rows(records: Rows, columns: Columns) -> Iterator[RawRow | BadRow]:
    """One RawRow per product or variation. A product that is only sold in variations is no offer."""
    named = Cells(columns.header)
    products = Remembered[Fields]()
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
            product = products.get(named.get(cells, ("parent",))) or {}
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
    if "description" in fields:
        fields["description"] = fields["description"].replace("\\n", "\n")  # WooCommerce writes it with two characters
    if "list_price" in fields and (period := _sale_period(named, cells)):
        fields["sale_period"] = period
    pairs = {named.get(cells, (_NAMES[number],)): named.get(cells, _VALUES[number]) for number in _NAMES}
    if said := {name: value for name, value in pairs.items() if name and value}:
        fields["attributes"] = said | fields.get("attributes", {})
    return fields


def _sale_period(named: Cells, cells: list[str]) -> str:
    """Days that are left open are far away."""
    days = [_DAY.match(named.get(cells, (name,))) for name in ("date sale price starts", "date sale price ends")]
    if not any(days):
        return ""
    start, end = (day.group() if day else "" for day in days)
    return f"{start or '1970-01-01'}T00:00+00:00/{end or '2999-12-31'}T23:59+00:00"


def _remember(products: Remembered[Fields], named: Cells, cells: list[str], fields: Fields) -> None:
    """Variations name their product by its SKU or by its ID. They stand below it."""
    for key in {fields.get("sku", ""), f"id:{named.get(cells, ('id',))}"}:
        products.keep(key, fields, fields)


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
