"""Reviews when their author's account is deleted, and what its owner takes along."""

from typing import Any

from app.infra.database import execute, fetch
from app.reviews.voting import lock_theirs
from app.reviews.writing import tell


async def unname(account_id: int, _: str) -> None:
    """What is shown of a product stays, by a verified buyer without a name; what is not shown goes, and so do the words
    that a shown review had before it was changed."""
    await lock_theirs(account_id)
    await execute("DELETE FROM review WHERE account = $1 AND state <> 'shown'", account_id)
    shown = await fetch("UPDATE review SET name = '' WHERE account = $1 RETURNING id, product", account_id)
    await execute(
        """UPDATE review_move AS move SET title = '', text = '' FROM review
           WHERE review.id = move.review AND review.id = ANY($1)
             AND (move.title, move.text) <> (review.title, review.text)""",
        [row["id"] for row in shown],
    )
    voted = await fetch(
        "DELETE FROM review_vote USING review WHERE review.id = review AND review_vote.account = $1 RETURNING product",
        account_id,
    )
    for product in sorted({row["product"] for row in (*shown, *voted)}):
        await tell(product)


async def export(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT p.name AS product, r.choice, r.name, r.stars, r.title, r.text, r.state, r.written_at, r.edited_at
           FROM review r JOIN product p ON p.id = r.product WHERE r.account = $1 ORDER BY r.id""",
        account_id,
    )
    return [dict(row) for row in rows]


async def export_votes(account_id: int) -> list[dict[str, Any]]:
    """Of others' reviews: which helped."""
    rows = await fetch(
        """SELECT p.name AS product, r.name AS author, r.title, v.voted_at FROM review_vote v
           JOIN review r ON r.id = v.review JOIN product p ON p.id = r.product WHERE v.account = $1 ORDER BY v.id""",
        account_id,
    )
    return [dict(row) for row in rows]


async def export_reports(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT p.name AS product, w.kind, w.note, w.reported_at FROM review_report w
           JOIN review r ON r.id = w.review JOIN product p ON p.id = r.product WHERE w.account = $1 ORDER BY w.id""",
        account_id,
    )
    return [dict(row) for row in rows]
