"""Which of a supplier's offers are about to run out: what is free of them against the pace at which they sell."""

from dataclasses import dataclass
from datetime import timedelta

from app.infra.clock import now
from app.infra.database import fetch
from app.orders.months import MONTH
from app.orders.sales import Asked, narrowed

PACE_DAYS = 30  # that the pace is taken from; of a newer offer the days since it came, a week at least
WITHIN_DAYS = 14
MOST = 10


@dataclass(frozen=True)
class RunningOut:
    offer: int
    sku: str  # the supplier's
    name: str
    free: int  # pieces that nobody holds
    days_left: int  # whole days until nothing is left, if it goes on so


async def running_out(supplier: int) -> list[RunningOut]:
    """Offers on sale that last for less than WITHIN_DAYS, the most urgent first. One piece sold is no pace yet."""
    until = now()
    sold = await narrowed(Asked(supplier, until - timedelta(days=PACE_DAYS), until))
    rows = await fetch(
        f"""WITH sold AS (
              SELECT l.offer, sum(l.quantity - l.cancelled)::int AS pieces
              FROM parcel p JOIN order_line l ON l.parcel = p.id
              WHERE p.supplier = $1 AND p.sold_at >= $2 AND p.sold_at < $3 AND l.parcel >= $4 AND l.parcel < $5
              GROUP BY l.offer HAVING sum(l.quantity - l.cancelled) > 1)
            SELECT f.id AS offer, f.supplier_sku AS sku, product.name, s.free, left_.days AS days_left
            FROM sold JOIN offer f ON f.id = sold.offer JOIN variant v ON v.id = f.variant
            JOIN product ON product.id = v.product
            CROSS JOIN LATERAL (SELECT coalesce(sum(on_hand - reserved), 0)::int AS free
                                FROM stock WHERE offer = f.id) s
            CROSS JOIN LATERAL (
              SELECT least({PACE_DAYS}, greatest(7, $3::timestamptz::date - f.created_at::date)) AS days) known
            CROSS JOIN LATERAL (SELECT (s.free::bigint * known.days / sold.pieces)::int AS days) left_
            WHERE f.withdrawn_at IS NULL AND product.barred_at IS NULL AND left_.days < {WITHIN_DAYS}
            ORDER BY left_.days, sold.pieces DESC, f.id LIMIT {MOST}""",  # noqa: S608 - only constants are put in
        supplier,
        sold.since,
        sold.until,
        sold.months[0] * MONTH,
        (sold.months[1] + 1) * MONTH,
    )
    return [RunningOut(**dict(row)) for row in rows]
