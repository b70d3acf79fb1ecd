"""Whether product documents in Redis say what PostgreSQL says; `search/auditing.py` asks the same of the index.

What is kept but does not count (`products.counting`) misleads nobody. `./feira cache rebuild` makes them anew.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from app.catalog.news import on_its_way
from app.infra import redis
from app.inventory.invariants import MOST_SHOWN, Broken
from app.search.auditing import Compared
from app.storefront.products import ProductView, changed_key, counting, key, read

IS_CURRENT = "a product document in Redis says what PostgreSQL says"

CONSUMER, TOPICS = "cache", ("products", "products-bulk", "reviews")
AT_ONCE = 200


async def compare(*, at_rest: bool = False) -> Compared:
    """Compare every kept document with PostgreSQL.

    Args:
        at_rest: nothing changes meanwhile, so nothing is excused for having changed just now.

    Raises:
        RedisError: Redis is down.
        DatabaseUnavailable: PostgreSQL is away.
    """
    found = Compared(at_rest)
    async for slugs in _kept():
        if found.is_full:
            break
        documents = await _documents(slugs)
        found.looked += len(documents)
        odd = [slug for slug, document in documents.items() if _difference(document, await read(slug))]
        await _look_again(odd, {document.id: slug for slug, document in documents.items()}, found)
    return found


async def _look_again(slugs: Sequence[str], slug_of: Mapping[int, str], found: Compared) -> None:
    """PostgreSQL first, then Redis as it is by now, then the news: what came in between is among that."""
    true = {slug: await read(slug) for slug in slugs}
    documents = await _documents(slugs)
    broken = {slug: row for slug, document in documents.items() if (row := _difference(document, true[slug]))}
    products = [product for product, slug in slug_of.items() if slug in broken]
    news = await on_its_way(CONSUMER, TOPICS, products, at_rest=found.at_rest)
    coming = {slug_of[product] for product in news}
    found.coming += len(coming)
    found.broken += [Broken(IS_CURRENT, row) for slug, row in broken.items() if slug not in coming]
    del found.broken[MOST_SHOWN:]


async def _kept() -> AsyncIterator[list[str]]:
    """Slugs of what is kept, some at a time; Redis may name one twice."""
    some, start = list[str](), len(key(""))
    async for name in redis.client(patient=True).scan_iter(key("*"), count=AT_ONCE):
        some.append(name.decode()[start:])
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some


async def _documents(slugs: Sequence[str]) -> dict[str, ProductView]:
    """Those that count."""
    if not slugs:
        return {}
    names = [each for slug in slugs for each in (key(slug), changed_key(slug))]
    values = await redis.client(patient=True).mget(names)
    kept = zip(slugs, values[::2], values[1::2], strict=True)
    return {slug: document for slug, value, changed in kept if (document := counting(value, changed))}


def _difference(document: ProductView, true: ProductView | None) -> dict[str, object] | None:
    """What is odd about a kept document, as a row; None if nothing is."""
    if true is None:
        return {"product": document.id, "slug": document.slug, "postgres": "has no such product"}
    told, meant = _said(document), _said(true)
    odd = [name for name in told if told[name] != meant[name]]
    row = {"product": true.id, "slug": true.slug, **{name: meant[name] for name in odd}}
    return {**row, "redis": {name: told[name] for name in odd}} if odd else None


def _said(document: ProductView) -> dict[str, Any]:
    offers = {
        offer.id: (offer.price_minor, offer.list_price_minor, offer.stock)
        for variant in document.variants
        for offer in variant.offers
    }
    rating = (document.rating.stars, document.rating.count)
    return {"product": document.id, "version": document.version, "offers": offers, "rating": rating}
