"""What orders teach: lists of products for products, for accounts and for everybody, made anew from time to time.

Orders say most, but a young shop has few. There, what lies in one cart counts as bought together, too; and everywhere
what is looked at and kept counts a little for what sells these days.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from app.infra.clock import now
from app.infra.database import execute, fetch, transaction
from app.infra.logs import log
from app.recommendations.learning.baskets import Baskets, baskets
from app.recommendations.learning.choosing import again, for_you, trending
from app.recommendations.learning.likeness import likely, together
from app.recommendations.learning.lists import Lists
from app.recommendations.learning.memory import SALES_HALF_LIFE, Memory, Sales
from app.recommendations.learning.numbering import Numbering
from app.recommendations.tables import EVERYBODY, ListKind

REMEMBERED = timedelta(days=730)
MOST = 300_000  # orders, the newest
DAY_SECONDS = 86_400.0
BOUGHT = ("paid", "packed", "shipped", "delivered")  # what went back was not wanted

YOUNG = 1_000  # orders: with fewer, carts and lists are learned from, too
INTEREST_DAYS = 28
CARTED, WISHED, VIEWED = 0.3, 0.2, 0.1  # beside an order's 1; of looks at a product their logarithm counts

Row = tuple[ListKind, int, list[int]]


async def learn_recommendations(at: datetime | None = None) -> int:
    """Learn from the orders until the moment; returns how many lists there are. Pages keep the old ones meanwhile."""
    at = at or now()
    orders = await _orders(at)
    kept = await _kept_together(at) if len(orders) < YOUNG else []
    rows = await asyncio.to_thread(learn, [*orders, *kept], at.timestamp() / DAY_SECONDS, await _interest(at))
    await _keep(rows, at)
    log("recommendations").info("learned", orders=len(orders), lists=len(rows))
    return len(rows)


def learn(orders: Iterable[Any], today: float, interest: Mapping[int, float] | None = None) -> list[Row]:
    """Lists from orders: account (or None), day (since 1970, with fractions) and products of each.

    Args:
        interest: product -> what looking at it and keeping it adds to its sales of these days.
    """
    memory = Memory()
    memory.add(_baskets(orders), today)
    sells = _trending(memory, interest or {})
    if not len(memory.items):
        return [(ListKind.TRENDING, EVERYBODY, sells)] if sells else []
    accounts = memory.customers.ids
    return [
        *_rows(ListKind.TOGETHER, together(memory)),
        *_rows(ListKind.FOR_YOU, for_you(memory, likely(memory), accounts)),
        *_rows(ListKind.AGAIN, again(memory, accounts)),
        (ListKind.TRENDING, EVERYBODY, sells),
    ]


def _trending(memory: Memory, interest: Mapping[int, float]) -> list[int]:
    """What sells these days, by the orders of these days and by what is looked at."""
    items, sales = Numbering(), Sales()
    items.add(np.concatenate([memory.items.ids, np.array(sorted(interest), dtype=np.int64)]))
    sales.recent = np.array([interest.get(one, 0.0) for one in items.ids.tolist()])
    sales.recent[items.find(memory.items.ids)] += memory.sales.recent
    return [product for product, _ in trending(sales, items)]


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


async def _kept_together(at: datetime) -> list[Any]:
    """What one shopper put into the cart or onto a list on one day, as baskets."""
    return await fetch(
        """SELECT account, max(extract(epoch FROM at) / $2)::float8 AS day, array_agg(DISTINCT product) AS products
           FROM activity WHERE kind IN ('carted', 'wished') AND product IS NOT NULL AND at <= $1
           GROUP BY account, visitor, at::date HAVING count(DISTINCT product) > 1""",
        at,
        DAY_SECONDS,
    )


async def _interest(at: datetime) -> dict[int, float]:
    rows = await fetch(
        """SELECT product, sum(0.5 ^ (($1::date - day) / $2::float8)
                  * ($3::float8 * carted + $4::float8 * wished + $5::float8 * ln(1 + viewed)))::float8 AS adds
           FROM product_interest WHERE day > $1::date - $6::int AND day <= $1::date GROUP BY product""",
        at.date(),
        SALES_HALF_LIFE,
        CARTED,
        WISHED,
        VIEWED,
        INTEREST_DAYS,
    )
    return {row["product"]: row["adds"] for row in rows}


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
