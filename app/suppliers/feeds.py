"""A feed's way: waiting, reading, applying, finished; one feed of a supplier at a time, in the order they came."""

import asyncio
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any

from app.catalog.withdrawing import forget_unlisted
from app.infra import queue
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.suppliers.arriving import Arrival, copy_in, feeds_folder
from app.suppliers.batches import BULK_BYTES, is_bulk, publish_end

RUSH = timedelta(minutes=5)
STALE = timedelta(seconds=6)  # a reader that has not been heard of for so long is gone
FILENAME_CHARS = 200
JOB = "read_feed"
API = "api"  # the format of a feed that is one offer, which a program has set
FAULT = "A fault on our side kept some rows from the catalogue. We have been told of it; nothing was withdrawn."

_IS_NEXT = """(f.state = 'waiting' OR f.state = 'reading' AND f.heartbeat_at < $1) AND NOT EXISTS (
  SELECT FROM feed e WHERE e.supplier = f.supplier AND e.id < f.id AND e.state IN ('waiting', 'reading', 'applying'))"""


class SentBefore(Exception):
    """The supplier has sent a feed under this idempotency key before: `feed`, `same` if it is this very one."""

    def __init__(self, feed: int, *, same: bool) -> None:
        super().__init__(feed)
        self.feed, self.same = feed, same


async def receive(
    supplier_id: int,
    filename: str,
    arrival: Arrival,
    *,
    account_id: int | None = None,
    mode: str = "full",
    idempotency_key: str | None = None,
) -> int:
    """Take over received bytes as a feed and wake a worker; returns the feed's id.

    Raises:
        SentBefore: the bytes are not kept.
    """
    path = await asyncio.to_thread(arrival.keep, supplier_id)
    try:
        feed = await _write_down(supplier_id, filename, path, arrival, account_id, mode, idempotency_key)
    except SentBefore:
        (feeds_folder() / path).unlink(missing_ok=True)
        raise
    await queue.enqueue(JOB, feed)
    return feed


async def _write_down(
    supplier_id: int,
    filename: str,
    path: str,
    arrival: Arrival,
    account_id: int | None,
    mode: str,
    idempotency_key: str | None,
) -> int:
    async with transaction():
        # feeds of a supplier get their ids in the order of their commits
        await execute("SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", supplier_id)
        if idempotency_key is not None:
            await _refuse_second(supplier_id, idempotency_key, arrival.digest, mode)
        row = await fetch_one(
            """INSERT INTO feed (supplier, account, filename, path, content_hash, size, mode, format, state, failure,
                                 received, rejected, warned, batches, created_at, idempotency_key)
               VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'waiting', '', 0, 0, 0, 0, $8, $9) RETURNING id""",
            supplier_id,
            account_id,
            shown_name(filename),
            path,
            arrival.digest,
            arrival.size,
            mode,
            now(),
            idempotency_key,
        )
    assert row is not None
    return int(row["id"])


async def _refuse_second(supplier_id: int, idempotency_key: str, content_hash: bytes, mode: str) -> None:
    """While the supplier is locked, so that of two requests at once one is the second."""
    row = await fetch_one(
        "SELECT id, content_hash, mode FROM feed WHERE supplier = $1 AND idempotency_key = $2",
        supplier_id,
        idempotency_key,
    )
    if row is not None:
        raise SentBefore(row["id"], same=(row["content_hash"], row["mode"]) == (content_hash, mode))


async def receive_file(supplier_id: int, path: Path, *, account_id: int | None = None, mode: str = "full") -> int:
    """Take a copy of a local file as a feed; returns the feed's id.

    Raises:
        TooLarge: it has more than FEED_MAX_BYTES.
        OSError: it cannot be read or copied.
    """
    with Arrival() as arrival:
        await asyncio.to_thread(copy_in, path, arrival)
        return await receive(supplier_id, path.name, arrival, account_id=account_id, mode=mode)


def shown_name(filename: str) -> str:
    """The last part of what the sender calls his file, printable and not too long."""
    name = PurePath(filename.replace("\\", "/")).name
    return "".join(char if char.isprintable() else "_" for char in name)[-FILENAME_CHARS:] or "feed"


async def is_large(feed_id: int) -> bool:
    row = await fetch_one("SELECT size FROM feed WHERE id = $1", feed_id)
    return row is not None and is_bulk(row["size"])


async def wait_out_rush() -> None:
    """Return when no large feed is on its way into the catalogue, or the one that is has been for long enough.

    What follows from its products can wait: with it at the same time, both take longer.
    """
    while await fetch_one(  # noqa: ASYNC110 - another process ends it
        "SELECT 1 FROM feed WHERE state IN ('reading', 'applying') AND size > $1 AND created_at > $2",
        BULK_BYTES,
        now() - RUSH,
    ):
        await asyncio.sleep(1)


async def claim(feed_id: int) -> Any | None:
    """The feed's row, for its only reader; None when it is not this feed's turn or another reader has it.
    What its supplier said about his columns holds for the feed as it was when the first reader began."""
    return await fetch_one(
        f"""UPDATE feed f SET state = 'reading', heartbeat_at = $2, mapping = coalesce(f.mapping, (
              SELECT jsonb_object_agg(m.name, m.field) FROM column_mapping m WHERE m.supplier = f.supplier), '{{}}')
            WHERE f.id = $3 AND {_IS_NEXT} RETURNING f.*""",  # noqa: S608
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


async def is_unchanged(feed: Any) -> bool:
    """Whether the supplier's feed before this one brought the same bytes in the same mode; then this one is done."""
    earlier = await fetch_one(
        """SELECT * FROM feed WHERE supplier = $1 AND id < $2 AND (state IN ('finished', 'unchanged') OR batches > 0)
           ORDER BY id DESC LIMIT 1""",
        feed["supplier"],
        feed["id"],
    )
    if earlier is None or earlier["state"] not in ("finished", "unchanged"):
        return False
    same = ("content_hash", "mode", "mapping")
    if [earlier[name] for name in same] != [feed[name] for name in same]:
        return False
    counts = [earlier[name] for name in ("received", "rejected", "warned", "left_out", "format")]
    good = earlier["received"] - earlier["rejected"] - earlier["left_out"]
    await execute(
        """UPDATE feed SET received = $2, rejected = $3, warned = $4, left_out = $5, format = $6, unchanged = $7
           WHERE id = $1""",
        feed["id"],
        *counts,
        good,
    )
    await _end(feed["id"], "unchanged")
    return True


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
    rows = await fetch(f"SELECT f.id FROM feed f WHERE {_IS_NEXT}", now() - STALE)  # noqa: S608
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
                 CASE WHEN EXISTS (SELECT FROM feed l WHERE l.supplier = f.supplier AND l.id > f.id)
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
