"""Consumer `cache`: what is kept of products that changed does not count any more."""

import time
from collections.abc import Iterable

from app.events import outbox
from app.events.event import Event
from app.infra import redis
from app.infra.database import fetch
from app.storefront.products import CACHE_SECONDS, changed_key, key

_DROP = """
for number = 1, #KEYS / 2 do redis.call('SET', KEYS[number], ARGV[1], 'EX', ARGV[2]) end
for number = #KEYS / 2 + 1, #KEYS do redis.call('UNLINK', KEYS[number]) end
"""


async def drop_stale(events: list[Event]) -> None:
    """Drop the cached pages' data of all products of the events.

    Raises:
        RedisError: Redis is down; the event comes again.
    """
    told = (event.payload.get("older", event.payload["products"]) for event in events)
    await drop({int(product) for products in told for product in products})
    await outbox.mark_processed("cache", [event.event_id for event in events])


async def drop(products: Iterable[int]) -> None:
    """What is kept of these products, and what is being read of them now, does not count any more.

    Raises:
        RedisError: Redis is down.
    """
    rows = await fetch("SELECT slug FROM product WHERE id = ANY($1)", sorted(products))
    if rows:
        keys = [changed_key(row["slug"]) for row in rows] + [key(row["slug"]) for row in rows]
        await redis.client(patient=True).eval(_DROP, len(keys), *keys, repr(time.time()), str(CACHE_SECONDS))  # type: ignore[misc]
