"""Which changes of products are still on their way to what is made from PostgreSQL: the index, the kept documents."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from app.infra.database import fetch

SETTLED_AFTER = timedelta(minutes=1)

# A change and its event are one transaction, so a copy that lags behind has an event that its consumer has not marked.
# What the consumer gave up on does not come by itself. What was told or taken just now may have overtaken who compares.
_COMING = """
SELECT DISTINCT about.product FROM outbox o
CROSS JOIN LATERAL (SELECT told.id::bigint AS product
                    FROM jsonb_array_elements_text(o.payload -> 'products') AS told (id)) AS about
LEFT JOIN processed p ON p.event_id = o.event_id AND p.consumer = $1
WHERE o.topic = ANY($2) AND about.product = ANY($3)
  AND (o.created_at > now() - $4::interval OR p.processed_at > now() - $4::interval
       OR (p.id IS NULL AND NOT EXISTS (
         SELECT FROM dead_letter d WHERE d.consumer = $1 AND d.event_id = o.event_id AND d.replayed_at IS NULL)))
"""


async def on_its_way(
    consumer: str, topics: Sequence[str], products: Collection[int], *, at_rest: bool = False
) -> set[int]:
    """Those of `products` that `consumer` has not heard the last of, or has within the last minute.

    Args:
        at_rest: nothing changes meanwhile, so what was told or taken just now is as settled as the rest.
    """
    if not products:
        return set()
    rows = await fetch(_COMING, consumer, list(topics), sorted(products), timedelta() if at_rest else SETTLED_AFTER)
    return {row["product"] for row in rows}
