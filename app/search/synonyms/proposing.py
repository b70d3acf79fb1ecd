"""Rules that the log of searches proposes: what failed, with what the same shoppers asked next, or alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.search.synonyms.parsing import Synonyms
from app.search.words import pieces

LOOKED_BACK = timedelta(days=90)
FEWEST_TIMES = 3
FEWEST_DAYS = 2  # one shopper on one afternoon proves nothing
MOST = 30  # of each kind, shown
MOST_ALONE = 20  # each is searched for once more
MOST_DISMISSED = 100  # shown, the newest first
LONGEST = 80
LONG = 6  # letters: two mistakes in fewer lead anywhere


@dataclass(frozen=True)
class Proposal:
    query: str  # what found nothing
    next_query: str  # what the same shoppers asked next, with success; empty: nobody did
    times: int
    days: int
    last_day: date


@dataclass(frozen=True)
class Dismissal:
    query: str
    next_query: str
    operator: str  # empty: whose account is gone
    dismissed_at: datetime


async def followed(synonyms: Synonyms) -> list[Proposal]:
    """Failed queries with what succeeded next, the most frequent first; not what `synonyms` say already."""
    rows = await fetch(
        """SELECT query, next_query, sum(times)::int AS times, count(*)::int AS days, max(day) AS last_day
           FROM search_followed f WHERE day > $1 AND NOT EXISTS (
               SELECT FROM synonym_dismissal d WHERE d.query = f.query AND d.next_query = f.next_query)
           GROUP BY query, next_query HAVING sum(times) >= $2 AND count(*) >= $3
           ORDER BY 3 DESC, 1, 2 LIMIT $4""",
        (now() - LOOKED_BACK).date(),
        FEWEST_TIMES,
        FEWEST_DAYS,
        3 * MOST,
    )
    found = [Proposal(**row) for row in rows]
    return [each for each in found if not says(synonyms, each.query, each.next_query)][:MOST]


async def failed() -> list[Proposal]:
    """Queries that found nothing the last time, the most frequent first."""
    rows = await fetch(
        """SELECT query, '' AS next_query, sum(asked)::int AS times, count(*)::int AS days, max(day) AS last_day
           FROM search_asked a WHERE day > $1 AND NOT EXISTS (
               SELECT FROM synonym_dismissal d WHERE d.query = a.query AND d.next_query = '')
           GROUP BY query
           HAVING (array_agg(found ORDER BY day DESC))[1] = 0 AND sum(asked) >= $2 AND count(*) >= $3
           ORDER BY 3 DESC, 1 LIMIT $4""",
        (now() - LOOKED_BACK).date(),
        FEWEST_TIMES,
        FEWEST_DAYS,
        MOST_ALONE,
    )
    return [Proposal(**row) for row in rows]


async def dismiss(account_id: int, query: str, next_query: str) -> None:
    """Propose it no more; once more changes nothing."""
    await execute(
        """INSERT INTO synonym_dismissal (query, next_query, account, dismissed_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING""",
        query[:LONGEST],
        next_query[:LONGEST],
        account_id,
        now(),
    )


async def propose_again(query: str, next_query: str) -> bool:
    """Take a dismissal back; False: there is none."""
    gone = await fetch(
        "DELETE FROM synonym_dismissal WHERE query = $1 AND next_query = $2 RETURNING id",
        query[:LONGEST],
        next_query[:LONGEST],
    )
    return bool(gone)


async def dismissed() -> list[Dismissal]:
    """The last ones, the newest first."""
    rows = await fetch(
        """SELECT d.query, d.next_query, coalesce(a.name, '') AS operator, d.dismissed_at
           FROM synonym_dismissal d LEFT JOIN account a ON a.id = d.account
           ORDER BY d.dismissed_at DESC, d.id DESC LIMIT $1""",
        MOST_DISMISSED,
    )
    return [Dismissal(**row) for row in rows]


def says(synonyms: Synonyms, query: str, meaning: str) -> bool:
    """Whether a rule leads from the whole query to the meaning."""
    words = pieces(query)
    return any(
        (span.start, span.end) == (0, len(words)) and tuple(pieces(meaning)) in span.others
        for span in synonyms.of(words)
    )


def nearest(query: str, near: Callable[[str, int], Sequence[tuple[int, int]]], words: Sequence[str]) -> list[str]:
    """Words of the catalogue at most two edits away from a long word of the query, one from a short one.

    Args:
        near: (place among `words`, edits) of what is near a word.
    """
    found = [
        (edits, words[place])
        for each in query.split()
        for place, edits in near(each, 2 if len(each) >= LONG else 1)
        if edits
    ]
    return [word for _, word in sorted(set(found))][:3]
