"""A product as search sees it: all that a result card, a facet or a sort needs, so that results need no database."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from app.catalog.colours import COLOUR_NAMES, colours_named
from app.infra.database import fetch
from app.search.attributes import said
from app.search.words import fold, index_words

# How often a word counts by where it stands: one weighted field is several times faster than many fields.
NAME, BRAND, CATEGORY, REST = 3, 2, 2, 1
LONGEST_DESCRIPTION = 4000
DENIALS = frozenset({"no", "none", "false", "not supported", "n/a", "não", "nao"})  # "Bluetooth: no" is not to be found


class Document(msgspec.Struct, frozen=True):
    """The stored half. `offer` is the best one: the cheapest that has stock, else the cheapest."""

    product: int
    version: int
    slug: str
    name: str
    note: str
    brand: str
    image: str
    categories: tuple[tuple[str, str], ...]  # (path, name), top down
    offer: int
    supplier: str
    price_minor: int
    list_price_minor: int | None
    handling_days: int
    stock: dict[str, int]  # of the best offer, by warehouse code, none of them 0
    suppliers: tuple[tuple[str, str], ...]  # (slug, name) of everyone who sells it
    colours: tuple[str, ...]
    available: int  # pieces over all offers
    created_at: int  # seconds since 1970
    stars: int = 0  # of all shown reviews together
    reviews: int = 0
    looks: dict[str, str] = {}  # colour -> picture of a variant in it

    @property
    def warehouses(self) -> tuple[str, ...]:
        return tuple(sorted(self.stock))


class Entry(msgspec.Struct, frozen=True):
    """A document, the words it is found by, repeated by their weight, and what it says of itself."""

    document: Document
    words: list[str]
    attributes: tuple[tuple[str, str], ...] = ()  # names and values that lists are narrowed by


AT_ONCE = 500  # products read by one query

# Every step names its rows by their ids: a join would be left to a planner that may not know how large the tables are.
LOAD = """
WITH variants AS MATERIALIZED (
  SELECT v.id, v.product, v.sku, v.gtin, v.options, v.note, v.image FROM variant v WHERE v.product = ANY($1)),
offers AS MATERIALIZED (
  SELECT o.* FROM offer o WHERE o.variant = ANY(ARRAY(SELECT v.id FROM variants v)) AND o.withdrawn_at IS NULL),
stocks AS MATERIALIZED (
  SELECT k.offer, jsonb_object_agg(w.code, k.on_hand - k.reserved) AS found
  FROM stock k JOIN warehouse w ON w.id = k.warehouse
  WHERE k.offer = ANY(ARRAY(SELECT o.id FROM offers o)) AND k.on_hand > k.reserved GROUP BY k.offer),
offered AS MATERIALIZED (
  SELECT v.product, jsonb_agg(jsonb_build_object(
           'id', o.id, 'price_minor', o.price_minor, 'list_price_minor', o.list_price_minor,
           'handling_days', o.handling_days, 'slug', s.slug, 'name', s.name,
           'stock', coalesce(stocks.found, '{}'))) AS found
  FROM offers o JOIN variants v ON v.id = o.variant JOIN supplier s ON s.id = o.supplier
  LEFT JOIN stocks ON stocks.offer = o.id GROUP BY v.product),
looks AS MATERIALIZED (
  SELECT v.product, jsonb_agg(jsonb_build_object('sku', v.sku, 'gtin', v.gtin, 'options', v.options, 'note', v.note,
                                                 'image', v.image) ORDER BY v.id) AS found
  FROM variants v GROUP BY v.product)
SELECT p.id, p.version, p.slug, p.name, p.note, p.brand, p.image, p.description, p.attributes,
       extract(epoch FROM p.created_at)::bigint AS created_at, c.path, c.name AS category,
       parent.path AS parent_path, parent.name AS parent, offered.found AS offers, looks.found AS variants,
       coalesce(rating.stars, 0) AS stars, coalesce(rating.reviews, 0) AS reviews
