"""A batch of a feed becomes products, variants and offers: a few statements, in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.catalog import products
from app.catalog.currency import in_shop_currency, rates
from app.catalog.depicting import link_of, picture_of
from app.catalog.identity import Place, known_offers, new_ids, place
from app.catalog.offered import Batch, OfferRow
from app.catalog.skus import sku_of
from app.catalog.wanted_pictures import want
from app.events.outbox import publish
from app.infra.bulk import copy, copy_while
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.infra.money import SHOP_CURRENCY


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
    rate_of = await rates()
    news, others = list[OfferRow](), list[OfferRow]()
    for row in rows:
        (news if _is_news(row, known.get(row.sku), batch.feed, rate_of) else others).append(row)
    await _note_unchanged(batch, others, known)
    if not news:
        return applied
    places = await place(batch.supplier, news, known)
    shelves = await products.shelves()
    owned = [found for found in places if found.owned]
    new = await products.new_products(batch.supplier, places, rows, shelves, applied.at)
    applied.new = new.ids
    variants = await copy_while("product", products.COLUMNS, new.rows, lambda: _variants(owned, shelves))
    fresh = await new_ids("offer", sum(found.known is None for found in places))
    offers = await copy_while("variant", VARIANT, variants.new, lambda: _offers(batch, places, rate_of, fresh, applied))
    applied.changed |= await _update_variants(variants.known) if variants.known else set()
    applied.changed |= {row[1] for row in variants.new}
    await want(batch.supplier, [link for found in owned if (link := link_of(found.row))])
    await copy("offer", OFFER, offers.new)
    if offers.known:
        await _update_offers(offers.known)
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
    """Raise the versions of changed products and publish one event for them and the new ones; its id, if any.

    The event says which products are `older`: of the new ones nobody can have kept anything.
    """
    older = sorted(changed - new)
    if older:
        await execute("UPDATE product SET version = version + 1, updated_at = $2 WHERE id = ANY($1)", older, at)
    ids = sorted(changed | new)
    return await publish(topic_of(bulk=bulk), str(ids[0]), {"products": ids, "older": older}) if ids else None


def _is_news(row: OfferRow, known: Any | None, feed: int, rate_of: Mapping[str, Decimal]) -> bool:
    if known is None:
        return True
    if known["feed"] > feed:
        return False
    if known["row_hash"] != row.hash or known["withdrawn_at"] is not None:
        return True
    if row.currency == SHOP_CURRENCY or row.currency not in rate_of:
        return False
    return _prices(row, rate_of) != (known["price_minor"], known["list_price_minor"])  # at another rate


async def _note_unchanged(batch: Batch, rows: Sequence[OfferRow], known: Mapping[str, Any]) -> None:
    """Rows that are no news: the next time their reader knows them, and no older feed has a say in them.

    Only the small feeds that overtake, such as single offers by API, can meet an older one.
    """
    pairs = [
        (offer["id"], row.fingerprint)
        for row in rows
        if (offer := known[row.sku])["feed"] <= batch.feed
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


@dataclass
class Rows:
    """Rows to be written: new ones, and those of what is there."""

    new: list[tuple[Any, ...]] = field(default_factory=list)
    known: list[tuple[Any, ...]] = field(default_factory=list)


VARIANT = ("id", "product", "sku", "gtin", "options", "image", "note")


def _variants(owned: Sequence[Place], shelves: Mapping[str, products.Shelf]) -> Rows:
    """Variants of the supplier's own products."""
    rows = Rows()
    for found in owned:
        picture = picture_of(found.row, *products.shelf_of(found.row, shelves)[1:])
        options = msgspec.json.encode(found.row.options).decode()
        row = (found.variant, found.product, sku_of(found.variant), found.gtin, options, picture, found.row.note)
        (rows.new if found.is_new_variant else rows.known).append(row)
    return rows


async def _update_variants(known: Sequence[tuple[Any, ...]]) -> set[int]:
    rows = await fetch(
        """WITH said AS (
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::jsonb[], $6::text[],
                                  $7::text[]) AS said(id, product, sku, gtin, options, image, note)),
           old AS (SELECT v.* FROM variant v WHERE v.id = ANY($1)),
           written AS (
             UPDATE variant v SET product = said.product, gtin = said.gtin, options = said.options,
                    image = said.image, note = said.note
             FROM said WHERE v.id = said.id
               AND (v.product, v.gtin, v.options, v.image, v.note)
                   IS DISTINCT FROM (said.product, said.gtin, said.options, said.image, said.note)
             RETURNING v.id, v.product)
           SELECT written.product, old.product AS earlier FROM written JOIN old USING (id)""",
        *[list(column) for column in zip(*known, strict=True)],
    )
    return {product for row in rows for product in row}


OFFER = (
    *("id", "variant", "supplier", "supplier_sku", "price_minor", "list_price_minor", "source_price_minor"),
    *("source_currency", "handling_days", "row_hash", "fingerprint", "feed", "created_at", "updated_at"),
)


def _offers(
    batch: Batch, places: Sequence[Place], known: Mapping[str, Decimal], fresh: Iterable[int], applied: Applied
) -> Rows:
    """The supplier's price for each place; `applied` learns of them, and which products' pages they change.

    Args:
        known: the rates of exchange.
        fresh: ids for the new ones.
    """
    rows, ids = Rows(), iter(fresh)
    for found in places:
        price = _prices(found.row, known)
        offer = found.known["id"] if found.known is not None else next(ids)
        row = _offer(offer, batch, found, price, applied.at)
        (rows.new if found.known is None else rows.known).append(row)
        applied.offers[offer], applied.product_of[offer] = found.row, found.product
        applied.changed |= _shown_elsewhere(found, price)
    applied.new_offers.update(row[0] for row in rows.new)
    return rows


def _offer(offer: int, batch: Batch, found: Place, price: tuple[int, int | None], at: datetime) -> tuple[Any, ...]:
    row = found.row
    return (
        *(offer, found.variant, batch.supplier, row.sku, *price, row.price_minor, row.currency),
        *(row.handling_days or 0, row.hash, row.fingerprint, batch.feed, at, at),
    )


async def _update_offers(known: Sequence[tuple[Any, ...]]) -> None:
    columns = dict(zip(OFFER, ([*column] for column in zip(*known, strict=True)), strict=True))
    await execute(
        """UPDATE offer o SET variant = n.variant, price_minor = n.price, list_price_minor = n.list_price,
                  source_price_minor = n.source, source_currency = n.currency, handling_days = n.handling,
                  row_hash = n.hash, fingerprint = n.fingerprint, feed = n.feed, withdrawn_at = NULL,
                  is_suspended = false, updated_at = n.at
           FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::bigint[], $6::text[], $7::smallint[],
                       $8::bytea[], $9::bigint[], $10::bigint[], $11::timestamptz[])
             AS n(id, variant, price, list_price, source, currency, handling, hash, fingerprint, feed, at)
           WHERE o.id = n.id""",
        *[columns[name] for name in OFFER if name not in ("supplier", "supplier_sku", "created_at")],
    )


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
