"""Helpful votes and reports: one of each per review and account or visitor, not of one's own review.

Both say what they want to be, so a form that is sent twice does the same as once. Votes are counted by the database.
"""

from collections.abc import Sequence

from app.accounts.owners import Owner
from app.events.outbox import publish
from app.infra.buckets import Limit, take
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.reviews.tables import ReportKind
from app.reviews.writing import hold_account

AN_ADDRESS = Limit(rate=1 / 20, burst=60)  # of a network: a cookie is quickly thrown away, an address is not


class NotShown(Exception):
    """There is no such review, or it is not shown (any more)."""


class OwnReviewRefused(Exception):
    """Nobody judges what they wrote themselves."""


class TooOften(Exception):
    """So much comes from one network address that it is no person reading."""


async def vote(owner: Owner, review: int, *, is_helpful: bool, sender: str) -> int:
    """Find a review helpful, or no longer; how many do now.

    Args:
        sender: the network that it came from; "" where that is not known: then its votes are not paced.

    Raises:
        NotShown, OwnReviewRefused, TooOften: see there.
    """
    await _paced("vote", sender)
    async with transaction():
        product = await _anothers(owner, review)
        if is_helpful:
            changed = await fetch(
                """INSERT INTO review_vote (review, account, visitor, voted_at) VALUES ($1, $2, $3, $4)
                   ON CONFLICT DO NOTHING RETURNING id""",
                review,
                owner.account,
                owner.visitor,
                now(),
            )
        else:
            changed = await fetch(
                """DELETE FROM review_vote WHERE review = $1 AND (account = $2::bigint OR visitor = $3::bytea)
                   RETURNING id""",
                review,
                owner.account,
                owner.visitor,
            )
        if changed:
            await publish("reviews", str(product), {"products": [product]})
        row = await fetch_one("SELECT helpful FROM review WHERE id = $1", review)
    return int(row["helpful"]) if row else 0


async def lock_theirs(account: int, visitor: bytes | None = None, and_of: Sequence[int] = ()) -> None:
    """Lock the reviews that somebody wrote, those they have voted for, whose counts change when votes go, and those
    `and_of` somebody else: all at once, in id order, after the account and before any is changed. In a transaction.
    """
    await hold_account(account)
    await fetch(
        """SELECT id FROM review WHERE id IN (
             SELECT id FROM review WHERE account = $1 OR visitor = $2
             UNION ALL SELECT review FROM review_vote WHERE account = $1 OR visitor = $2
             UNION ALL SELECT unnest($3::bigint[])) ORDER BY id FOR UPDATE""",
        account,
        visitor,
        list(and_of),
    )


async def report(owner: Owner, review: int, kind: ReportKind, note: str, *, sender: str) -> None:
    """Tell the operators of a review. A second report of the same person changes the first while nobody has looked.

    Raises:
        NotShown, OwnReviewRefused, TooOften: see there.
    """
    await _paced("report", sender)
    async with transaction():
        await _anothers(owner, review)
        reporter = "account" if owner.account is not None else "visitor"
        await execute(
            f"""INSERT INTO review_report AS known (review, account, visitor, kind, note, reported_at)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (review, {reporter}) WHERE {reporter} IS NOT NULL
                DO UPDATE SET kind = excluded.kind, note = excluded.note WHERE known.settled_at IS NULL""",  # noqa: S608
            review,
            owner.account,
            owner.visitor,
            kind,
            note,
            now(),
        )


async def _paced(what: str, sender: str) -> None:
    if sender and not (await take(f"review-{what}:{sender}", AN_ADDRESS)).granted:
        raise TooOften


async def _anothers(owner: Owner, review: int) -> int:
    """The product of a review that is shown and somebody else's, locked after who judges it and before its votes."""
    await hold_account(owner.account)
    row = await fetch_one(
        """SELECT product, coalesce(account = $2::bigint, false) OR coalesce(visitor = $3::bytea, false) AS is_own
           FROM review WHERE id = $1 AND state = 'shown' FOR NO KEY UPDATE""",
        review,
        owner.account,
        owner.visitor,
    )
    if row is None:
        raise NotShown
    if row["is_own"]:
        raise OwnReviewRefused
    return int(row["product"])
