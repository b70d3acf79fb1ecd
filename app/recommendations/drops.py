"""Which prices have fallen, by what share: for a shelf."""

from dataclasses import dataclass

from app.infra.clock import now
from app.infra.database import fetch
from app.recommendations.prices import DAYS

# Of the price before. Less is no news; more is rather a slip of the supplier's pen, which is not put on display.
SMALLEST, LARGEST = 0.05, 0.9


@dataclass(frozen=True)
class Drop:
    """An offer in stock that costs less than it ever did in the 30 days before. Money in minor units."""

    product: int
    offer: int
    before_minor: int
    now_minor: int


async def drops(count: int) -> list[Drop]:
    """The `count` largest by their share of the price before, the largest first."""
    rows = await fetch(
        """SELECT v.product, h.offer, h.prior_minor AS before_minor, h.price_minor AS now_minor
           FROM price_history h JOIN offer o ON o.id = h.offer JOIN variant v ON v.id = o.variant
           WHERE h.until IS NULL AND h.prior_minor > h.price_minor AND h.since > $1
             AND (h.prior_minor - h.price_minor)::float8 / h.prior_minor BETWEEN $2 AND $3
             AND o.withdrawn_at IS NULL AND o.price_minor = h.price_minor
             AND EXISTS (SELECT FROM stock k WHERE k.offer = h.offer AND k.on_hand > k.reserved)
           ORDER BY (h.prior_minor - h.price_minor)::float8 / h.prior_minor DESC, h.offer LIMIT $4""",
        now() - DAYS,
        SMALLEST,
        LARGEST,
        count,
    )
    return [Drop(**dict(row)) for row in rows]
