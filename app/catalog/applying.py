"""A batch of a feed becomes products, variants and offers: a few statements, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.catalog import products
from app.catalog.currency import in_shop_currency, rates
from app.catalog.depicting import link_of, picture_of
from app.catalog.identity import Place, known_offers, place
from app.catalog.offered import Batch, OfferRow
from app.catalog.skus import sku_of
from app.catalog.wanted_pictures import want
from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch


def topic_of(*, bulk: bool) -> str:
    """Where changed products are told of: those of large feeds may wait for others."""
    return "products-bulk" if bulk else "products"


@dataclass
class Applied:
    """What a batch did so far. `offers` are the rows that were news, by the id of their offer."""

    at: datetime
    offers: dict[int, OfferRow] = field(default_factory=dict)
    new_offers: set[int] = field(default_factory=set)
    product_of: dict[int, int] = field(default_factory=dict)  # offer id → product id
    new: set[int] = field(default_factory=set)  # products
    changed: set[int] = field(default_factory=set)  # products that a page shows differently now


async def apply_batch(batch: Batch, rows: Sequence[OfferRow]) -> Applied:
    """Write what is news in the rows. Those that say what we know, or are older than what we know, are skipped.

    Raises:
        RateMissing, LookupError: the shop lacks an exchange rate, or any category.
    """
    applied = Applied(now())
    known = await known_offers(batch.supplier, [row.sku for row in rows])
    news = [row for row in rows if _is_news(row, known.get(row.sku), batch.feed)]
    await _note_unchanged(batch, rows, known)
    if not news:
        return applied
    places = await place(batch.supplier, news, known)
    shelves = await products.shelves()
    applied.new = await products.add_new(batch.supplier, places, rows, shelves, applied.at)
    owned = [found for found in places if found.owned]
    applied.changed |= await _write_variants(owned, shelves)
    await want(batch.supplier, [link for found in owned if (link := link_of(found.row))])
    applied.changed |= await _write_offers(batch, places, applied)
    applied.changed |= await products.update_known(batch.supplier, places, rows, shelves)
    return applied


async def conclude(batch: Batch, applied: Applied, restocked: set[int], received: int) -> None:
    """Raise the versions of what changed, tell of it, and record that the batch is in.

    Args:
        restocked: ids of the offers whose stock changed.
        received: how many rows the batch has.
    """
    changed = applied.changed | {applied.product_of[offer] for offer in restocked}
    event = await tell_of(changed, applied.new, applied.at, bulk=batch.bulk)
    await execute(
        """INSERT INTO applied_batch (feed, number, applied, unchanged, withdrawn, event_id, applied_at)
           VALUES ($1, $2, $3, $4, 0, $5, $6)""",
        batch.feed,
        batch.number,
        len(applied.offers),
        received - len(applied.offers),
        event,
        applied.at,
    )


async def tell_of(changed: set[int], new: set[int], at: datetime, *, bulk: bool = False) -> Any | None:
    """Raise the versions of changed products and publish one event for them and the new ones; its id, if any."""
    if older := sorted(changed - new):
        await execute("UPDATE product SET version = version + 1, updated_at = $2 WHERE id = ANY($1)", older, at)
    ids = sorted(changed | new)
    return await publish(topic_of(bulk=bulk), str(ids[0]), {"products": ids}) if ids else None


def _is_news(row: OfferRow, known: Any | None, feed: int) -> bool:
    if known is None:
        return True
    if known["feed"] > feed:
        return False
    return bool(known["row_hash"] != row.hash or known["withdrawn_at"] is not None)


async def _note_unchanged(batch: Batch, rows: Sequence[OfferRow], known: Mapping[str, Any]) -> None:
    """Rows that say what we know: the next time their reader knows them, and no older feed has a say in them.

    Only the small feeds that overtake, such as single offers by API, can meet an older one.
    """
    pairs = [
        (offer["id"], row.fingerprint)
        for row in rows
        if (offer := known.get(row.sku)) is not None
        and not _is_news(row, offer, batch.feed)
        and offer["feed"] <= batch.feed
        and (offer["fingerprint"] != row.fingerprint or not batch.bulk)
    ]
    if pairs:
        await execute(
            """UPDATE offer o SET fingerprint = n.fingerprint, feed = $3
               FROM unnest($1::bigint[], $2::bigint[]) AS n(id, fingerprint) WHERE o.id = n.id""",
            [offer for offer, _ in pairs],
            [fingerprint for _, fingerprint in pairs],
            batch.feed,
        )


async def _write_variants(owned: Sequence[Place], shelves: Mapping[str, products.Shelf]) -> set[int]:
    """Variants of the supplier's own products; returns the products that look different now, old and new place."""
    pictures = [picture_of(found.row, *products.shelf_of(found.row, shelves)[1:]) for found in owned]
    rows = await fetch(
        """WITH said AS (
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::jsonb[], $6::text[],
                                  $7::text[]) AS said(id, product, sku, gtin, options, image, note)),
           old AS (SELECT v.* FROM variant v JOIN said USING (id)),
           written AS (
             INSERT INTO variant AS v (id, product, sku, gtin, options, image, note) SELECT * FROM said
             ON CONFLICT (id) DO UPDATE SET product = excluded.product, gtin = excluded.gtin,
               options = excluded.options, image = excluded.image, note = excluded.note
             WHERE (v.product, v.gtin, v.options, v.image, v.note)
                   IS DISTINCT FROM (excluded.product, excluded.gtin, excluded.options, excluded.image, excluded.note)
             RETURNING v.id, v.product)
           SELECT written.product, old.product AS earlier FROM written LEFT JOIN old USING (id)""",
        [found.variant for found in owned],
        [found.product for found in owned],
        [sku_of(found.variant) for found in owned],
        [found.gtin for found in owned],
        [msgspec.json.encode(found.row.options).decode() for found in owned],
        pictures,
        [found.row.note for found in owned],
    )
    return {row["product"] for row in rows} | {row["earlier"] for row in rows if row["earlier"]}


