"""What orders teach: lists of products for products, for accounts and for everybody, made anew from time to time."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, transaction
from app.infra.logs import log
from app.recommendations.learning.baskets import Baskets, baskets
from app.recommendations.learning.choosing import again, for_you, trending
from app.recommendations.learning.likeness import likely, together
from app.recommendations.learning.lists import Lists
from app.recommendations.learning.memory import Memory
from app.recommendations.tables import EVERYBODY, ListKind

REMEMBERED = timedelta(days=730)
MOST = 300_000  # orders, the newest
DAY_SECONDS = 86_400.0
BOUGHT = ("paid", "packed", "shipped", "delivered")  # what went back was not wanted

Row = tuple[ListKind, int, list[int]]


async def learn_recommendations(at: datetime | None = None) -> int:
    """Learn from the orders until the moment; returns how many lists there are. Pages keep the old ones meanwhile."""
    at = at or now()
    orders = await _orders(at)
    rows = await asyncio.to_thread(learn, orders, at.timestamp() / DAY_SECONDS)
    await _keep(rows, at)
    log("recommendations").info("learned", orders=len(orders), lists=len(rows))
    return len(rows)


def learn(orders: Iterable[Any], today: float) -> list[Row]:
    """Lists from orders: account (or None), day (since 1970, with fractions) and products of each."""
    memory = Memory()
    memory.add(_baskets(orders), today)
    if not len(memory.items):
        return []
    accounts = memory.customers.ids
    sells = [product for product, _ in trending(memory.sales, memory.items)]
    return [
        *_rows(ListKind.TOGETHER, together(memory)),
        *_rows(ListKind.FOR_YOU, for_you(memory, likely(memory), accounts)),
        *_rows(ListKind.AGAIN, again(memory, accounts)),
        (ListKind.TRENDING, EVERYBODY, sells),
    ]


def _baskets(orders: Iterable[Any]) -> Baskets:
    return baskets([(row["account"], row["day"], row["products"]) for row in orders])


def _rows(kind: ListKind, lists: Lists) -> Iterator[Row]:
    for number, subject in enumerate(lists.of.tolist()):
        if products := [product for product, _ in lists[number]]:
            yield kind, subject, products


async def _orders(at: datetime) -> list[Any]:
    return await fetch(
        """SELECT o.account, (extract(epoch FROM o.placed_at) / $3)::float8 AS day, bought.products
           FROM (SELECT id, account, placed_at FROM shop_order
                 WHERE state = ANY($4) AND placed_at > $1 AND placed_at <= $2 ORDER BY id DESC LIMIT $5) AS o
           CROSS JOIN LATERAL (
             SELECT array_agg(DISTINCT variant.product) AS products FROM parcel
             JOIN order_line ON order_line.parcel = parcel.id JOIN offer ON offer.id = order_line.offer
             JOIN variant ON variant.id = offer.variant WHERE parcel."order" = o.id) AS bought
           WHERE bought.products IS NOT NULL""",
        at - REMEMBERED,
        at,
        DAY_SECONDS,
        list(BOUGHT),
        MOST,
    )


async def _keep(rows: list[Row], at: datetime) -> None:
    """All lists at once: no page sees some of one learning and some of another."""
    async with transaction():
        await execute("LOCK TABLE recommended_list IN SHARE ROW EXCLUSIVE MODE")
        await execute("DELETE FROM recommended_list")
        await execute(
            """INSERT INTO recommended_list (kind, subject, products, learned_at)
               SELECT kind, subject, string_to_array(products, ' ')::bigint[], $4
               FROM unnest($1::text[], $2::bigint[], $3::text[]) AS list (kind, subject, products)""",
            [kind for kind, _, _ in rows],
            [subject for _, subject, _ in rows],
            [" ".join(map(str, products)) for _, _, products in rows],
            at,
        )
