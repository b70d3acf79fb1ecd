"""The seller's public answer to a review of what he sold: one, which he may change or take away.

It is shown at once, so words that would wait in a review are refused here.
"""

from dataclasses import dataclass
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.reviews.screening import doubt
from app.reviews.writing import tell

LONGEST_ANSWER = 1000
PAGE = 20


class NotTheirs(Exception):
    """There is no such review that is shown, or somebody else sold what it is about."""


class NotFit(Exception):
    """The words cannot be shown. The text says why."""


@dataclass(frozen=True)
class Sold:
    """Reviews of what a supplier sold; `after` is the id to go on behind, 0 on the last page."""

    rows: list[Any]
    after: int
    unanswered: int


async def reviews_for(supplier: int, *, unanswered: bool = False, after: int = 0) -> Sold:
    """One page of the shown reviews of what a supplier sold, the newest first."""
    rows = await fetch(
        f"""SELECT r.id, r.name, r.choice, r.stars, r.title, r.text, r.written_at, r.answer,
                   p.name AS product_name, p.slug
            FROM review r JOIN product p ON p.id = r.product
            WHERE r.supplier = $1 AND r.state = 'shown' AND ($2::bigint = 0 OR r.id < $2)
              AND (NOT $3 OR (r.answer = '' AND r.text <> ''))
            ORDER BY r.id DESC LIMIT {PAGE + 1}""",  # noqa: S608 - a constant
        supplier,
        after,
        unanswered,
    )
    left = await fetch_one(
        """SELECT count(*) AS reviews FROM review
           WHERE supplier = $1 AND state = 'shown' AND answer = '' AND text <> ''""",
        supplier,
    )
    return Sold(rows[:PAGE], rows[PAGE - 1]["id"] if len(rows) > PAGE else 0, left["reviews"] if left else 0)


async def answer(supplier: int, review: int, text: str) -> None:
    """Answer a review, or take the answer away with no words.

    Raises:
        NotTheirs, NotFit: see there.
    """
    async with transaction():
        row = await fetch_one(
            "SELECT product, answer FROM review WHERE id = $1 AND supplier = $2 AND state = 'shown' FOR NO KEY UPDATE",
            review,
            supplier,
        )
        if row is None:
            raise NotTheirs
        if reason := doubt("", text):
            raise NotFit(reason)
        if text != row["answer"]:
            await _set(review, text)
            await tell(row["product"])


async def remove_answer(review: int) -> bool:
    """By an operator. False if there was none."""
    async with transaction():
        row = await fetch_one("SELECT product FROM review WHERE id = $1 AND answer <> '' FOR NO KEY UPDATE", review)
        if row is None:
            return False
        await _set(review, "")
        await tell(row["product"])
    return True


async def _set(review: int, text: str) -> None:
    await execute(
        """UPDATE review SET answer = $2::text, answered_at = CASE WHEN $2::text <> '' THEN $3::timestamptz END
           WHERE id = $1""",
        review,
        text,
        now(),
    )