async def _write_offers(batch: Batch, places: Sequence[Place], applied: Applied) -> set[int]:
    """The supplier's price for each place; returns the products whose price or choice of sellers changed."""
    known_rates = await rates()
    prices = [_prices(found.row, known_rates) for found in places]
    rows = await fetch(
        """INSERT INTO offer (variant, supplier, supplier_sku, price_minor, list_price_minor, source_price_minor,
                              source_currency, handling_days, row_hash, fingerprint, feed, created_at,
                              updated_at)
           SELECT n.variant, $1, n.sku, n.price, n.list_price, n.source, n.currency, n.handling, n.hash, n.fingerprint,
                  $2, $3, $3
           FROM unnest($4::bigint[], $5::text[], $6::int[], $7::int[], $8::bigint[], $9::text[], $10::smallint[],
                       $11::bytea[], $12::bigint[])
             AS n(variant, sku, price, list_price, source, currency, handling, hash, fingerprint)
           ON CONFLICT (supplier, supplier_sku) DO UPDATE SET
             variant = excluded.variant, price_minor = excluded.price_minor,
             list_price_minor = excluded.list_price_minor, source_price_minor = excluded.source_price_minor,
             source_currency = excluded.source_currency, handling_days = excluded.handling_days,
             row_hash = excluded.row_hash, fingerprint = excluded.fingerprint, feed = excluded.feed,
             withdrawn_at = NULL, updated_at = excluded.updated_at
           RETURNING id, supplier_sku""",
        batch.supplier,
        batch.feed,
        applied.at,
        [found.variant for found in places],
        [found.row.sku for found in places],
        [price for price, _ in prices],
        [list_price for _, list_price in prices],
        [found.row.price_minor for found in places],
        [found.row.currency for found in places],
        [found.row.handling_days or 0 for found in places],
        [found.row.hash for found in places],
        [found.row.fingerprint for found in places],
    )
    offers = {row["supplier_sku"]: row["id"] for row in rows}
    for found in places:
        applied.offers[offers[found.row.sku]] = found.row
        applied.product_of[offers[found.row.sku]] = found.product
        if found.known is None:
            applied.new_offers.add(offers[found.row.sku])
    return {product for found, price in zip(places, prices, strict=True) for product in _shown_elsewhere(found, price)}


def _prices(row: OfferRow, known: Mapping[str, Decimal]) -> tuple[int, int | None]:
    price = in_shop_currency(row.price_minor, row.currency, known)
    listed = row.list_price_minor and in_shop_currency(row.list_price_minor, row.currency, known)
    return price, listed if listed and listed > price else None


def _shown_elsewhere(found: Place, price: tuple[int, int | None]) -> set[int]:
    """The products on whose pages this offer reads differently from before."""
    old = found.known
    if old is None:
        return {found.product}
    before = (old["variant"], old["price_minor"], old["list_price_minor"], old["handling_days"], old["withdrawn_at"])
    after = (found.variant, *price, found.row.handling_days or 0, None)
    return {found.product, old["product"]} if before != after else set()
