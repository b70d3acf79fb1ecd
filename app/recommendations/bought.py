"""Which orders count for what is learned, and what they hold: read as columns of numbers, whatever their number."""

from datetime import datetime, timedelta

import numpy as np

from app.infra.columns import numbers
from app.recommendations.learning.baskets import NOBODY, Baskets, Bought, Codes

REMEMBERED = timedelta(days=730)
MOST = 300_000  # orders, the newest
BOUGHT = ("paid", "packed", "shipped", "delivered")  # what went back was not wanted
AT_ONCE = 20_000  # orders, whose lines one statement reads
DAY_SECONDS = 86_400.0


def days(moment: datetime) -> float:
    """Days since 1970, with fractions: just so counted as the times of orders."""
    return round(moment.timestamp() * 1e6) / (DAY_SECONDS * 1e6)


async def counting(at: datetime) -> Bought:
    """The orders that count at the moment."""
    ids, customers, moments = await numbers(
        """SELECT id::bigint, coalesce(account, $1)::bigint, (extract(epoch FROM placed_at) * 1000000)::bigint
           FROM shop_order WHERE state = ANY($2) AND placed_at > $3 AND placed_at <= $4 ORDER BY id DESC LIMIT $5""",
        NOBODY,
        list(BOUGHT),
        at - REMEMBERED,
        at,
        MOST,
        columns=3,
    )
    return Bought(ids, customers, moments / (DAY_SECONDS * 1e6))


async def held(orders: Bought) -> Baskets:
    """The products (ids) of each of these orders."""
    found = [np.zeros((2, 0), dtype=np.int64)]
    for start in range(0, len(orders.ids), AT_ONCE):
        found.append(
            np.array(
                await numbers(
                    """SELECT DISTINCT parcel."order"::bigint, variant.product::bigint
                       FROM parcel JOIN order_line ON order_line.parcel = parcel.id
                       JOIN offer ON offer.id = order_line.offer JOIN variant ON variant.id = offer.variant
                       WHERE parcel."order" = ANY($1::bigint[])""",
                    orders.ids[start : start + AT_ONCE].tolist(),
                    columns=2,
                )
            )
        )
    of, products = np.concatenate(found, axis=1)
    return _baskets(orders, of, products)


def _baskets(orders: Bought, of: Codes, products: Codes) -> Baskets:
    by_id = np.argsort(orders.ids)
    rows = by_id[np.searchsorted(orders.ids, of, sorter=by_id)]
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(orders.ids)))])
    return Baskets(orders.customers, orders.times, starts, products[np.lexsort((products, rows))])
