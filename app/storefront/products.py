"""Everything a product page shows, as one document: from this process, else Redis, else PostgreSQL."""

import time
from collections import OrderedDict
from typing import Any

import msgspec

from app.infra import redis
from app.infra.clock import now
from app.infra.database import fetch_one
from app.infra.outages import DatabaseUnavailable
from app.recommendations.prices import DAYS
from app.reviews.ratings import Rating
from app.reviews.reading import BEST_OF, RATING_OF, ReviewView

CACHE_SECONDS = 600
NEAR_SECONDS = 2.0
NEAR_KEPT = 500
SKEW_SECONDS = 1.0  # between the clocks of the machines that read and that change


class OfferView(msgspec.Struct, frozen=True):
    id: int
    supplier: str
    supplier_place: str
    price_minor: int
    list_price_minor: int | None
    prior_minor: int | None  # the lowest price of the 30 days before this one, while this one is younger than that
    handling_days: int
    stock: dict[str, int]  # by warehouse code, none of them 0
    supplier_slug: str = ""

    @property
    def was_minor(self) -> int | None:
        """What stands struck beside the price: the list price its seller names, else the lowest of the 30 days before.

        Its page says which of the two it is (Directive 98/6/EC, article 6a).
        """
        before = (each for each in (self.list_price_minor, self.prior_minor) if each and each > self.price_minor)
        return next(before, None)

    @property
    def available(self) -> int:
        return sum(self.stock.values())

    @property
    def warehouses(self) -> tuple[str, ...]:
        return tuple(sorted(self.stock))


class VariantView(msgspec.Struct, frozen=True):
    sku: str
    gtin: str | None
    options: dict[str, Any]
    image: str
    note: str
    offers: tuple[OfferView, ...]  # the best first: what can be bought before what is sold out, then the cheaper

    @property
    def in_stock(self) -> bool:
        return any(offer.stock for offer in self.offers)


class ProductView(msgspec.Struct, frozen=True):
    id: int
    version: int
    slug: str
    name: str
    brand: str
    note: str
    description: str
    image: str
    categories: tuple[tuple[str, str], ...]  # (path, name), top down
    attributes: dict[str, Any]
    variants: tuple[VariantView, ...]
    rating: Rating
    reviews: tuple[ReviewView, ...]  # the most helpful ones that have words
    read_at: float  # seconds since 1970, from before it was read
    is_short: bool = False  # made of what search knows, while nothing else can be asked


LOAD = f"""
WITH offered AS (
  SELECT o.variant, o.id, s.name AS supplier, s.slug AS supplier_slug, s.place AS supplier_place,
         o.price_minor, o.list_price_minor, h.prior_minor, o.handling_days,
         coalesce((SELECT jsonb_object_agg(w.code, k.on_hand - k.reserved)
                   FROM stock k JOIN warehouse w ON w.id = k.warehouse
                   WHERE k.offer = o.id AND k.on_hand > k.reserved), '{{}}') AS stock
  FROM product p JOIN variant v ON v.product = p.id JOIN offer o ON o.variant = v.id
  JOIN supplier s ON s.id = o.supplier
  LEFT JOIN price_history h ON h.offer = o.id AND h.until IS NULL AND h.price_minor = o.price_minor AND h.since > $3
  WHERE p.slug = $1 AND o.withdrawn_at IS NULL)
SELECT jsonb_build_object(
  'id', p.id, 'version', p.version, 'slug', p.slug, 'name', p.name, 'brand', p.brand, 'note', p.note,
  'description', p.description, 'image', p.image, 'attributes', p.attributes, 'read_at', $2::float8,
  'rating', coalesce({RATING_OF}, '{{}}'), 'reviews', coalesce({BEST_OF}, '[]'),
  'categories', (SELECT jsonb_agg(jsonb_build_array(c.path, c.name) ORDER BY length(c.path))
                 FROM category own JOIN category c ON own.path = c.path OR own.path LIKE c.path || '/%'
                 WHERE own.id = p.category),
  'variants', coalesce((SELECT jsonb_agg(jsonb_build_object(
      'sku', v.sku, 'gtin', v.gtin, 'options', v.options, 'image', v.image, 'note', v.note,
      'offers', coalesce((SELECT jsonb_agg(to_jsonb(offered) - 'variant'
                                           ORDER BY stock = '{{}}', price_minor, id)
                          FROM offered WHERE offered.variant = v.id), '[]')) ORDER BY v.id)
    FROM variant v WHERE v.product = p.id), '[]')) AS document
FROM product p WHERE p.slug = $1 AND p.barred_at IS NULL
"""  # noqa: S608 - only constants are put in

_decoder = msgspec.json.Decoder(ProductView)
_near: OrderedDict[str, tuple[float, ProductView]] = OrderedDict()


def key(slug: str) -> str:
    return f"product:{slug}"


def changed_key(slug: str) -> str:
    """Holds when the product last changed: what was read before does not count, even if it is cached later."""
    return f"product-changed:{slug}"


async def product_by_slug(slug: str) -> ProductView | None:
    """The product, on sale or not; None if there never was one, or it is barred.

    Raises:
        DatabaseUnavailable: it is in no cache, this process has not shown it lately, and PostgreSQL is away.
    """
    kept = _near.get(slug)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    try:
        found = await _from_cache(slug) or await _from_database(slug)
    except DatabaseUnavailable:
        if kept is None:
            raise
        return kept[1]  # rather old than not at all: its page says so, and the cart asks PostgreSQL
    if found:
        _near[slug] = (time.monotonic() + NEAR_SECONDS, found)
        while len(_near) > NEAR_KEPT:
            _near.popitem(last=False)
    return found


async def _from_cache(slug: str) -> ProductView | None:
    return counting(*await redis.cached([key(slug), changed_key(slug)]))


def counting(kept: bytes | None, changed: bytes | None) -> ProductView | None:
    """The document that is kept, if it counts: it was read after the product last changed."""
    if kept is None:
        return None
    try:
        found = _decoder.decode(kept)
        return found if not changed or found.read_at > float(changed) + SKEW_SECONDS else None
    except (msgspec.MsgspecError, ValueError):
        return None  # kept by another version of this code


async def _from_database(slug: str) -> ProductView | None:
    found = await read(slug)
    if found:
        await redis.cache({key(slug): encoded(found)}, CACHE_SECONDS)
    return found


async def read(slug: str) -> ProductView | None:
    """The product as PostgreSQL has it."""
    row = await fetch_one(LOAD, slug, time.time(), now() - DAYS)
    return _decoder.decode(row["document"]) if row else None


def encoded(found: ProductView) -> bytes:
    """As it is kept in Redis."""
    return msgspec.json.encode(found)


def forget() -> None:
    """Empty this process's own layer (for tests)."""
    _near.clear()
