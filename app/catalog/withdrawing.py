"""The end of a feed: what a full feed no longer lists is withdrawn, unless that would be most of a supplier's range."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.catalog.applying import tell_of
from app.catalog.offered import End
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one

GUARDED_ABOVE = 20  # offers; fewer may go without being asked about
EVENT_PRODUCTS = 500
CHUNK = 5_000  # offers in a row of `unlisted_offers`


class Closing(NamedTuple):
    """`withdrawn` offer ids; or the number of offers `withheld` from a withdrawal that has to be confirmed."""

    withdrawn: list[int]
    withheld: int


def has_to_wait(missing: int, before: int) -> bool:
    """Whether the supplier has to confirm that `missing` of the `before` offers on sale go."""
    return missing > GUARDED_ABOVE and missing * 2 > before


async def all_batches_are_in(end: End) -> bool:
    row = await fetch_one(
        "SELECT count(*) AS applied FROM applied_batch WHERE feed = $1 AND number < $2", end.feed, end.batches
    )
    return row is not None and row["applied"] == end.batches


async def close_feed(end: End) -> Closing:
    """Withdraw what the feed does not list, and record it; in the caller's transaction."""
    withheld = 0
    withdrawn: list[Any] = []
    if end.mode == "full":
        missing, before = await _missing(end)
        if not end.confirmed and has_to_wait(missing, before):
            withheld = missing
        else:
            withdrawn = await _withdraw(end)
    if not withheld:
        await execute("DELETE FROM unlisted_offers WHERE feed = $1", end.feed)
    event = await _tell(sorted({row["product"] for row in withdrawn}), bulk=end.bulk)
    await execute(
        """INSERT INTO applied_batch (feed, number, applied, unchanged, withdrawn, event_id, applied_at)
           VALUES ($1, $2, 0, 0, $3, $4, $5)
           ON CONFLICT (feed, number) DO UPDATE SET withdrawn = excluded.withdrawn, event_id = excluded.event_id""",
        end.feed,
        end.batches,
        len(withdrawn),
        event,
        now(),
    )
    return Closing([row["id"] for row in withdrawn], withheld)


async def note_unlisted(feed: int, offers: Sequence[int]) -> None:
    """A full feed, read to its end, does not list these offers."""
    for start in range(0, len(offers), CHUNK):
        await execute("INSERT INTO unlisted_offers (feed, offers) VALUES ($1, $2)", feed, offers[start : start + CHUNK])


async def forget_unlisted(feeds: list[int]) -> None:
    """Drop what is left of feeds that will not be closed any more."""
    await execute("DELETE FROM unlisted_offers WHERE feed = ANY($1)", feeds)


# An offer that came by another way since then is none of this feed's business. Its last bracket is open.
_UNLISTED = """o.supplier = $1 AND (o.withdrawn_at IS NULL OR o.is_suspended) AND o.feed <= $2
  AND o.id IN (SELECT unnest(u.offers) FROM unlisted_offers u WHERE u.feed = $2"""


async def _missing(end: End) -> tuple[int, int]:
    """How many offers the feed does not list, and how many there were before it came."""
    row = await fetch_one(
        f"""SELECT count(*) FILTER (WHERE {_UNLISTED})) AS missing,
                   count(*) FILTER (WHERE o.created_at < coalesce(
                     (SELECT min(applied_at) FROM applied_batch WHERE feed = $2), 'infinity')) AS before
            FROM offer o WHERE o.supplier = $1 AND o.withdrawn_at IS NULL""",  # noqa: S608 - our own condition
        end.supplier,
        end.feed,
    )
    assert row is not None
    return row["missing"], row["before"]


async def _withdraw(end: End) -> list[Any]:
    withdrawn: list[Any] = []
    for part in await fetch("SELECT id FROM unlisted_offers WHERE feed = $1 ORDER BY id", end.feed):
        withdrawn += await fetch(
            f"""UPDATE offer o SET withdrawn_at = $3, updated_at = $3, feed = $2, is_suspended = false FROM variant v
                WHERE v.id = o.variant AND {_UNLISTED} AND u.id = $4) RETURNING o.id, v.product""",  # noqa: S608
            end.supplier,
            end.feed,
            now(),
            part["id"],
        )
    return withdrawn


async def _tell(products: list[int], *, bulk: bool) -> Any | None:
    """Events of bearable size; returns the last one's id."""
    event = None
    for start in range(0, len(products), EVENT_PRODUCTS):
        event = await tell_of(set(products[start : start + EVENT_PRODUCTS]), set(), now(), bulk=bulk)
    return event
