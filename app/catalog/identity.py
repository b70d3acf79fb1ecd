"""Which variant and which product a row of a feed is about.

A variant is found by its GTIN, else by the supplier's offer of it; a product by the supplier's group (or SKU). A
variant found by the GTIN of another supplier's product stays in that product: one product, two offers. When its row no
longer gives that GTIN, it is something else and goes into a product of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalog.offered import OfferRow
from app.infra.database import fetch


@dataclass
class Place:
    """Where a row belongs. `known` is its offer so far (a record of `known_offers`)."""

    row: OfferRow
    known: Any | None
    variant: int
    gtin: str | None  # what the variant is to have
    owned: bool  # this supplier's feed decides what the product is called
    is_new_variant: bool
    product: int = 0
    is_new_product: bool = False


async def known_offers(supplier: int, skus: Sequence[str]) -> dict[str, Any]:
    """The supplier's offers by SKU, locked in id order, with their variants and products."""
    rows = await fetch(
        """SELECT o.id, o.supplier_sku, o.row_hash, o.fingerprint, o.feed, o.withdrawn_at, o.price_minor,
                  o.list_price_minor, o.handling_days, o.variant, v.gtin, v.product, p.owner
           FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           WHERE o.supplier = $1 AND o.supplier_sku = ANY($2) ORDER BY o.id FOR UPDATE OF o""",
        supplier,
        skus,
    )
    return {row["supplier_sku"]: row for row in rows}


async def place(supplier: int, rows: Sequence[OfferRow], known: Mapping[str, Any]) -> list[Place]:
    """A place for every row; new variants and products have ids, and are still to be written."""
    held = await _holders([row.gtin for row in rows if row.gtin], supplier)
    claimed: dict[str, str] = {}
    places = [_variant_of(row, known.get(row.sku), held, claimed, supplier) for row in rows]
    fresh = [found for found in places if found.is_new_variant]
    for found, number in zip(fresh, await new_ids("variant", len(fresh)), strict=True):
        found.variant = number
    await _into_products(supplier, [found for found in places if found.owned])
    return places


async def new_ids(table: str, count: int) -> list[int]:
    rows = await fetch(f"SELECT nextval('{table}_id_seq') AS id FROM generate_series(1, {count})")  # noqa: S608 - our own names
    return [row["id"] for row in rows]


async def _holders(gtins: Sequence[str], supplier: int) -> dict[str, Any]:
    """GTIN → its variant, with the SKU under which this supplier sells it now (None: he does not)."""
    rows = await fetch(
        """SELECT v.id AS variant, v.gtin, v.product, p.owner,
                  (SELECT min(o.supplier_sku) FROM offer o
                   WHERE o.variant = v.id AND o.supplier = $2 AND o.withdrawn_at IS NULL) AS sku
           FROM variant v JOIN product p ON p.id = v.product WHERE v.gtin = ANY($1)""",
        gtins,
        supplier,
    )
    return {row["gtin"]: row for row in rows}


def _variant_of(
    row: OfferRow, known: Any | None, held: Mapping[str, Any], claimed: dict[str, str], supplier: int
) -> Place:
    """By GTIN, unless another of the supplier's SKUs has it: many give all sizes the same. Then by the offer."""
    holder = held.get(row.gtin or "")
    if row.gtin and holder and holder["sku"] in (None, row.sku) and claimed.setdefault(row.gtin, row.sku) == row.sku:
        owned = holder["owner"] == supplier
        return Place(row, known, holder["variant"], row.gtin, owned, False, holder["product"])
    gtin = row.gtin if row.gtin and not holder and claimed.setdefault(row.gtin, row.sku) == row.sku else None
    owned = known is not None and known["owner"] == supplier
    if known and (owned or row.gtin == known["gtin"]):
        return Place(row, known, known["variant"], gtin or known["gtin"], owned, False, known["product"])
    return Place(row, known, 0, gtin, True, True)


async def _into_products(supplier: int, owned: Sequence[Place]) -> None:
    """The supplier's own products by their keys; a key that is new gets the id of a product to be written."""
    keys = list(dict.fromkeys(found.row.key for found in owned))
    rows = await fetch("SELECT id, owner_key FROM product WHERE owner = $1 AND owner_key = ANY($2)", supplier, keys)
    products = {row["owner_key"]: row["id"] for row in rows}
    missing = [key for key in keys if key not in products]
    fresh = dict(zip(missing, await new_ids("product", len(missing)), strict=True))
    for found in owned:
        found.is_new_product = found.row.key in fresh
        found.product = (fresh if found.is_new_product else products)[found.row.key]
