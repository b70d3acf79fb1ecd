"""Feeds that are over are forgotten after a while, with their reports and files: a shop takes thousands a day."""

from datetime import datetime, timedelta

from app.infra.clock import now
from app.infra.database import execute, fetch, transaction
from app.infra.settings import settings
from app.suppliers.feeds import API

BATCH = 1_000  # feeds in a transaction
SINGLE_KEPT = timedelta(days=7)  # an offer set by a program: no list shows it, and a program may set 50 a second

# Kept whatever their age: the supplier's last one, with which the next is compared; his last file, which can be read
# again, or whose withdrawal he may still confirm; and what has not come to its end.
_OVER = """f.created_at < CASE f.format WHEN $2 THEN $4::timestamptz ELSE $1::timestamptz END
  AND f.state IN ('finished', 'unchanged', 'failed')
  AND EXISTS (SELECT FROM feed l WHERE l.supplier = f.supplier AND l.id > f.id AND NOT l.dry_run
                AND l.state IN ('finished', 'unchanged'))
  AND (f.format = $2 OR EXISTS (
    SELECT FROM feed l WHERE l.supplier = f.supplier AND l.id > f.id AND NOT l.dry_run AND l.format <> $2
      AND l.state IN ('finished', 'unchanged')))
  AND NOT EXISTS (SELECT FROM offer_batch b WHERE b.feed = f.id)
  AND NOT EXISTS (SELECT FROM feed_source s WHERE s.last_feed = f.id)"""


async def forget_old() -> int:
    """Delete those that came before FEEDS_KEPT_DAYS, single offers after a week; returns how many. `leftovers` deletes
    their files."""
    at, gone = now(), 0
    while ids := await _forget_some(at - timedelta(days=settings().feeds_kept_days), at - SINGLE_KEPT):
        gone += len(ids)
    return gone


async def _forget_some(before: datetime, single_before: datetime) -> list[int]:
    async with transaction():
        rows = await fetch(
            f"SELECT f.id FROM feed f WHERE {_OVER} ORDER BY f.id LIMIT $3 FOR UPDATE SKIP LOCKED",  # noqa: S608
            before,
            API,
            BATCH,
            single_before,
        )
        ids = [row["id"] for row in rows]
        for table in ("feed_problem", "feed_change", "applied_batch", "unlisted_offers"):
            await execute(f"DELETE FROM {table} WHERE feed = ANY($1)", ids)  # noqa: S608 - our own names
        await execute("DELETE FROM feed WHERE id = ANY($1)", ids)
    return ids
