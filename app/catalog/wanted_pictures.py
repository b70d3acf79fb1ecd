"""Which pictures of suppliers we want, which of them are due, and how each attempt ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one

LEASE = timedelta(minutes=10)  # longer than any attempt
LOOK_AGAIN = timedelta(days=30)  # at what we have, and at what was not to be had
WISHES_AT_ONCE = 20  # each of hundreds of links
TRIES = 7  # over about half a day
FIRST_PAUSE = timedelta(seconds=30)  # four times as long after each attempt
URL_CHARS, REASON_CHARS, ETAG_CHARS, DATE_CHARS = 2_100, 500, 500, 100


@dataclass(frozen=True)
class Due:
    """A picture that is ours to fetch until its lease ends. `is_ready`: we have it, and ask whether it has changed."""

    key: str
    url: str
    supplier: int
    is_ready: bool
    attempts: int
    etag: str
    last_modified: str


@dataclass(frozen=True)
class Got:
    """A picture as it came: `width` and `height` as it is seen, in pixels; `size` in bytes."""

    width: int
    height: int
    size: int
    etag: str
    last_modified: str


async def want(supplier: int, links: Sequence[str]) -> None:
    """Have these pictures fetched, unless they are known; in the caller's transaction, if there is one.

    One row for all of them, so that a feed does not wait: `note_wishes` has the work.
    """
    wanted = sorted({link for link in links if len(link) <= URL_CHARS})
    if wanted:
        await execute(
            "INSERT INTO picture_wish (supplier, links, wished_at) VALUES ($1, $2, $3)", supplier, wanted, now()
        )


async def note_wishes() -> int:
    """Make pictures that wait of what was wanted; returns how many wishes that were."""
    rows = await fetch(
        """WITH taken AS (
             DELETE FROM picture_wish WHERE id IN (
               SELECT id FROM picture_wish ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
             RETURNING supplier, links, wished_at),
           wanted AS (
             SELECT left(encode(sha256(convert_to(url, 'UTF8')), 'hex'), 32) AS key, url, supplier, wished_at
             FROM taken CROSS JOIN unnest(links) AS url),
           noted AS (
             INSERT INTO picture (key, url, supplier, state, next_attempt_at, wanted_at)
             SELECT DISTINCT ON (key) key, url, supplier, 'waiting', wished_at, wished_at FROM wanted
             ORDER BY key, wished_at  -- in the same order for everybody: two workers cannot wait for each other
             ON CONFLICT (key) DO NOTHING),
           used AS (
             UPDATE picture SET unused_since = NULL
             WHERE unused_since IS NOT NULL AND key IN (SELECT key FROM wanted))
           SELECT count(*) AS wishes FROM taken""",
        WISHES_AT_ONCE,
    )
    return int(rows[0]["wishes"])


async def claim(most: int, most_each: int, busy: Sequence[int] = ()) -> list[Due]:
    """Up to `most` pictures that are due, at most `most_each` of one supplier, and none of the `busy` suppliers.

    New ones go first, however many others are to be looked at again.
    """
    for state in ("waiting", "ready", "failed"):
        rows = await fetch(
            """UPDATE picture SET attempts = attempts + 1, next_attempt_at = $1::timestamptz + $2::interval
               WHERE key IN (
                 SELECT due.key FROM supplier s CROSS JOIN LATERAL (
                   SELECT key, next_attempt_at FROM picture
                   WHERE supplier = s.id AND state = $3 AND next_attempt_at <= $1
                   ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED) AS due
                 WHERE s.id <> ALL($5::bigint[]) ORDER BY due.next_attempt_at LIMIT $6)
               RETURNING key, url, supplier, state = 'ready' AS is_ready, attempts, etag, last_modified""",
            now(),
            LEASE,
            state,
            most_each,
            list(busy),
            most,
        )
        if rows:
            return [Due(**row) for row in rows]
    return []


async def got(picture: Due, what: Got) -> None:
    """Its files are there."""
    await execute(
        """UPDATE picture SET state = 'ready', attempts = 0, reason = '', fetched_at = $2, next_attempt_at = $3,
             width = $4, height = $5, bytes = $6, etag = $7, last_modified = $8
           WHERE key = $1""",
        picture.key,
        now(),
        now() + LOOK_AGAIN,
        what.width,
        what.height,
        what.size,
        what.etag[:ETAG_CHARS],
        what.last_modified[:DATE_CHARS],
    )


async def is_as_before(picture: Due) -> None:
    await execute(
        "UPDATE picture SET attempts = 0, next_attempt_at = $2 WHERE key = $1", picture.key, now() + LOOK_AGAIN
    )


async def missed(picture: Due, reason: str, *, for_good: bool) -> None:
    """It was not to be had. What we have stays on the pages; what we do not have is tried again, if that may help."""
    over = for_good or picture.attempts >= TRIES
    state = "ready" if picture.is_ready else "failed" if over else "waiting"
    await execute(
        """UPDATE picture SET state = $2, reason = $3, next_attempt_at = $4,
             attempts = CASE WHEN $5 THEN 0 ELSE attempts END
           WHERE key = $1""",
        picture.key,
        state,
        "" if picture.is_ready else reason[:REASON_CHARS],
        now() + (LOOK_AGAIN if over else FIRST_PAUSE * 4 ** (picture.attempts - 1)),
        over,
    )


async def counts(supplier: int) -> dict[str, int]:
    """How many pictures of a supplier are waiting, ready and failed."""
    rows = await fetch("SELECT state, count(*) AS pictures FROM picture WHERE supplier = $1 GROUP BY state", supplier)
    return {"waiting": 0, "ready": 0, "failed": 0} | {row["state"]: row["pictures"] for row in rows}


async def count_failed(supplier: int) -> int:
    row = await fetch_one("SELECT count(*) AS n FROM picture WHERE supplier = $1 AND state = 'failed'", supplier)
    return int(row["n"]) if row else 0


async def failed(supplier: int, most: int, after: str = "") -> list[Any]:
    """Up to `most` pictures that could not be fetched, in the order of their keys, from the one after `after`."""
    return await fetch(
        """SELECT key, url, reason, wanted_at, next_attempt_at FROM picture
           WHERE supplier = $1 AND state = 'failed' AND key > $2 ORDER BY key LIMIT $3""",
        supplier,
        after,
        most,
    )


async def try_again(supplier: int) -> int:
    """Have everything that failed fetched once more; returns how many pictures that are."""
    rows = await fetch(
        """UPDATE picture SET state = 'waiting', attempts = 0, next_attempt_at = $2
           WHERE supplier = $1 AND state = 'failed' RETURNING 1""",
        supplier,
        now(),
    )
    return len(rows)
