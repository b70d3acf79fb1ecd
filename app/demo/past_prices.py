"""What some of the demo's goods cost before today: their list price, until a few days ago. So prices have dropped."""

from app.infra.clock import now
from app.infra.database import fetch

ONE_IN = 5  # of the offers that have a list price above their own
BEFORE_DAYS = 60  # for which the list price was asked
AGO_DAYS = 20  # at most

_BRING_IN = """
WITH chosen AS (
  SELECT o.id, o.price_minor, o.list_price_minor,
         $1::timestamptz - (1 + (hashtext(o.supplier_sku) >> 8 & 1023) % $3::int) * interval '1 day' AS since
  FROM offer o WHERE o.withdrawn_at IS NULL AND o.list_price_minor > o.price_minor
    AND (hashtext(o.supplier_sku) & 255) % $2::int = 0
    AND NOT EXISTS (SELECT FROM price_history h WHERE h.offer = o.id AND h.until IS NOT NULL)),
earlier AS (
  INSERT INTO price_history (offer, price_minor, since, until)
  SELECT id, list_price_minor, since - $4::int * interval '1 day', since FROM chosen ORDER BY id)
INSERT INTO price_history AS now (offer, price_minor, since, prior_minor)
SELECT id, price_minor, since, list_price_minor FROM chosen ORDER BY id
ON CONFLICT (offer) WHERE until IS NULL DO UPDATE SET since = excluded.since, prior_minor = excluded.prior_minor
RETURNING offer"""


async def bring_in() -> int:
    """Write the history of prices, the same each time; returns of how many offers. What has a past keeps it."""
    return len(await fetch(_BRING_IN, now(), ONE_IN, AGO_DAYS, BEFORE_DAYS))
