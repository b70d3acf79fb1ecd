"""Makes the kept product documents anew from PostgreSQL."""

from collections.abc import Callable

from app.infra import redis
from app.infra.database import fetch
from app.storefront.products import CACHE_SECONDS, encoded, key, read

HOT = 500  # products that are read ahead when nothing says which ones shoppers look at
AT_ONCE = 1000

Progress = Callable[[int, int], None]


async def rebuild(progress: Progress | None = None) -> int:
    """Drop every product document in Redis, and read the hot ones again; returns how many.

    Hot are those that were kept, because shoppers look at them; with fewer than HOT, the newest on sale, too.
    `progress` gets (done, of how many).

    Raises:
        RedisError: Redis is down.
        DatabaseUnavailable: PostgreSQL is; what was dropped is read when a shopper asks for it.
    """
    slugs = await _drop_all()
    known = set(slugs)
    slugs += [slug for slug in await _newest() if slug not in known][: max(HOT - len(slugs), 0)]
    client, kept = redis.client(patient=True), 0
    for done, slug in enumerate(slugs, start=1):
        found = await read(slug)
        if found:
            await client.set(key(slug), encoded(found), ex=CACHE_SECONDS)
            kept += 1
        if progress:
            progress(done, len(slugs))
    return kept


async def _drop_all() -> list[str]:
    """Without blocking Redis; returns the slugs of the products that were kept."""
    client, start = redis.client(patient=True), len(key(""))
    names = [name async for name in client.scan_iter(key("*"), count=AT_ONCE)]
    for first in range(0, len(names), AT_ONCE):
        await client.unlink(*names[first : first + AT_ONCE])
    return sorted({name.decode()[start:] for name in names})


async def _newest() -> list[str]:
    rows = await fetch(
        """SELECT p.slug FROM product p WHERE EXISTS (
             SELECT FROM variant v JOIN offer o ON o.variant = v.id
             WHERE v.product = p.id AND o.withdrawn_at IS NULL)
           ORDER BY p.created_at DESC, p.id DESC LIMIT $1""",
        HOT,
    )
    return [row["slug"] for row in rows]
