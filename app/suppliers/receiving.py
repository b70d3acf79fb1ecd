"""A file that has come, by whatever way, becomes a feed: stored, written down in its order, a worker woken."""

import asyncio
from pathlib import Path, PurePath

from app.infra import queue
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.suppliers.arriving import Arrival, copy_in, feeds_folder
from app.suppliers.feeds import JOB

FILENAME_CHARS = 200


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
    dry_run: bool = False,
    idempotency_key: str | None = None,
) -> int:
    """Take over received bytes as a feed and wake a worker; returns the feed's id.

    A `dry_run` only shows what would change.

    Raises:
        SentBefore: the bytes are not kept.
    """
    path = await asyncio.to_thread(arrival.keep, supplier_id)
    try:
        feed = await _write_down(supplier_id, filename, path, arrival, account_id, mode, dry_run, idempotency_key)
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
    dry_run: bool,
    idempotency_key: str | None,
) -> int:
    async with transaction():
        # feeds of a supplier get their ids in the order of their commits
        await execute("SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", supplier_id)
        if idempotency_key is not None:
            await _refuse_second(supplier_id, idempotency_key, arrival.digest, mode, dry_run)
        row = await fetch_one(
            """INSERT INTO feed (supplier, account, filename, path, content_hash, size, mode, format, state, failure,
                                 received, rejected, warned, batches, created_at, idempotency_key, dry_run)
               VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'waiting', '', 0, 0, 0, 0, $8, $9, $10) RETURNING id""",
            supplier_id,
            account_id,
            shown_name(filename),
            path,
            arrival.digest,
            arrival.size,
            mode,
            now(),
            idempotency_key,
            dry_run,
        )
    assert row is not None
    return int(row["id"])


async def _refuse_second(supplier_id: int, idempotency_key: str, content_hash: bytes, mode: str, dry_run: bool) -> None:
    """While the supplier is locked, so that of two requests at once one is the second."""
    row = await fetch_one(
        "SELECT id, content_hash, mode, dry_run FROM feed WHERE supplier = $1 AND idempotency_key = $2",
        supplier_id,
        idempotency_key,
    )
    if row is not None:
        same = (row["content_hash"], row["mode"], row["dry_run"]) == (content_hash, mode, dry_run)
        raise SentBefore(row["id"], same=same)


async def receive_file(
    supplier_id: int, path: Path, *, account_id: int | None = None, mode: str = "full", dry_run: bool = False
) -> int:
    """Take a copy of a local file as a feed; returns the feed's id.

    Raises:
        TooLarge: it has more than FEED_MAX_BYTES.
        OSError: it cannot be read or copied.
    """
    with Arrival() as arrival:
        await asyncio.to_thread(copy_in, path, arrival)
        return await receive(supplier_id, path.name, arrival, account_id=account_id, mode=mode, dry_run=dry_run)


def shown_name(filename: str) -> str:
    """The last part of what the sender calls his file, printable and not too long."""
    name = PurePath(filename.replace("\\", "/")).name
    return "".join(char if char.isprintable() else "_" for char in name)[-FILENAME_CHARS:] or "feed"
