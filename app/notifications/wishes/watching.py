"""Consumer `wishes` on topic `products`: what is back in stock on lists that tell.

Stock flaps: the last piece is held by somebody's unpaid order and comes back, a feed forgets a row. So a thing is back
when it was sold out for OUT_FOR at least, and its owner hears of it once in QUIET.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from app.events.event import Event
from app.events.outbox import mark_processed, publish
from app.infra.clock import now
from app.infra.database import execute, fetch, transaction

CONSUMER = "wishes"
TOPIC = "wishlists"
BACK = "back_in_stock"
OUT_FOR = timedelta(hours=1)
QUIET = timedelta(days=7)


async def watch_stock(events: list[Event]) -> None:
    """Compare what is watched of these products with what its owners know; one event for each who has news."""
    products = sorted({int(product) for event in events for product in event.payload["products"]})
    async with transaction():
        news: defaultdict[int, list[int]] = defaultdict(list)
        for row in await _changed(products):
            if await _note(row):
                news[row["account"]].append(row["entry"])
        for account, entries in sorted(news.items()):
            await publish(TOPIC, str(account), {"kind": BACK, "account": account, "entries": entries})
        await mark_processed(CONSUMER, [event.event_id for event in events])


async def _changed(products: list[int]) -> list[Any]:
    """Watched entries that can be bought and could not, or the other way round, locked: each change is seen once."""
    rows = await fetch(
        """SELECT w.entry, w.out_since, w.told_back_at, l.account,
                  EXISTS (SELECT FROM offer o JOIN stock s ON s.offer = o.id
                          WHERE o.variant = e.variant AND o.withdrawn_at IS NULL AND s.on_hand > s.reserved) AS is_here
           FROM variant v JOIN wishlist_entry e ON e.variant = v.id JOIN wish_watch w ON w.entry = e.id
           JOIN wishlist l ON l.id = e.wishlist
           WHERE v.product = ANY($1) AND l.tells AND l.account IS NOT NULL ORDER BY w.entry FOR UPDATE OF w""",
        products,
    )
    return [row for row in rows if row["is_here"] == (row["out_since"] is not None)]


async def _note(row: Any) -> bool:
    """Write down how the entry stands now; whether its owner is told."""
    moment = now()
    if not row["is_here"]:
        await execute("UPDATE wish_watch SET out_since = $2 WHERE entry = $1", row["entry"], moment)
        return False
    told = row["told_back_at"]
    is_news = row["out_since"] <= moment - OUT_FOR and (told is None or told <= moment - QUIET)
    await execute(
        "UPDATE wish_watch SET out_since = NULL, told_back_at = $2 WHERE entry = $1",
        row["entry"],
        moment if is_news else told,
    )
    return is_news
