"""What operators do: look at what waits and what was reported, and decide, once, on what they have read."""

from dataclasses import dataclass
from typing import Any

from app.events.outbox import publish
from app.infra.database import execute, fetch, fetch_one, transaction
from app.reviews.tables import ReviewState
from app.reviews.writing import note_move, tell

LONGEST_NOTE = 1000
PAGE = 50

# What an operator may make of a review that stands in a state.
MOVES: dict[ReviewState, frozenset[ReviewState]] = {
    ReviewState.WAITING: frozenset({ReviewState.SHOWN, ReviewState.REJECTED}),
    ReviewState.SHOWN: frozenset({ReviewState.SHOWN, ReviewState.REJECTED}),  # shown again: the reports are settled
    ReviewState.REJECTED: frozenset({ReviewState.SHOWN}),
    ReviewState.WITHDRAWN: frozenset(),
}

_OPEN = "EXISTS (SELECT FROM review_report r WHERE r.review = review.id AND r.settled_at IS NULL)"
WAITS = f"(review.state = 'waiting' OR (review.state = 'shown' AND {_OPEN}))"

_LISTED = """
SELECT review.id, review.name, review.stars, review.title, review.text, review.state, review.reason, review.version,
       review.answer, review.written_at, review.edited_at, product.name AS product_name, product.slug,
       (SELECT count(*) FROM review_report r WHERE r.review = review.id AND r.settled_at IS NULL) AS reports
FROM review JOIN product ON product.id = review.product"""

FILTERS = {
    "": WAITS,
    "shown": "review.state = 'shown'",
    "rejected": "review.state = 'rejected'",
}


class DecidedBefore(Exception):
    """The review was changed, or decided on, since it was read."""


@dataclass(frozen=True)
class Desk:
    """A review with all that an operator decides by."""

    row: Any
    moves: list[Any]  # its history, the newest first
    reports: list[Any]  # open ones first


@dataclass(frozen=True)
class Queue:
    rows: list[Any]
    after: int  # the id to go on behind; 0 on the last page


async def waiting() -> int:
    """How many reviews wait for an operator."""
    row = await fetch_one(f"SELECT count(*) AS reviews FROM review WHERE {WAITS}")  # noqa: S608
    return int(row["reviews"]) if row else 0


async def queue(show: str = "", after: int = 0) -> Queue:
    """What waits, the oldest first; or the shown or rejected ones, the newest first."""
    order, sign = ("review.id", ">") if not show else ("review.id DESC", "<")
    rows = await fetch(
        f"""{_LISTED} WHERE {FILTERS[show]} AND ($1::bigint = 0 OR review.id {sign} $1)
            ORDER BY {order} LIMIT {PAGE + 1}""",
        after,
    )
    return Queue(rows[:PAGE], rows[PAGE - 1]["id"] if len(rows) > PAGE else 0)


async def desk(review: int) -> Desk:
    """Raises LookupError: there is no such review."""
    row = await fetch_one(f"{_LISTED} WHERE review.id = $1", review)
    if row is None:
        raise LookupError(review)
    moves = await fetch(
        """SELECT m.from_state, m.to_state, m.actor, m.reason, m.stars, m.title, m.text, m.moved_at,
                  coalesce(a.name, '') AS operator
           FROM review_move m LEFT JOIN account a ON a.id = m.account WHERE m.review = $1 ORDER BY m.id DESC""",
        review,
    )
    reports = await fetch(
        """SELECT kind, note, reported_at, settled_at FROM review_report WHERE review = $1
           ORDER BY settled_at IS NOT NULL, id DESC LIMIT 100""",
        review,
    )
    return Desk(row, moves, reports)


async def decide(review: int, operator: int, version: int, seen: ReviewState, to: ReviewState, note: str) -> None:
    """An operator's decision on what was read; open reports are settled by it.

    Args:
        version, seen: how the review was when it was read.
        note: the author reads it where the review is rejected.

    Raises:
        LookupError: there is no such review.
        DecidedBefore: see there.
    """
    assert to in MOVES[seen]
    async with transaction():
        row = await fetch_one("SELECT product, state, version FROM review WHERE id = $1 FOR NO KEY UPDATE", review)
        if row is None:
            raise LookupError(review)
        if (row["state"], row["version"]) != (seen, version):
            raise DecidedBefore
        reason = note if to == ReviewState.REJECTED else ""
        await execute("UPDATE review SET state = $2, reason = $3 WHERE id = $1", review, to, reason)
        await execute(
            "UPDATE review_report SET settled_at = now() WHERE review = $1 AND settled_at IS NULL",
            review,
        )
        await note_move(review, seen, to, "operator", account=operator, reason=note)
        if seen != to:
            await tell(row["product"])
            decided = {"kind": "decided", "review": review, "state": to.value, "version": version}
            await publish("reviews", str(row["product"]), {**decided, "products": [row["product"]]})
