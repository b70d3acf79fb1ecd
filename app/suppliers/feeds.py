"""A feed's way: waiting, reading, applying, finished; one feed of a supplier at a time, in the order they came."""

import asyncio
from datetime import timedelta
from typing import Any

from app.catalog.withdrawing import forget_unlisted
from app.infra import queue
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.suppliers.batches import BULK_BYTES, is_bulk, publish_end

RUSH = timedelta(minutes=5)
STALE = timedelta(seconds=6)  # a reader that has not been heard of for so long is gone
JOB = "read_feed"
API = "api"  # the format of a feed that is one offer, which a program has set
FAULT = "A fault on our side kept some rows from the catalogue. We have been told of it; nothing was withdrawn."

IS_NEXT = """(f.state = 'waiting' OR f.state = 'reading' AND f.heartbeat_at < $1) AND NOT EXISTS (
  SELECT FROM feed e WHERE e.supplier = f.supplier AND e.id < f.id AND e.state IN ('waiting', 'reading', 'applying'))"""


async def is_large(feed_id: int) -> bool:
    row = await fetch_one("SELECT size FROM feed WHERE id = $1", feed_id)
    return row is not None and is_bulk(row["size"])


async def wait_out_rush() -> None:
    """Return when no large feed is on its way into the catalogue, or the one that is has been for long enough.

    What follows from its products can wait: with it at the same time, both take longer.
    """
    while await fetch_one(  # noqa: ASYNC110 - another process ends it
        "SELECT 1 FROM feed WHERE state IN ('reading', 'applying') AND NOT dry_run AND size > $1 AND created_at > $2",
        BULK_BYTES,
        now() - RUSH,
    ):
        await asyncio.sleep(1)


async def claim(feed_id: int) -> Any | None:
    """The feed's row, for its only reader; None when it is not this feed's turn or another reader has it.
    What its supplier said about his columns holds for the feed as it was when the first reader began."""
    return await fetch_one(
        f"""UPDATE feed f SET state = 'reading', heartbeat_at = $2, reading_at = coalesce(f.reading_at, $2),
              mapping = coalesce(f.mapping, (
              SELECT jsonb_object_agg(m.name, m.field) FROM column_mapping m WHERE m.supplier = f.supplier), '{{}}')
            WHERE f.id = $3 AND {IS_NEXT} RETURNING f.*""",  # noqa: S608
        now() - STALE,
        now(),
        feed_id,
    )


async def beat(feed_id: int) -> None:
    await execute("UPDATE feed SET heartbeat_at = $2 WHERE id = $1", feed_id, now())


async def let_go(feed_id: int) -> None:
    """Its reader stops before the end: whoever comes next goes on from there."""
    await execute("UPDATE feed SET state = 'waiting' WHERE id = $1 AND state = 'reading'", feed_id)


async def fail(feed_id: int, failure: str, kind: str = "") -> None:
    """End a feed that cannot be read: what was good stays, nothing is withdrawn. `kind`: of FeedUnreadable."""
    await _end(feed_id, "failed", failure, kind)


async def is_unchanged(feed: Any, judged_by: bytes) -> bool:
    """Whether the supplier's feed before this one brought the same bytes in the same mode, and was judged by the same:
    then this one is done. A new exchange rate, or a sale that is over, makes other offers of the same bytes.

    Dry runs are neither: they have left nothing behind, and compare for themselves.
    """
    if feed["dry_run"]:
        return False
    earlier = await fetch_one(
        """SELECT * FROM feed WHERE supplier = $1 AND id < $2 AND NOT dry_run
             AND (state IN ('finished', 'unchanged') OR batches > 0)
           ORDER BY id DESC LIMIT 1""",
        feed["supplier"],
        feed["id"],
    )
    if earlier is None or earlier["state"] not in ("finished", "unchanged"):
        return False
    same = ("content_hash", "mode", "mapping")
    if earlier["judged_by"] != judged_by or [earlier[name] for name in same] != [feed[name] for name in same]:
        return False
    counts = [earlier[name] for name in ("received", "rejected", "warned", "left_out", "format")]
    good = earlier["received"] - earlier["rejected"] - earlier["left_out"]
    await execute(
        """UPDATE feed SET received = $2, rejected = $3, warned = $4, left_out = $5, format = $6, unchanged = $7,
                  judged_by = $8, path = $9
           WHERE id = $1""",
        feed["id"],
        *counts,
        good,
        judged_by,
        earlier["path"],  # the same bytes: a source asked every hour must not keep them every hour
    )
    await _end(feed["id"], "unchanged")
    return True


async def is_of_its_time(supplier_id: int, judged_by: bytes) -> bool:
    """Whether what the supplier sent last may mean something else by now: a sale in it begins or ends, or it was judged
    by something else, such as another exchange rate.
    """
    row = await fetch_one(
        """SELECT judged_by FROM feed WHERE supplier = $1 AND NOT dry_run AND format <> $2
             AND state IN ('applying', 'finished', 'unchanged') ORDER BY id DESC LIMIT 1""",
        supplier_id,
        API,
    )
    return row is not None and row["judged_by"] != judged_by


async def is_applying(feed_id: int) -> bool:
    return await fetch_one("SELECT 1 FROM feed WHERE id = $1 AND state = 'applying'", feed_id) is not None


async def finish(feed_id: int, withheld: int = 0) -> None:
    """All of the feed is in the catalogue. A second time nothing happens. In the caller's transaction, if any."""
    row = await fetch_one(
        """UPDATE feed SET state = 'finished', finished_at = $2, withheld = $3
           WHERE id = $1 AND state = 'applying' RETURNING supplier, format""",
        feed_id,
        now(),
        withheld,
    )
    if row is not None and row["format"] != API:
        older = await fetch("SELECT id FROM feed WHERE supplier = $1 AND id < $2", row["supplier"], feed_id)
        await forget_unlisted([feed["id"] for feed in older])


async def wake_next(feed_id: int) -> None:
    """Start the supplier's feed that waited for this one; the sweeper does it when this is missed."""
    row = await fetch_one(
        """SELECT min(later.id) AS id FROM feed f JOIN feed later ON later.supplier = f.supplier
           WHERE f.id = $1 AND later.state = 'waiting'""",
        feed_id,
    )
    if row is not None and row["id"] is not None:
        await queue.enqueue(JOB, row["id"])


async def confirm_withdrawal(feed_id: int) -> bool:
    """Withdraw what a full feed does not list after all; False when a later feed has been taken or nothing waits."""
    async with transaction():
        row = await fetch_one(
            """UPDATE feed f SET state = 'applying', withheld = 0
               WHERE f.id = $1 AND f.state = 'finished' AND f.withheld > 0 AND NOT EXISTS (
                 SELECT FROM feed later WHERE later.supplier = f.supplier AND later.id > f.id AND later.batches > 0
                   AND later.format <> 'api')
               RETURNING f.supplier, f.batches, f.mode, f.size""",
            feed_id,
        )
        if row is None:
            return False
        await publish_end(
            feed=feed_id,
            supplier=row["supplier"],
            batches=row["batches"],
            mode=row["mode"],
            bulk=is_bulk(row["size"]),
            confirmed=True,
        )
    return True


async def _end(feed_id: int, state: str, failure: str = "", kind: str = "") -> None:
    await execute(
        """UPDATE feed SET state = $2, failure = $3, failure_kind = $4, finished_at = $5
           WHERE id = $1 AND state IN ('waiting', 'reading', 'applying')""",
        feed_id,
        state,
        failure,
        kind,
        now(),
    )
    await wake_next(feed_id)
