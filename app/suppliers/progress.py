"""How far a feed has come: counts of rows, from its arrival to the search index."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import fetch
from app.suppliers.batches import BULK_BYTES, is_bulk

GIVEN_UP_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Progress:
    """Counts are rows, `withdrawn` and `withheld` are offers. received = rejected + left_out + good rows."""

    id: int
    supplier: int
    filename: str
    mode: str
    dry_run: bool
    state: str
    failure: str
    failure_kind: str  # "columns": telling us what they mean would help
    created_at: datetime
    reading_at: datetime | None
    heartbeat_at: datetime | None
    read_at: datetime | None
    finished_at: datetime | None
    size: int  # bytes, as is bytes_read
    bytes_read: int
    received: int
    rejected: int
    warned: int
    left_out: int
    withheld: int
    applied: int
    unchanged: int
    withdrawn: int
    searchable: int
    batches: int
    waits_for: int  # batches on their way into the catalogue
    would_add: int  # what a dry run would do: rows, offers, and whether a person would have to confirm it
    would_change: int
    would_withdraw: int
    would_wait: bool

    @property
    def good(self) -> int:
        return self.received - self.rejected - self.left_out

    @property
    def in_catalogue(self) -> int:
        return self.applied + self.unchanged

    @property
    def would_stay(self) -> int:
        return self.good - self.would_add - self.would_change

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to these counts by itself."""
        if self.dry_run:
            return self.state in ("finished", "failed")
        if self.state == "unchanged":
            return True
        if self.state == "failed" and self.finished_at and now() - self.finished_at > GIVEN_UP_AFTER:
            return True
        return self.state in ("finished", "failed") and not self.waits_for and self.searchable >= self.in_catalogue

    @property
    def rate(self) -> int | None:
        """Rows a second while the file is being read; None before there is anything to say."""
        until = self.read_at or self.heartbeat_at
        seconds = (until - self.reading_at).total_seconds() if until and self.reading_at else 0
        return round(self.received / seconds) if seconds >= 1 and self.received else None

    def counts(self) -> dict[str, int | str]:
        """For programs."""
        names = ("received", "rejected", "warned", "left_out", "unchanged", "applied", "withdrawn", "searchable")
        return {"feed": self.id, "state": self.state, **{name: getattr(self, name) for name in names}}

    def would(self) -> dict[str, int | bool]:
        """For programs: what a dry run would do."""
        names = ("would_add", "would_change", "would_stay", "would_withdraw", "would_wait")
        return {name: getattr(self, name) for name in names}


# An event that has left the outbox was processed by every consumer of its topic.
_PROGRESS = """
SELECT f.id, f.supplier, f.filename, f.mode, f.dry_run, f.state, f.failure, f.failure_kind,
       f.created_at, f.reading_at, f.heartbeat_at, f.read_at, f.finished_at, f.size, f.bytes_read,
       f.received, f.rejected, f.warned, f.left_out, f.withheld, coalesce(b.applied, 0) AS applied,
       f.unchanged + coalesce(b.unchanged, 0) AS unchanged, coalesce(b.withdrawn, 0) AS withdrawn,
       CASE WHEN f.dry_run THEN 0 ELSE f.unchanged + coalesce(b.searchable, 0) END AS searchable,
       f.would_add, f.would_change, f.would_withdraw, f.would_wait,
       f.batches, f.batches - coalesce(b.batches, 0) AS waits_for
FROM feed f LEFT JOIN LATERAL (
  SELECT sum(a.applied)::bigint AS applied, sum(a.unchanged)::bigint AS unchanged,
         sum(a.withdrawn)::bigint AS withdrawn, count(*) FILTER (WHERE a.number < f.batches) AS batches,
         (sum(a.applied + a.unchanged) FILTER (WHERE a.event_id IS NULL
            OR EXISTS (SELECT FROM processed p WHERE p.consumer = 'search' AND p.event_id = a.event_id)
            OR NOT EXISTS (SELECT FROM outbox o WHERE o.event_id = a.event_id)))::bigint AS searchable
  FROM applied_batch a WHERE a.feed = f.id) b ON true
"""


async def of(feed_id: int) -> Progress:
    """Raises LookupError: there is no such feed."""
    rows = await fetch(_PROGRESS + "WHERE f.id = $1", feed_id)
    if not rows:
        raise LookupError(f"no feed {feed_id}")
    return _progress(rows[0])


async def latest(supplier_id: int, count: int, before: int = 2**63 - 1) -> list[Progress]:
    """The supplier's newest feeds (those before feed `before`), newest first; single offers by API are none of them."""
    where = "WHERE f.supplier = $1 AND f.id < $3 AND f.format <> 'api' ORDER BY f.id DESC LIMIT $2"
    rows = await fetch(_PROGRESS + where, supplier_id, count, before)
    return [_progress(row) for row in rows]


async def same_as(feed: Progress) -> Any | None:
    """For an unchanged feed: the id, filename and created_at of the one that brought its rows."""
    rows = await fetch(
        """SELECT e.id, e.filename, e.created_at FROM feed f
           JOIN feed e ON e.supplier = f.supplier AND e.content_hash = f.content_hash AND e.mode = f.mode
           WHERE f.id = $1 AND e.id < f.id AND e.state = 'finished' AND NOT e.dry_run ORDER BY e.id DESC LIMIT 1""",
        feed.id,
    )
    return rows[0] if rows else None


async def waits_behind(feed: Progress) -> Any | None:
    """For a waiting feed: id, filename and format of the supplier's feed that is in work, and how many come before."""
    rows = await fetch(
        """SELECT id, filename, format, count(*) OVER () AS before FROM feed
           WHERE supplier = $1 AND id < $2 AND state IN ('waiting', 'reading', 'applying') ORDER BY id LIMIT 1""",
        feed.supplier,
        feed.id,
    )
    return rows[0] if rows else None


async def is_large_one_in_work(feed: Progress) -> bool:
    """Whether this feed is large and another large one, of whatever supplier, is being read: they take turns."""
    rows = await fetch(
        "SELECT 1 FROM feed WHERE state = 'reading' AND size > $2 AND id <> $1 LIMIT 1", feed.id, BULK_BYTES
    )
    return is_bulk(feed.size) and bool(rows)


def _progress(row: Any) -> Progress:
    return Progress(**dict(row))
