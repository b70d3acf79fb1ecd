"""The log of searches: gathered in memory, written every few seconds, read for suggestions.

A process that dies, or a database that is away for long, loses a few counts: nobody waits for them, and no page fails.
"""

import contextlib
import re
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.infra.outages import DatabaseUnavailable
from app.infra.recurring import Recurring
from app.search.words import fold

LONGEST = 80
MOST_GATHERED = 2_000  # different queries between two writings; more are dropped
MOST_A_DAY = 20_000  # rows that a process begins; then it only counts on: strangers fill no disk with nonsense
FLUSH_SECONDS = 5.0
POPULAR_DAYS = 30
POPULAR_SECONDS = 60.0  # until those that are suggested are read anew
MOST_POPULAR = 5_000
KEPT_DAYS = 180

_PERSONAL = re.compile(r"@|\d{7}")  # an address, a number of a person; codes of products are found, and so are kept


@dataclass(frozen=True)
class Popular:
    query: str  # folded
    shown: str
    asked: int


# $1 the day, $2 whether rows are begun: else only those count on that are there.
_ASKED = """
INSERT INTO search_asked (day, query, shown, asked, found)
SELECT $1, n.* FROM unnest($3::text[], $4::text[], $5::int[], $6::int[]) AS n (query, shown, asked, found)
WHERE $2 OR EXISTS (SELECT FROM search_asked AS s WHERE s.day = $1 AND s.query = n.query)
ON CONFLICT (day, query) DO UPDATE SET asked = search_asked.asked + excluded.asked, shown = excluded.shown,
  found = excluded.found
RETURNING xmax = 0 AS is_new"""
_FOLLOWED = """
INSERT INTO search_followed (day, query, next_query, times)
SELECT $1, n.* FROM unnest($3::text[], $4::text[], $5::int[]) AS n (query, next_query, times)
WHERE $2 OR EXISTS (SELECT FROM search_followed AS s
                    WHERE s.day = $1 AND s.query = n.query AND s.next_query = n.next_query)
ON CONFLICT (day, query, next_query) DO UPDATE SET times = search_followed.times + excluded.times
RETURNING xmax = 0 AS is_new"""


class SearchLog:
    """What this process has heard and not yet written, and what all have written before."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._last: dict[str, tuple[str, int]] = {}  # query -> as typed, products found
        self._followed: Counter[tuple[str, str]] = Counter()
        self.popular: list[Popular] = []
        self._read_at = -POPULAR_SECONDS  # of time.monotonic
        self._begun = 0  # rows, on the day
        self._day = date.min

    def heard(self, typed: str, found: int, before: str = "") -> None:
        """A query was asked, and `found` products have all of its words; `before` is what failed just before."""
        query = key_of(typed)
        if not query or (not found and _PERSONAL.search(query)):
            return
        if query in self._asked or len(self._asked) < MOST_GATHERED:
            self._asked[query] += 1
            self._last[query] = (_fit_to_show(typed) or query, found)
        if (
            found
            and before
            and before != query
            and not _PERSONAL.search(before)
            and len(self._followed) < MOST_GATHERED
        ):
            self._followed[before, query] += 1

    async def flush(self) -> None:
        """Write what was gathered; it is dropped when that fails.

        Raises:
            DatabaseUnavailable: it could not be written.
        """
        asked, last, followed = self._asked, self._last, self._followed
        self._asked, self._last, self._followed = Counter(), {}, Counter()
        if self._day != now().date():
            self._day, self._begun = now().date(), 0
        if asked:
            rows = [(query, last[query][0], times, last[query][1]) for query, times in sorted(asked.items())]
            await self._write(_ASKED, *map(list, zip(*rows, strict=True)))
        if followed:
            pairs = [(query, after, times) for (query, after), times in sorted(followed.items())]
            await self._write(_FOLLOWED, *map(list, zip(*pairs, strict=True)))

    async def _write(self, statement: str, *columns: list[Any]) -> None:
        written = await fetch(statement, self._day, self._begun < MOST_A_DAY, *columns)
        self._begun += sum(row["is_new"] for row in written)

    async def keep_up(self) -> None:
        """Write what was gathered, and read what is popular when that is due.

        Raises:
            DatabaseUnavailable: it could not be done.
        """
        if time.monotonic() - self._read_at >= POPULAR_SECONDS:
            self._read_at = time.monotonic()  # after a failure, too: not at every turn
            await self.read_popular()
        await self.flush()

    async def read_popular(self) -> None:
        """Raises DatabaseUnavailable."""
        rows = await fetch(
            """SELECT query, (array_agg(shown ORDER BY day DESC))[1] AS shown, sum(asked)::int AS asked
               FROM search_asked WHERE day > $1 GROUP BY query
               HAVING (array_agg(found ORDER BY day DESC))[1] > 0 ORDER BY asked DESC, query LIMIT $2""",
            _days_ago(POPULAR_DAYS),
            MOST_POPULAR,
        )
        self.popular = [Popular(row["query"], row["shown"], row["asked"]) for row in rows]


def key_of(typed: str) -> str:
    return " ".join(fold(typed).split())[:LONGEST].strip()


def _fit_to_show(typed: str) -> str:
    """As it was typed, for others to see; "" for letters that are heaped with marks, or stand in for plain ones."""
    text = unicodedata.normalize("NFC", " ".join(typed.split()))[:LONGEST].strip()
    is_plain = text == unicodedata.normalize("NFKC", text) and not any(map(unicodedata.combining, text))
    return text if is_plain else ""


async def forget_old() -> None:
    """Drop days that no suggestion is made of any more."""
    for table in ("search_asked", "search_followed"):
        await execute(f"DELETE FROM {table} WHERE day < $1", _days_ago(KEPT_DAYS))  # noqa: S608 - our own names


def _days_ago(days: int) -> date:
    return now().date() - timedelta(days=days)


_log = SearchLog()


def search_log() -> SearchLog:
    """The log of this process."""
    return _log


async def _keep_up() -> float:
    """Write it, and read what is popular when that is due; counts are worth no word about an outage."""
    with contextlib.suppress(DatabaseUnavailable):
        await _log.keep_up()
    return FLUSH_SECONDS


WRITING = Recurring("log of searches", _keep_up)


async def stop(*_: object) -> None:
    """Write what is left (a shutdown hook)."""
    await WRITING.stop()
    with contextlib.suppress(DatabaseUnavailable):
        await _log.flush()
