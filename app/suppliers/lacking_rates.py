"""Currencies that suppliers send prices in, and that have no exchange rate: operators can set one."""

from app.infra.database import fetch
from app.suppliers.feeds import API
from app.suppliers.offer_fields import NO_RATE

LOOKED_AT = 200  # of a feed's problems: a price is wrong from the first rows on, or seldom


async def lacking_rates() -> dict[str, list[str]]:
    """Currency → the names of the suppliers whose latest feeds had rows refused for it."""
    rows = await fetch(
        """SELECT substr(problem.reason, length($1) + 1, 3) AS currency,
                  array_agg(DISTINCT s.name ORDER BY s.name) AS suppliers
           FROM supplier s
           CROSS JOIN LATERAL (
             SELECT id FROM feed WHERE supplier = s.id AND format <> $2 AND state <> 'unchanged'
             ORDER BY id DESC LIMIT 1) latest
           CROSS JOIN LATERAL (
             SELECT reason FROM feed_problem WHERE feed = latest.id ORDER BY id LIMIT $3) problem
           WHERE starts_with(problem.reason, $1)
             AND NOT EXISTS (SELECT FROM exchange_rate
                             WHERE currency = substr(problem.reason, length($1) + 1, 3) AND per_unit > 0)
           GROUP BY 1 ORDER BY 1""",
        NO_RATE,
        API,
        LOOKED_AT,
    )
    return {row["currency"]: row["suppliers"] for row in rows}
