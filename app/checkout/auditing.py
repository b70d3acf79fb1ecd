"""What is always true of money and orders, as questions whose answer is the rows for which it is not.

`broken` asks these and those of stock: after every drill, at the end of tests, and by `./feira audit`. `waiting` asks
for what is as it may be and not as it should stay: a person decides about it.
"""

from app.infra.database import fetch
from app.inventory import invariants
from app.inventory.invariants import MOST_SHOWN, Broken

# Rule -> a question for the rows that break it.
RULES = {
    "a paid order has its money, or had it": """
        SELECT o.id AS "order", o.number, o.state, o.total_minor FROM shop_order o
        WHERE o.paid_at IS NOT NULL AND NOT EXISTS
          (SELECT FROM payment_attempt a WHERE a."order" = o.id AND a.authorised_minor = o.total_minor
             AND (a.state IN ('authorised', 'succeeded')
                  OR a.state = 'released' AND o.state IN ('cancelled', 'refunded')
                  OR a.state = 'released' AND o.state IN ('paid', 'packed') AND EXISTS
                    (SELECT FROM ledger_entry e WHERE e.attempt = a.id AND e.kind = 'release'
                       AND e.key = a.key || '-lost')
                  OR a.state = 'released' AND EXISTS
                    (SELECT FROM money_request r
                     WHERE r.attempt = a.id AND r.kind = 'capture' AND r.state = 'failed')))""",
    "an order that is on its way was paid": """
        SELECT id AS "order", number, state FROM shop_order
        WHERE state IN ('paid', 'packed', 'shipped', 'delivered', 'returned') AND paid_at IS NULL""",
    "a parcel is sold when its order is paid": """
        SELECT o.id AS "order", o.number, p.number AS parcel, o.paid_at::text, p.sold_at::text FROM shop_order o
        JOIN parcel p ON p."order" = o.id WHERE p.sold_at IS DISTINCT FROM o.paid_at""",
    "money of an order that is not paid goes back": """
        SELECT o.id AS "order", o.number, o.state, a.id AS attempt FROM shop_order o
        JOIN payment_attempt a ON a."order" = o.id
        WHERE o.paid_at IS NULL AND a.state IN ('authorised', 'succeeded', 'released')""",
    "at most one charge of an order is successful": """
        SELECT "order", count(*) AS charges FROM payment_attempt WHERE state IN ('authorised', 'succeeded')
        GROUP BY "order" HAVING count(*) > 1""",
    "no order keeps more than it costs": """
        SELECT o.id AS "order", o.number, o.total_minor, sum(e.amount_minor) AS kept
        FROM shop_order o JOIN payment_attempt a ON a."order" = o.id AND a.state <> 'refunding'
        JOIN ledger_entry e ON e.attempt = a.id AND e.kind NOT IN ('authorisation', 'release')
        GROUP BY o.id HAVING sum(e.amount_minor) > o.total_minor""",
    "captured money is what paid orders keep, what went back, and what is about to": """
        SELECT a.id AS attempt, a."order", a.state, a.captured_minor, a.returned_minor, e.captured, e.returned
        FROM payment_attempt a
        LEFT JOIN LATERAL (SELECT coalesce(sum(l.amount_minor) FILTER (WHERE l.kind = 'capture'), 0) AS captured,
            coalesce(-sum(l.amount_minor) FILTER (WHERE l.kind IN ('refund', 'refund_returned')), 0) AS returned
          FROM ledger_entry l WHERE l.attempt = a.id) e ON true
        LEFT JOIN LATERAL (SELECT coalesce(sum(r.amount_minor) FILTER (WHERE r.kind = 'capture'), 0) AS captures,
            coalesce(sum(r.amount_minor) FILTER (WHERE r.kind = 'refund'), 0) AS refunds
          FROM money_request r WHERE r.attempt = a.id AND r.state IN ('asked', 'sent')) w ON true
        WHERE a.captured_minor <> e.captured + w.captures OR a.returned_minor <> e.returned + w.refunds""",
    "never more goes back than came": """
        SELECT attempt, sum(amount_minor) AS kept FROM ledger_entry
        WHERE kind NOT IN ('authorisation', 'release', 'chargeback', 'chargeback_returned')
        GROUP BY attempt HAVING sum(amount_minor) < 0""",
    "what is done about money stands in the ledger, and nothing else does": """
        SELECT r.id AS request, r.kind, r.state, e.id AS entry, e.amount_minor FROM money_request r
        FULL JOIN ledger_entry e ON e.attempt = r.attempt AND e.kind = r.kind AND e.key = r.key
        LEFT JOIN payment_attempt a ON a.id = e.attempt
        WHERE (r.state = 'done' AND (e.id IS NULL OR abs(e.amount_minor) <> r.amount_minor))
           OR (r.id IS NULL AND e.kind IN ('refund', 'capture') AND e.key <> a.key)
           OR (r.state IN ('asked', 'sent') AND e.id IS NOT NULL)""",
    "what an operator has said of a request is its end": """
        SELECT r.id AS request, r.kind, r.state FROM money_note n JOIN money_request r ON r.id = n.request
        WHERE r.state IN ('asked', 'sent')""",
    "no paid order is without its goods": """
        SELECT o.id AS "order", o.number, o.state, wanted.pieces, coalesce(sold.pieces, 0) AS sold FROM shop_order o
        JOIN (SELECT p."order", sum(l.quantity) AS pieces FROM order_line l JOIN parcel p ON p.id = l.parcel
              GROUP BY p."order") wanted ON wanted."order" = o.id
        LEFT JOIN (SELECT "order", sum(quantity) AS pieces FROM reservation WHERE state = 'sold' GROUP BY "order") sold
          ON sold."order" = o.id
        WHERE o.state IN ('paid', 'packed', 'shipped', 'delivered', 'returned')
          AND coalesce(sold.pieces, 0) <> wanted.pieces""",
    # Of what was sent back, only what can be sold again is.
    "what was cancelled is back in the stock, and nothing else but returns": """
        SELECT gone."order", gone.pieces AS gone, kept.least, kept.most
        FROM (SELECT "order", sum(before - after) AS pieces FROM stock_movement WHERE kind IN ('sold', 'returned')
              GROUP BY "order") gone
        JOIN (SELECT p."order", sum(l.quantity - l.cancelled - l.returned) AS least,
                     sum(l.quantity - l.cancelled) AS most
              FROM order_line l JOIN parcel p ON p.id = l.parcel GROUP BY p."order") kept USING ("order")
        WHERE gone.pieces NOT BETWEEN kept.least AND kept.most""",
    "an order is expired a minute after its hold": """
        SELECT id AS "order", number, reserved_until::text FROM shop_order
        WHERE state = 'pending' AND reserved_until < now() - interval '1 minute'""",
    "the month of new orders is made before it begins": """
        SELECT this.month FROM to_char(now() AT TIME ZONE 'UTC', 'YYYYMM') AS this (month)
        WHERE NOT EXISTS (SELECT FROM order_month made WHERE made.month = this.month::int)""",
    "what is wanted of a provider is sent within ten minutes": """
        SELECT id AS request, "order", kind, asked_at::text FROM money_request due
        WHERE state = 'asked' AND asked_at < now() - interval '10 minutes'
          AND next_at < now() - interval '10 minutes' AND NOT EXISTS
            (SELECT FROM money_request earlier
             WHERE earlier.attempt = due.attempt AND earlier.id < due.id AND earlier.kind <> 'refund'
               AND earlier.state = 'sent')""",
    "nothing that a provider's books say otherwise waits for a person": """
        SELECT id AS mismatch, kind, reference, ours_minor, theirs_minor FROM payment_mismatch
        WHERE settled_at IS NULL""",
    "the outbox is drained within a minute": """
        SELECT id AS event, topic, key, created_at::text FROM outbox
        WHERE relayed_at IS NULL AND created_at < now() - interval '1 minute'""",
}

# What waits -> a question for its rows. Nothing of it is wrong: books and goods agree.
WAITS = {
    "a bank has let go of what was to pay for parcels that are here": """
        SELECT o.id AS "order", o.number, o.state, -e.amount_minor AS lost_minor FROM ledger_entry e
        JOIN shop_order o ON o.id = e."order"
        WHERE e.kind = 'release' AND e.key LIKE '%-lost' AND EXISTS
          (SELECT FROM parcel p WHERE p."order" = o.id AND p.state IN ('waiting', 'packed'))
          AND NOT EXISTS (SELECT FROM money_note n WHERE n.entry = e.id)""",
}


async def broken() -> list[Broken]:
    """The rows that break a rule of stock, orders or money; none in a shop that is well."""
    return await invariants.broken() + await _rows(RULES)


async def waiting() -> list[Broken]:
    """The rows that break no rule and wait for a person."""
    return await _rows(WAITS)


async def _rows(questions: dict[str, str]) -> list[Broken]:
    return [
        Broken(rule, dict(row))
        for rule, question in questions.items()
        for row in await fetch(f"{question} LIMIT {MOST_SHOWN}")
    ]
