"""Consumer `reviews`: what was said of goods whose order came to nothing before they arrived is shown no more.

It follows where an order stands, not what an event says, so the order in which events come does not matter.
"""

from app.accounts.owners import Owner
from app.events.event import Event
from app.events.outbox import mark_processed
from app.infra.database import fetch
from app.reviews.writing import withdraw_unfounded

CONSUMER = "reviews"

_OVER = ("cancelled", "refunded", "expired")

_REVIEWED = """
SELECT DISTINCT r.id, r.product, r.account, r.visitor
FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN order_line l ON l.parcel = p.id
JOIN offer f ON f.id = l.offer JOIN variant v ON v.id = f.variant
JOIN review r ON r.product = v.product AND (r.account = o.account OR r.visitor = o.visitor)
WHERE o.id = ANY($1) AND (o.state = ANY($2::text[]) OR p.state = 'cancelled' OR l.cancelled = l.quantity)
  AND r.state <> 'withdrawn'
ORDER BY r.id"""


async def follow_orders(events: list[Event]) -> None:
    """Look again at the reviews that orders of these events stand for.

    Each in a transaction of its own, marks after them: in one, a review would be held while the account of the next is
    waited for.
    """
    orders = [int(event.payload["order"]) for event in events if "order" in event.payload]
    for row in await fetch(_REVIEWED, orders, list(_OVER)):
        await withdraw_unfounded(Owner(row["account"], row["visitor"]), row["product"])
    await mark_processed(CONSUMER, [event.event_id for event in events])
