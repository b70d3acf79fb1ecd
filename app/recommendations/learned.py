"""What orders teach: lists of products for products, for accounts and for everybody, made anew from time to time.

A learning reads the headers of the orders that count and goes on from the last one (`lessons_kept.py`): only of orders
that are not in it yet does it read what they hold. All lists follow from what is remembered then, because they change
by time alone; those that have changed are written.

Orders say most, but a young shop has few. There, what lies in one cart counts as bought together, too; and everywhere
what is looked at and kept counts a little for what sells these days.
"""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime

import numpy as np

from app.infra.clock import now
from app.infra.database import execute, fetch, transaction
from app.infra.logs import log
from app.recommendations import bought, lessons_kept
from app.recommendations.bought import DAY_SECONDS
from app.recommendations.learning.baskets import Baskets, Codes, Flags, baskets
from app.recommendations.learning.choosing import again, for_you, trending
from app.recommendations.learning.lessons import Lessons
from app.recommendations.learning.likeness import likely, together
from app.recommendations.learning.lists import Lists
from app.recommendations.learning.memory import SALES_HALF_LIFE, Memory, Sales
from app.recommendations.learning.numbering import Numbering
from app.recommendations.tables import EVERYBODY, ListKind

YOUNG = 1_000  # orders: with fewer, carts and lists are learned from, too
INTEREST_DAYS = 28
CARTED, WISHED, VIEWED = 0.3, 0.2, 0.1  # beside an order's 1; of looks at a product their logarithm counts

Row = tuple[ListKind, int, list[int]]


async def learn_recommendations(at: datetime | None = None) -> int:
    """Learn from the orders until the moment; returns how many lists there are. Pages keep the old ones meanwhile."""
    at = at or now()
    today = bought.days(at)
    orders = await bought.counting(at)
    is_young = len(orders.ids) < YOUNG
    lessons = Lessons(today) if is_young else await asyncio.to_thread(lessons_kept.kept, today)
    gone, new = lessons.compared(orders)
    held = await bought.held(orders.where(new))
    carts = await _kept_together(at) if is_young else baskets([])
    interest = await _interest(at)
    rows = await asyncio.to_thread(_learn, lessons, (gone, orders.ids[new], held), carts, today, interest)
    written = await _write(rows, at)
    if not is_young:
        await asyncio.to_thread(lessons_kept.keep, lessons)
    log("recommendations").info(
        "learned", orders=len(orders.ids), new=int(new.sum()), gone=int(gone.sum()), lists=len(rows), changed=written
    )
    return len(rows)


def _learn(
    lessons: Lessons, changes: tuple[Flags, Codes, Baskets], carts: Baskets, today: float, interest: Mapping[int, float]
) -> list[Row]:
    """The lists, when the changes of the orders and the carts (which no one keeps) are learned, too.

    Args:
        interest: product -> what looking at it and keeping it adds to its sales of these days.
    """
    lessons.learn(*changes, today)
    memory = lessons.memory
    if len(carts):
        memory.add(carts, today)
    sells = _trending(memory, interest)
    if not len(memory.items):
        return [(ListKind.TRENDING, EVERYBODY, sells)] if sells else []
    accounts = memory.customers.ids
    return [
        *_rows(ListKind.TOGETHER, together(memory)),
        *_rows(ListKind.FOR_YOU, for_you(memory, likely(memory), accounts)),
        *_rows(ListKind.AGAIN, again(memory, accounts)),
        *([(ListKind.TRENDING, EVERYBODY, sells)] if sells else []),
    ]


def _trending(memory: Memory, interest: Mapping[int, float]) -> list[int]:
    """What sells these days, by the orders of these days and by what is looked at."""
    items, sales = Numbering(), Sales()
    items.add(np.concatenate([memory.items.ids, np.array(sorted(interest), dtype=np.int64)]))
    sales.recent = np.array([interest.get(one, 0.0) for one in items.ids.tolist()])
    sales.recent[items.find(memory.items.ids)] += memory.sales.recent
    return [product for product, _ in trending(sales, items)]


def _rows(kind: ListKind, lists: Lists) -> Iterator[Row]:
    for number, subject in enumerate(lists.of.tolist()):
        if products := [product for product, _ in lists[number]]:
            yield kind, subject, products


async def _kept_together(at: datetime) -> Baskets:
    """What one shopper put into the cart or onto a list on one day."""
    rows = await fetch(
        """SELECT account, max(extract(epoch FROM at) / $2)::float8 AS day, array_agg(DISTINCT product) AS products
           FROM activity WHERE kind IN ('carted', 'wished') AND product IS NOT NULL AND at <= $1
           GROUP BY account, visitor, at::date HAVING count(DISTINCT product) > 1""",
        at,
        DAY_SECONDS,
    )
    return baskets([(row["account"], row["day"], row["products"]) for row in rows])


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


async def _write(rows: list[Row], at: datetime) -> int:
    """All lists at once: no page sees some of one learning and some of another. Returns how many are not as before."""
    async with transaction():
        await execute("LOCK TABLE recommended_list IN SHARE ROW EXCLUSIVE MODE")
        found = await fetch(
            """WITH learned AS MATERIALIZED (
                 SELECT kind, subject, string_to_array(products, ' ')::bigint[] AS products
                 FROM unnest($1::text[], $2::bigint[], $3::text[]) AS list (kind, subject, products)),
               gone AS (
                 DELETE FROM recommended_list AS old
                 WHERE NOT EXISTS (SELECT FROM learned WHERE (learned.kind, learned.subject) = (old.kind, old.subject))
                 RETURNING 1),
               changed AS (
                 INSERT INTO recommended_list (kind, subject, products, learned_at)
                 SELECT kind, subject, learned.products, $4
                 FROM learned LEFT JOIN recommended_list AS old USING (kind, subject)
                 WHERE old.products IS DISTINCT FROM learned.products
                 ON CONFLICT (kind, subject)
                   DO UPDATE SET products = excluded.products, learned_at = excluded.learned_at
                 RETURNING 1)
               SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed) AS lists""",
            [kind for kind, _, _ in rows],
            [subject for _, subject, _ in rows],
            [" ".join(map(str, products)) for _, _, products in rows],
            at,
        )
    return int(found[0]["lists"])