FROM product p
JOIN category c ON c.id = p.category
LEFT JOIN category parent ON parent.path = split_part(c.path, '/', 1) AND parent.id <> c.id
JOIN offered ON offered.product = p.id
JOIN looks ON looks.product = p.id
LEFT JOIN product_rating rating ON rating.product = p.id
WHERE p.id = ANY($1)
"""


async def load(products: Sequence[int]) -> list[Entry]:
    """Entries of those products that have a live offer; the others have none. So many at once that no query is slow."""
    parts = [products[start : start + AT_ONCE] for start in range(0, len(products), AT_ONCE)]
    return [_entry(row) for part in parts for row in await fetch(LOAD, list(part))]


async def documents_of(products: Sequence[int]) -> dict[int, Document]:
    """By product: the documents alone, without the words, which take the most time. At most AT_ONCE products."""
    found = (_document(row, *_parts(row)) for row in await fetch(LOAD, list(products)))
    return {document.product: document for document in found}


def _parts(row: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Attributes and variants."""
    return msgspec.json.decode(row["attributes"]), msgspec.json.decode(row["variants"])


def _entry(row: Any) -> Entry:
    attributes, variants = _parts(row)
    document = _document(row, attributes, variants)
    options = [variant["options"] for variant in variants]
    return Entry(document, _words(row, document, attributes, variants), said([attributes, *options], COLOUR_NAMES))


def _document(row: Any, attributes: dict[str, Any], variants: list[dict[str, Any]]) -> Document:
    offers = msgspec.json.decode(row["offers"])
    best = min(offers, key=lambda offer: (not offer["stock"], offer["price_minor"], offer["id"]))
    parent = [(row["parent_path"], row["parent"])] if row["parent_path"] else []
    return Document(
        product=row["id"],
        version=row["version"],
        slug=row["slug"],
        name=row["name"],
        note=row["note"],
        brand=row["brand"],
        image=row["image"],
        categories=(*parent, (row["path"], row["category"])),
        offer=best["id"],
        supplier=best["name"],
        price_minor=best["price_minor"],
        list_price_minor=best["list_price_minor"],
        handling_days=best["handling_days"],
        stock=best["stock"],
        suppliers=tuple(sorted({(offer["slug"], offer["name"]) for offer in offers})),
        colours=colours(attributes, variants),
        available=sum(sum(offer["stock"].values()) for offer in offers),
        created_at=row["created_at"],
        stars=row["stars"],
        reviews=row["reviews"],
        looks=looks(variants),
    )


def colours(attributes: dict[str, Any], variants: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """The colours a product comes in, each written one way."""
    sources = [attributes, *(variant["options"] for variant in variants)]
    return tuple(dict.fromkeys(name for source in sources for name in colours_named(source)))


def looks(variants: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The picture of each colour, where variants have pictures of their own."""
    found: dict[str, str] = {}
    for variant in variants:
        for name in colours_named(variant["options"]):
            if variant["image"]:
                found.setdefault(name, variant["image"])
    return found


def _words(row: Any, document: Document, attributes: dict[str, Any], variants: list[dict[str, Any]]) -> list[str]:
    options = {str(value) for variant in variants for value in variant["options"].values()}
    codes = [code for variant in variants for code in (variant["sku"], variant["gtin"]) if code]
    has = (f"{name} {value}" for name, value in attributes.items() if fold(str(value)) not in DENIALS)
    rest = [document.note, *has, *sorted(options), *codes]
    rest += sorted({variant["note"] for variant in variants} | {name for _, name in document.suppliers})
    return (
        index_words(document.name) * NAME
        + index_words(document.brand) * BRAND
        + index_words(" ".join(name for _, name in document.categories)) * CATEGORY
        + index_words(" ".join(rest)) * REST
        + index_words(row["description"][:LONGEST_DESCRIPTION]) * REST
    )
