"""Who fetches a source, and what came of it: each is held by one worker at a time.

A lease is renewed while the work goes on; a killed worker's ends by itself. `turn` tells the holders of one source
apart: whose turn is over writes nothing. A *source* here is a row of `feed_source`.
"""

from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch_one

LEASE = timedelta(minutes=2)
AT_ONCE = 4  # sources in work, of all suppliers
SOONEST = timedelta(minutes=10)  # until the first new try
FAILURES = 10  # in a row, after which we stop
VALIDATOR_CHARS = 1_000


async def claim() -> Any | None:
    """A due source, leased to the caller; of one supplier one at a time, so that slow servers hold up only him."""
    return await fetch_one(
        """UPDATE feed_source SET leased_until = $2, turn = turn + 1 WHERE id = (
             SELECT f.id FROM feed_source f JOIN supplier s ON s.id = f.supplier
             WHERE f.state = 'active' AND s.state = 'approved' AND f.next_at <= $1
               AND (f.leased_until IS NULL OR f.leased_until <= $1)
               AND NOT EXISTS (SELECT FROM feed_source o WHERE o.supplier = f.supplier AND o.leased_until > $1)
               AND (SELECT count(*) FROM feed_source o WHERE o.leased_until > $1) < $3
             ORDER BY f.next_at, f.id LIMIT 1 FOR UPDATE OF f SKIP LOCKED)
           RETURNING *""",
        now(),
        now() + LEASE,
        AT_ONCE,
    )


async def renew(source: Any) -> bool:
    """Whether the source is still the caller's, and its supplier's feeds are still taken; then it is so for another
    while."""
    row = await fetch_one(
        """UPDATE feed_source f SET leased_until = $3 FROM supplier s
           WHERE f.id = $1 AND f.turn = $2 AND s.id = f.supplier AND s.state = 'approved' RETURNING f.id""",
        source["id"],
        source["turn"],
        now() + LEASE,
    )
    return row is not None


async def end_unchanged(source: Any, etag: str, last_modified: str) -> None:
    """The file is the one we had. An answer may leave its marks out (""): then the old ones hold."""
    await execute(
        """UPDATE feed_source SET leased_until = NULL, next_at = $3, fetched_at = $4, failures = 0, failure = '',
             etag = coalesce(nullif($5, ''), etag), last_modified = coalesce(nullif($6, ''), last_modified)
           WHERE id = $1 AND turn = $2""",
        source["id"],
        source["turn"],
        _usual(source),
        now(),
        _mark(etag),
        _mark(last_modified),
    )


async def end_received(source: Any, feed: int, content_hash: bytes, etag: str, last_modified: str) -> None:
    """A file came and is feed `feed`."""
    await execute(
        """UPDATE feed_source SET leased_until = NULL, next_at = $3, fetched_at = $4, changed_at = $4, failures = 0,
             failure = '', afresh = false, last_feed = $5, content_hash = $6, etag = $7, last_modified = $8
           WHERE id = $1 AND turn = $2""",
        source["id"],
        source["turn"],
        _usual(source),
        now(),
        feed,
        content_hash,
        _mark(etag),
        _mark(last_modified),
    )


async def end_failed(source: Any, reason: str, *, may_pass: bool, ours: bool = False) -> None:
    """Nothing came, for a reason that `may_pass` by itself; one of `ours` does not count towards stopping."""
    failures = source["failures"] + (not ours)
    await execute(
        """UPDATE feed_source SET leased_until = NULL, next_at = $3, fetched_at = $4, failures = $5, failure = $6,
             state = CASE WHEN $7 THEN 'failing' ELSE state END
           WHERE id = $1 AND turn = $2""",
        source["id"],
        source["turn"],
        min(_usual(source), now() + SOONEST * 2 ** max(failures - 1, 0)) if may_pass else _usual(source),
        now(),
        failures,
        reason,
        failures >= FAILURES,
    )


def _usual(source: Any) -> datetime:
    return now() + timedelta(hours=source["every_hours"])


def _mark(text: str) -> str:
    return text if len(text) <= VALIDATOR_CHARS else ""
