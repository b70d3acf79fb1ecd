"""What a guest has reviewed and voted for becomes the account's at sign-in."""

from app.infra.database import execute, fetch, transaction
from app.reviews.voting import lock_voted
from app.reviews.writing import tell


async def merge(visitor: bytes, account: int) -> None:
    """Of two reviews of one product the one that was written or changed last stays. Joins the sign-in's transaction."""
    async with transaction():
        twice = await fetch(
            """SELECT guests.product, CASE WHEN coalesce(guests.edited_at, guests.written_at)
                                             > coalesce(own.edited_at, own.written_at) AND guests.state <> 'withdrawn'
                                           THEN own.id ELSE guests.id END AS older
               FROM review AS guests JOIN review AS own ON own.product = guests.product AND own.account = $2
               WHERE guests.visitor = $1 ORDER BY guests.product FOR NO KEY UPDATE""",
            visitor,
            account,
        )
        await execute("DELETE FROM review WHERE id = ANY($1)", [row["older"] for row in twice])
        await execute("UPDATE review SET account = $2, visitor = NULL WHERE visitor = $1", visitor, account)
        await lock_voted(account, visitor)
        voted = await fetch(
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
        # an own review that the account had voted for as somebody else
        voted += await fetch(
            """DELETE FROM review_vote USING review WHERE review.id = review_vote.review AND review.account = $1
                 AND review_vote.account = $1 RETURNING review.product""",
            account,
        )
        for product in sorted({row["product"] for row in (*twice, *voted)}):
            await tell(product)
