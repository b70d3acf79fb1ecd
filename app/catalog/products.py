"""What a feed says about its supplier's own products: new ones, and changes of those that are there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from app.catalog.depicting import picture_of
from app.catalog.identity import Place
from app.catalog.naming import common_name
from app.catalog.offered import OfferRow
from app.catalog.slugs import slug_of, with_suffix
from app.catalog.taxonomy import OTHER_GOODS
from app.infra.database import fetch


class Shelf(NamedTuple):
    """A category as a product needs it."""

    id: int
    kind: str
    form: str | None


COLUMNS = (
    *("id", "owner", "owner_key", "slug", "name", "brand", "note", "description", "category", "attributes"),
    *("image", "version", "created_at", "updated_at"),
)


async def shelves() -> dict[str, Shelf]:
    """Category path → shelf; paths of categories that were joined to another one, too."""
    rows = await fetch("SELECT id, path, was, art_kind, art_form FROM category ORDER BY position, id")
    found = [(row, Shelf(row["id"], row["art_kind"], row["art_form"])) for row in rows]
    former = {path: shelf for row, shelf in found for path in row["was"]}
    return {**{row["path"]: shelf for row, shelf in found}, **former}


def shelf_of(row: OfferRow, known: Mapping[str, Shelf]) -> Shelf:
    """Raises LookupError when the shop has no categories at all."""
    found = known.get(row.category_path) or known.get(OTHER_GOODS) or next(iter(known.values()), None)
    if found is None:
        raise LookupError("there are no categories")
    return found


@dataclass(frozen=True)
class NewProducts:
    """Products to be written: `rows` of the columns `COLUMNS`."""

    ids: set[int]
    rows: list[tuple[Any, ...]]


async def new_products(
    supplier: int, places: Iterable[Place], rows: Sequence[OfferRow], known: Mapping[str, Shelf], at: datetime
) -> NewProducts:
    """The products that `places` need and that are not there."""
    by_key = _by_key(rows)
    fresh = {place.row.key: place.product for place in places if place.is_new_product}
    names = {key: _name(by_key[key]) for key in fresh}
    slugs = await _free_slugs({fresh[key]: name for key, name in names.items()})
    written = [
        (product, supplier, key, slugs[product], *_details(by_key[key][0], names[key], known), 1, at, at)
        for key, product in fresh.items()
    ]
    return NewProducts(set(fresh.values()), written)


async def update_known(
    supplier: int, places: Iterable[Place], rows: Sequence[OfferRow], known: Mapping[str, Shelf]
) -> set[int]:
    """Bring the products that are there up to date, each by its leading row; returns the ids of those that changed.

    The leading row is that of the product's first variant on sale: other rows of a group do not disturb it.
    """
    touched = {place.product for place in places if place.owned and not place.is_new_product}
    if not touched:
        return set()
    by_sku, by_key = {row.sku: row for row in rows}, _by_key(rows)
    leads = [lead for lead in await _leads(supplier, touched) if lead["sku"] in by_sku]
    if not leads:
        return set()
    details = []
    for lead in leads:
        row = by_sku[lead["sku"]]
        group = by_key[row.key]
        name = _name(group, lead["name"], complete=len(group) >= lead["variants"])
        details.append(_details(row, name, known))
    changed = await fetch(
        """UPDATE product p SET name = n.name, brand = n.brand, note = n.note, description = n.description,
                  category = n.category, attributes = n.attributes, image = n.image
           FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::jsonb[],
                       $8::text[]) AS n(id, name, brand, note, description, category, attributes, image)
           WHERE p.id = n.id AND (p.name, p.brand, p.note, p.description, p.category, p.attributes, p.image)
                 IS DISTINCT FROM (n.name, n.brand, n.note, n.description, n.category, n.attributes, n.image)
           RETURNING p.id""",
        [lead["product"] for lead in leads],
        *_columns(details),
    )
    return {row["id"] for row in changed}


async def _leads(supplier: int, products: set[int]) -> list[Any]:
    return await fetch(
        """SELECT p.id AS product, p.name, (array_agg(o.supplier_sku ORDER BY v.id, o.id))[1] AS sku,
                  count(*) AS variants
           FROM product p JOIN variant v ON v.product = p.id
           JOIN offer o ON o.variant = v.id AND o.supplier = $1 AND o.withdrawn_at IS NULL
           WHERE p.id = ANY($2) GROUP BY p.id ORDER BY p.id""",
        supplier,
        list(products),
    )


def _by_key(rows: Iterable[OfferRow]) -> dict[str, list[OfferRow]]:
    found: defaultdict[str, list[OfferRow]] = defaultdict(list)
    for row in rows:
        found[row.key].append(row)
    return found


def _name(group: Sequence[OfferRow], known: str = "", *, complete: bool = True) -> str:
    if group[0].group is None:
        return group[0].title
    return common_name([(row.title, row.options) for row in group], known, complete=complete)


def _details(row: OfferRow, name: str, known: Mapping[str, Shelf]) -> tuple[Any, ...]:
    shelf = shelf_of(row, known)
    image = picture_of(row, shelf.kind, shelf.form)
    return name, row.brand, row.note, row.description, shelf.id, msgspec.json.encode(row.attributes).decode(), image


def _columns(details: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*details, strict=True)]


async def _free_slugs(names: Mapping[int, str]) -> dict[int, str]:
    """Product id → slug: the plain one for the first that wants it, for others with a suffix."""
    if not names:
        return {}
    wanted = {product: slug_of(name) for product, name in names.items()}
    rows = await fetch("SELECT slug FROM product WHERE slug = ANY($1)", list(set(wanted.values())))
    taken, slugs = {row["slug"] for row in rows}, {}
    for product, slug in wanted.items():
        slugs[product] = with_suffix(slug, product) if slug in taken else slug
        taken.add(slugs[product])
    return slugs
