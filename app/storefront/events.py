"""Consumer `cache`: what is kept of products that changed does not count any more."""

import time

from app.events import outbox
from app.events.event import Event
from app.infra import redis
from app.infra.database import fetch
from app.storefront.products import CACHE_SECONDS, changed_key, key


async def drop_stale(events: list[Event]) -> None:
    """Drop the cached pages' data of all products of the events.

    Raises:
        RedisError: Redis is down; the event comes again.
    """
    products = sorted({int(product) for event in events for product in event.payload["products"]})
    rows = await fetch("SELECT slug FROM product WHERE id = ANY($1)", products)
    async with redis.client(patient=True).pipeline(transaction=False) as pipe:
        for row in rows:
            pipe.set(changed_key(row["slug"]), repr(time.time()), ex=CACHE_SECONDS)
            pipe.delete(key(row["slug"]))
        await pipe.execute()
    await outbox.mark_processed("cache", [event.event_id for event in events])
