"""What must be true after the drill of checkouts, asked without the shop's own accounts of it where that is possible:

the bank's books against the orders, the pieces that are left against what was bought, and what buyers were told
against what is there. The shop's own questions (`./feira audit`) are asked beside these.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.checkout import auditing, balancing
from app.infra.database import fetch
from app.search import auditing as index_auditing
from app.storefront import auditing as cache_auditing
from bench.checkout_window import Seen
from workers.consumers import topics

_MOST = 20  # shown of each rule

# Rule -> a question for what breaks it.
RULES = {
    "the bank keeps of an order what it cost less its credit notes, by one charge": """
        SELECT o.number, o.state, o.paid_at IS NOT NULL AS paid, o.total_minor, back.minor AS credited, bank.kept,
               bank.charges, bank.attempts
        FROM shop_order o
        LEFT JOIN (SELECT "order", sum(amount_minor) AS minor FROM credit_note GROUP BY "order") back
          ON back."order" = o.id
        LEFT JOIN (SELECT a."order", sum(p.captured_minor - p.refunded_minor) AS kept,
                          count(*) FILTER (WHERE p.captured_minor > p.refunded_minor) AS charges,
                          string_agg(a.state || ', at the bank ' || p.state, '; ' ORDER BY a.id) AS attempts
                   FROM payment_attempt a JOIN sandbox_payment p ON p.idempotency_key = a.key GROUP BY a."order") bank
          ON bank."order" = o.id
        WHERE bank.charges > 1 OR coalesce(bank.kept, 0) <>
          CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.total_minor - coalesce(back.minor, 0) END""",
    "the bank has no money of an order that is not there": """
        SELECT p.reference, p.description, p.captured_minor FROM sandbox_payment p
        WHERE p.captured_minor > p.refunded_minor
          AND NOT EXISTS (SELECT FROM payment_attempt a WHERE a.key = p.idempotency_key)""",
    "a webhook that was answered 2xx was taken": """
        SELECT w.event, w.payload FROM sandbox_webhook w WHERE w.delivered_at IS NOT NULL
          AND NOT EXISTS (SELECT FROM webhook_event e WHERE e.event = w.event)""",
    "no event was given up": "SELECT consumer, topic, reason FROM dead_letter",
}
LEFT = "what left the stock is what was paid and not cancelled"
_LEFT = """
        SELECT s.id AS stock, s.on_hand, s.reserved, coalesce(b.pieces, 0) AS bought FROM stock s
        JOIN offer f ON f.id = s.offer JOIN supplier ON supplier.id = f.supplier AND supplier.slug = 'bench'
        LEFT JOIN (SELECT l.offer, p.warehouse, sum(l.quantity - l.cancelled) AS pieces
                   FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN order_line l ON l.parcel = p.id
                   WHERE o.paid_at IS NOT NULL GROUP BY l.offer, p.warehouse) b
          ON b.offer = s.offer AND b.warehouse = s.warehouse
        WHERE s.on_hand + coalesce(b.pieces, 0) <> $1 OR s.reserved <> 0"""


async def unfinished() -> list[str]:
    """What is still on its way by itself."""
    rows = await fetch(
        """SELECT 'order ' || number || ' is pending' AS what FROM shop_order WHERE state = 'pending'
           -- A challenge that nobody answers stays open at the bank; what comes of it later goes back by itself.
           UNION ALL SELECT 'payment ' || p.reference || ' is ' || p.state || ', and the shop has not heard of it'
             FROM payment_attempt a JOIN sandbox_payment p ON p.idempotency_key = a.key
             WHERE a.state IN ('created', 'pending') AND p.state IN ('approved', 'declined', 'processing')
           UNION ALL SELECT 'attempt ' || id || ' is refunding' FROM payment_attempt WHERE state = 'refunding'
           UNION ALL SELECT 'request ' || id || ' is ' || state FROM money_request WHERE state IN ('asked', 'sent')
           UNION ALL SELECT 'reservation ' || id || ' is held' FROM reservation WHERE state = 'held'
           UNION ALL SELECT 'event ' || id || ' waits' FROM outbox WHERE relayed_at IS NULL"""
    )
    found = [row["what"] for row in rows]
    for topic, names in topics().items():
        rows = await fetch(
            """SELECT o.id, c.name FROM outbox o, unnest($2::text[]) AS c(name) WHERE o.topic = $1
                 AND NOT EXISTS (SELECT FROM processed p WHERE p.consumer = c.name AND p.event_id = o.event_id)""",
            topic,
            names,
        )
        found += [f"event {row['id']} waits for {row['name']}" for row in rows]
    return found


async def by_state() -> dict[str, int]:
    rows = await fetch("SELECT state, count(*) FROM shop_order GROUP BY state ORDER BY state")
    return {row["state"]: row["count"] for row in rows}


async def overdue() -> float:
    """By how many seconds the reservation is overdue that is so the longest."""
    rows = await fetch(
        "SELECT extract(epoch FROM now() - min(expires_at))::float AS seconds FROM reservation WHERE state = 'held'"
    )
    return float(rows[0]["seconds"] or 0.0)


async def broken(pieces: int) -> list[str]:
    """What the shop's audit and our own questions find, when all has come to rest.

    Args:
        pieces: of each stock, at the beginning.
    """
    made = (await index_auditing.compare(at_rest=True), await cache_auditing.compare(at_rest=True))
    broken = [*await auditing.broken(), *(each for compared in made for each in compared.broken[:_MOST])]
    found = [f"{each.rule}: {each.row}" for each in broken]
    for rule, question in RULES.items():
        found += [f"{rule}: {dict(row)}" for row in (await fetch(question))[:_MOST]]
    found += [f"{LEFT}: {dict(row)}" for row in (await fetch(_LEFT, pieces))[:_MOST]]
    for balance in await balancing.balance_all(days=1):
        found += [f"the bank's books differ: {each}" for each in balance.mismatches]
        if balance.failure:
            found.append(f"the bank's books could not be had: {balance.failure}")
    return found


async def contradicted(seen: Seen) -> list[str]:
    """What buyers were told, and is not so."""
    rows = await fetch("SELECT number, state, paid_at, total_minor, email FROM shop_order")
    there: Mapping[str, Any] = {row["number"]: row for row in rows}
    found = [f"a page failed: {each}" for each in seen.failures]
    for number, total in sorted(seen.placed.items()):
        if number not in there:
            found.append(f"placed, but not there: {number}")
        elif there[number]["total_minor"] != total:
            found.append(f"{total} was confirmed, but {number} costs {there[number]['total_minor']}")
    known = seen.acknowledged | seen.cancelled
    found += [f"acknowledged, but not there: {number}" for number in sorted(known - there.keys())]
    for number in sorted(seen.acknowledged & there.keys()):
        if there[number]["paid_at"] is None:
            found.append(f"acknowledged, but not paid: {number}")
    for number in sorted(seen.cancelled & there.keys()):
        if there[number]["state"] not in ("cancelled", "refunded"):
            found.append(f"cancelled, but {there[number]['state']}: {number}")
    for email, orders in Counter(row["email"] for row in rows).items():
        if orders > len(seen.keys.get(email, ())):
            found.append(f"{email} has sent {len(seen.keys.get(email, ()))} forms and has {orders} orders")
    return found
