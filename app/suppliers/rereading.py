"""Read a feed's stored file again, as a new feed: what its supplier told us about his columns counts from then on."""

import asyncio

from app.infra import queue
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.suppliers.arriving import feeds_folder
from app.suppliers.feeds import JOB


async def read_again(feed_id: int, account_id: int | None = None, *, for_real: bool = False) -> int | None:
    """Make a new feed of the same bytes in the same mode and wake a worker; returns its id. The old one stays as it is.
    Of a dry run another one comes, unless it is now meant `for_real`.

    None when that would bring back what is no longer true: a later feed has been taken or waits. Also when the file
    is gone.
    """
    feed = await fetch_one("SELECT supplier, path FROM feed WHERE id = $1", feed_id)
    if feed is None or not await asyncio.to_thread((feeds_folder() / feed["path"]).is_file):
        return None
    async with transaction():
        await execute(
            "SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", feed["supplier"]
        )  # as those who receive
        row = await fetch_one(
            """INSERT INTO feed (supplier, account, filename, path, content_hash, size, mode, format, state, failure,
                                 received, rejected, warned, batches, created_at, dry_run)
               SELECT supplier, $2, filename, path, content_hash, size, mode, '', 'waiting', '', 0, 0, 0, 0, $3,
                      dry_run AND NOT $4
               FROM feed f WHERE f.id = $1 AND NOT EXISTS (
                 SELECT FROM feed later WHERE later.supplier = f.supplier AND later.id > f.id AND later.format <> 'api'
                   AND NOT later.dry_run
                   AND (later.batches > 0 OR later.state IN ('waiting', 'reading', 'applying', 'unchanged')))
               RETURNING id""",
            feed_id,
            account_id,
            now(),
            for_real,
        )
    if row is None:
        return None
    await queue.enqueue(JOB, row["id"])
    return int(row["id"])
