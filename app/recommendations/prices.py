"""The history of prices, and the price before a reduction as the law of the European Union has it.

Directive 98/6/EC, article 6a: who announces a reduction has to name the prior price, the lowest that this seller asked
in the 30 days before it began. So prices are kept per offer, a sale within those days counts like any other price, and
what was not on sale 30 days before has no prior price.
"""

from collections.abc import Sequence
from datetime import timedelta

from app.infra.clock import now
from app.infra.database import execute, fetch

DAYS = timedelta(days=30)
KEPT = DAYS + timedelta(days=1)  # a reduction that begins now is measured by the 30 days before


async def note(products: Sequence[int]) -> set[int]:
    """Bring the history of these products' offers up to date, in the caller's transaction.

    The same again changes nothing, and what was read late does not overwrite what is newer.

    Returns:
        the products of which an offer has a price now that can be compared with those before it.
    """
    news = await fetch(
        """SELECT o.id, o.variant, h.offer IS NOT NULL AS had_price
           FROM offer o LEFT JOIN price_history h ON h.offer = o.id AND h.until IS NULL
           WHERE o.variant = ANY(ARRAY(SELECT v.id FROM variant v WHERE v.product = ANY($1)))
             AND CASE WHEN o.withdrawn_at IS NULL THEN h.price_minor IS DISTINCT FROM o.price_minor
                      ELSE h.offer IS NOT NULL END
           ORDER BY o.id""",
        products,
    )
    await _end([row["id"] for row in news if row["had_price"]])
    compared = await _begin([row["id"] for row in news])
    variants = [row["variant"] for row in news if row["id"] in compared]
    changed = await fetch("SELECT DISTINCT product FROM variant WHERE id = ANY($1)", variants) if variants else []
    return {row["product"] for row in changed}


async def _end(offers: Sequence[int]) -> None:
    """These are on sale for their last price no longer."""
    if offers:
        await execute(
            """UPDATE price_history h SET until = coalesce(o.withdrawn_at, o.updated_at) FROM offer o
               WHERE o.id = ANY($1) AND h.offer = o.id AND h.until IS NULL
                 AND (o.withdrawn_at IS NOT NULL OR h.price_minor <> o.price_minor) AND h.since <= o.updated_at""",
            offers,
        )


async def _begin(offers: Sequence[int]) -> set[int]:
    """Those on sale have a price from now on; returns the offers of which a price before is known."""
    rows = await fetch(
        """INSERT INTO price_history (offer, price_minor, since, prior_minor)
           SELECT o.id, o.price_minor, o.updated_at,
                  (SELECT min(h.price_minor) FROM price_history h
                   WHERE h.offer = o.id AND h.until > o.updated_at - $2::interval
                   HAVING min(h.since) <= o.updated_at - $2::interval)
           FROM offer o WHERE o.id = ANY($1) AND o.withdrawn_at IS NULL ORDER BY o.id
           ON CONFLICT DO NOTHING
           RETURNING offer, prior_minor""",
        offers,
        DAYS,
    )
    return {row["offer"] for row in rows if row["prior_minor"] is not None}


async def forget_old() -> None:
    """Drop prices that no reduction will be measured by any more, and let a price of 30 days be an ordinary one."""
    await execute("DELETE FROM price_history WHERE until < $1", now() - KEPT)
    await execute(
        "UPDATE price_history SET prior_minor = NULL WHERE until IS NULL AND prior_minor IS NOT NULL AND since < $1",
        now() - DAYS,
    )
