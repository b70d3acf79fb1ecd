"""Consumer `cache`: what is kept of products that changed does not count any more."""

import time
from collections.abc import Iterable

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
    await drop({int(product) for event in events for product in event.payload["products"]})
    await outbox.mark_processed("cache", [event.event_id for event in events])


async def drop(products: Iterable[int]) -> None:
    """What is kept of these products, and what is being read of them now, does not count any more.

    Raises:
        RedisError: Redis is down.
    """
    rows = await fetch("SELECT slug FROM product WHERE id = ANY($1)", sorted(products))
    async with redis.client(patient=True).pipeline(transaction=False) as pipe:
        for row in rows:
            pipe.set(changed_key(row["slug"]), repr(time.time()), ex=CACHE_SECONDS)
            pipe.delete(key(row["slug"]))
        await pipe.execute()
