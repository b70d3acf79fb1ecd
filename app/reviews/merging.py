"""What a guest has reviewed and voted for becomes the account's: at sign-in all of this browser's, and with a confirmed
e-mail address what was said of the orders that come with it. Of two reviews of one product the one that was written or
changed last stays, of one that was taken back the other.
"""

from collections.abc import Sequence
from typing import Any

from app.infra.database import execute, fetch, transaction
from app.reviews.voting import lock_theirs
from app.reviews.writing import tell

_SAID_OF_ORDERS = """
SELECT DISTINCT r.id FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN order_line l ON l.parcel = p.id
JOIN offer f ON f.id = l.offer JOIN variant v ON v.id = f.variant
JOIN review r ON r.product = v.product AND r.visitor = o.visitor
WHERE lower(o.email) = $1 AND o.account IS NULL AND o.state <> 'pending'"""


async def merge(visitor: bytes, account: int) -> None:
    """Joins the sign-in's transaction."""
    async with transaction():
        await lock_theirs(account, visitor)
        changed = await _take_over(account, await fetch("SELECT id FROM review WHERE visitor = $1", visitor))
        changed += await fetch(
            """DELETE FROM review_vote AS guests USING review
               WHERE guests.visitor = $1 AND review.id = guests.review
                 AND (review.account = $2 OR EXISTS (SELECT FROM review_vote AS own WHERE own.review = guests.review
                                                                                  AND own.account = $2))
               RETURNING review.product""",
            visitor,
            account,
        )
        await execute("UPDATE review_vote SET account = $2, visitor = NULL WHERE visitor = $1", visitor, account)
        await execute(
            """DELETE FROM review_report AS guests WHERE visitor = $1 AND EXISTS (
                 SELECT FROM review_report AS own WHERE own.review = guests.review AND own.account = $2)""",
            visitor,
            account,
        )
        await execute("UPDATE review_report SET account = $2, visitor = NULL WHERE visitor = $1", visitor, account)
        await _tell(changed + await _unvote_own(account))


async def prove(account: int, email: str) -> None:
    """What was said of orders with this address becomes the account's before the orders do, in their transaction: else
    one purchase would have two reviews."""
    async with transaction():
        reviews = await fetch(_SAID_OF_ORDERS, email)
        if reviews:
            await lock_theirs(account, and_of=[row["id"] for row in reviews])
            changed = await _take_over(account, reviews)
            await _tell(changed + await _unvote_own(account))


async def _take_over(account: int, reviews: Sequence[Any]) -> list[Any]:
    """Give guests' reviews to the account. Rows with the products of which one had to go."""
    ids = [row["id"] for row in reviews]
    twice = await fetch(
        """SELECT guests.product, CASE WHEN own.state = 'withdrawn' OR guests.state <> 'withdrawn' AND
                    coalesce(guests.edited_at, guests.written_at) > coalesce(own.edited_at, own.written_at)
                  THEN own.id ELSE guests.id END AS older
           FROM review AS guests JOIN review AS own ON own.product = guests.product AND own.account = $2
           WHERE guests.id = ANY($1) ORDER BY guests.product""",
        ids,
        account,
    )
    await execute("DELETE FROM review WHERE id = ANY($1)", [row["older"] for row in twice])
    await execute("UPDATE review SET account = $2, visitor = NULL WHERE id = ANY($1)", ids, account)
    return list(twice)


async def _unvote_own(account: int) -> list[Any]:
    """An own review that the account had voted for as somebody else."""
    return await fetch(
        """DELETE FROM review_vote USING review WHERE review.id = review_vote.review AND review.account = $1
             AND review_vote.account = $1 RETURNING review.product""",
        account,
    )


async def _tell(changed: Sequence[Any]) -> None:
    for product in sorted({row["product"] for row in changed}):
        await tell(product)
