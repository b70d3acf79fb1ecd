"""Writing a review, changing it, taking it back. One per buyer and product: what is sent again changes it."""

from dataclasses import dataclass
from typing import Any

from app.accounts.owners import Owner
from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.reviews.buyers import Bought, bought
from app.reviews.screening import doubt
from app.reviews.tables import ReviewState

LONGEST_TITLE = 100
LONGEST_TEXT = 4000

AGAIN = "It was rejected before, and its words have changed"


class NotBought(Exception):
    """Only who has an order of the product that is paid and stands may review it."""


@dataclass(frozen=True)
class Draft:
    stars: int  # 1 to 5
    title: str = ""
    text: str = ""
    is_named: bool = True  # under the given name and an initial, else as "Verified buyer"


async def write(owner: Owner, product: int, draft: Draft) -> ReviewState:
    """Write or change the owner's review of a product; the state that it is in now.

    Words that an operator rejected once are judged by an operator again; others go through `screening`. What is as it
    was changes nothing.

    Raises:
        NotBought: see there.
    """
    async with transaction():
        buyer = await bought(owner, product)
        if buyer is None:
            raise NotBought
        name = buyer.name if draft.is_named else ""
        reason = doubt(draft.title, draft.text)
        state = ReviewState.WAITING if reason else ReviewState.SHOWN
        said = (draft.stars, draft.title, draft.text, name)
        row = await fetch_one(
            """INSERT INTO review
                 (product, account, visitor, stars, title, text, name, choice, supplier, state, reason, written_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING id""",
            product,
            owner.account,
            owner.visitor,
            *said,
            buyer.choice,
            buyer.supplier,
            state,
            reason,
            now(),
        )
        if row is None:
            return await _change(owner, product, said, buyer, reason)
        await note_move(row["id"], None, state, "author", reason=reason)
        await tell(product)
    return state


async def _change(owner: Owner, product: int, said: tuple[Any, ...], buyer: Bought, reason: str) -> ReviewState:
    old = await _locked(owner, product)
    before = ReviewState(old["state"])
    same_words = (old["title"], old["text"]) == said[1:3]
    if before != ReviewState.WITHDRAWN and same_words and (old["stars"], old["name"]) == (said[0], said[3]):
        return before
    state, reason = await _judged(old, said, reason, same_words=same_words)
    await execute(
        """UPDATE review SET stars = $2, title = $3, text = $4, name = $5, choice = $6, state = $7::text, reason = $8,
                  supplier = $10, version = version + 1,
                  edited_at = CASE WHEN state <> 'withdrawn' THEN $9::timestamptz END,
                  written_at = CASE WHEN state = 'withdrawn' THEN $9 ELSE written_at END WHERE id = $1""",
        old["id"],
        *said,
        buyer.choice,
        state,
        reason,
        now(),
        buyer.supplier,
    )
    await note_move(old["id"], before, state, "author", reason=reason)
    await tell(product)
    return state


async def _judged(old: Any, said: tuple[Any, ...], reason: str, *, same_words: bool) -> tuple[ReviewState, str]:
    """Which state a changed review is in, and why."""
    before = ReviewState(old["state"])
    if same_words and before != ReviewState.WITHDRAWN:  # stars alone, or the name: what was decided on the words holds
        return before, old["reason"]
    if not any(said[1:3]):
        return ReviewState.SHOWN, ""
    if not reason and await _was_rejected(old["id"]):
        reason = AGAIN
    return (ReviewState.WAITING, reason) if reason else (ReviewState.SHOWN, "")


async def withdraw(owner: Owner, product: int) -> bool:
    """Take the owner's review back: it is shown no more, and its words are gone. False if there is none.

    The row stays, so that what was decided before is known if they write again.
    """
    async with transaction():
        row = await _locked(owner, product)
        if row is None or row["state"] == ReviewState.WITHDRAWN:
            return False
        await _withdraw(row, "author")
    return True


async def withdraw_unfounded(owner: Owner, product: int) -> None:
    """Take the owner's review back if no order of theirs stands for it any more."""
    async with transaction():
        row = await _locked(owner, product)
        if row is not None and row["state"] != ReviewState.WITHDRAWN and await bought(owner, product) is None:
            await _withdraw(row, "order")


async def _withdraw(row: Any, actor: str) -> None:
    await execute(
        """UPDATE review SET state = 'withdrawn', title = '', text = '', name = '', reason = '', answer = '',
                  answered_at = NULL, version = version + 1 WHERE id = $1""",
        row["id"],
    )
    await execute("DELETE FROM review_vote WHERE review = $1", row["id"])
    await execute("UPDATE review_move SET title = '', text = '' WHERE review = $1", row["id"])
    await note_move(row["id"], row["state"], ReviewState.WITHDRAWN, actor)
    await tell(row["product"])


async def note_move(
    review: int, before: str | None, after: ReviewState, actor: str, *, account: int | None = None, reason: str = ""
) -> None:
    """One row of a review's history, with what it says now. In the transaction of the change."""
    await execute(
        """INSERT INTO review_move (review, from_state, to_state, actor, account, reason, stars, title, text, moved_at)
           SELECT id, $2, $3, $4, $5, $6, stars, title, text, $7 FROM review WHERE id = $1""",
        review,
        before,
        after,
        actor,
        account,
        reason,
        now(),
    )


async def tell(product: int) -> None:
    """What is shown of the product has changed: search and caches take it up. In the transaction of the change."""
    await publish("products", str(product), {"products": [product]})


async def hold_account(account: int | None) -> None:
    """Keep an account from being deleted until the transaction ends: before any of its reviews or votes is locked.

    Whoever deletes it locks it first, too; and PostgreSQL looks at it when a row that refers to it is changed again.
    """
    await execute("SELECT FROM account WHERE id = $1 FOR KEY SHARE", account)


async def _locked(owner: Owner, product: int) -> Any:
    """The owner's review."""
    await hold_account(owner.account)
    return await fetch_one(
        """SELECT * FROM review WHERE product = $1 AND (account = $2::bigint OR visitor = $3::bytea)
           FOR NO KEY UPDATE""",
        product,
        owner.account,
        owner.visitor,
    )


async def _was_rejected(review: int) -> bool:
    row = await fetch_one("SELECT FROM review_move WHERE review = $1 AND to_state = 'rejected' LIMIT 1", review)
    return row is not None
