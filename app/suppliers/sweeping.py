"""What happens to feeds by the clock: readers are woken, and what a dead letter stopped is ended, or goes on."""

from app.infra import queue
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.suppliers.batches import is_bulk, publish_end
from app.suppliers.feeds import FAULT, IS_NEXT, JOB, STALE, fail


async def sweep() -> int:
    """Wake readers for feeds whose turn it is, and end those that a dead letter keeps from ending."""
    stuck = await fetch(
        """SELECT f.id FROM feed f WHERE f.state = 'applying' AND EXISTS (
             SELECT FROM dead_letter d WHERE d.topic IN ('offers', 'offers-bulk') AND d.replayed_at IS NULL
               AND d.payload ->> 'feed' = f.id::text)"""
    )
    for row in stuck:
        await fail(row["id"], FAULT)
    await reopen()
    rows = await fetch(f"SELECT f.id FROM feed f WHERE {IS_NEXT}", now() - STALE)  # noqa: S608
    for row in rows:
        await queue.enqueue(JOB, row["id"])
    return len(rows)


async def reopen() -> int:
    """Let feeds that a dead letter had ended go on, once all their letters have been sent again; returns how many."""
    mended = await fetch(
        """SELECT f.id, f.supplier FROM feed f WHERE f.state = 'failed' AND f.failure = $1 AND (
             SELECT bool_and(d.replayed_at IS NOT NULL) FROM dead_letter d
             WHERE d.topic IN ('offers', 'offers-bulk') AND d.payload ->> 'feed' = f.id::text)""",
        FAULT,
    )
    for row in mended:
        await _reopen(row["id"], row["supplier"])
    return len(mended)


async def _reopen(feed_id: int, supplier_id: int) -> None:
    """Its end comes once more. It withdraws nothing when the supplier has sent something since: that counts more."""
    async with transaction():
        await execute("SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", supplier_id)  # as those who receive
        row = await fetch_one(
            """UPDATE feed f SET state = 'applying', failure = '', finished_at = NULL
               WHERE f.id = $1 AND f.state = 'failed' AND f.failure = $2
               RETURNING f.batches, f.size,
                 CASE WHEN EXISTS (SELECT FROM feed l WHERE l.supplier = f.supplier AND l.id > f.id AND NOT l.dry_run)
                      THEN 'delta' ELSE f.mode END AS mode""",
            feed_id,
            FAULT,
        )
        if row is not None:
            await publish_end(
                feed=feed_id,
                supplier=supplier_id,
                batches=row["batches"],
                mode=row["mode"],
                bulk=is_bulk(row["size"]),
            )
