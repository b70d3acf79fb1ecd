"""What one shopper has to do with the reviews of a product: may they write, what have they written and voted for."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.accounts.owners import Owner
from app.infra.database import fetch
from app.reviews.buyers import bought
from app.reviews.reading import OwnReview, own_review


@dataclass(frozen=True)
class Standing:
    may_write: bool = False
    own: OwnReview | None = None
    voted: frozenset[int] = frozenset()  # reviews, of those asked about


NOBODY = Standing()


async def standing(owner: Owner | None, product: int, reviews: Iterable[int]) -> Standing:
    """In three queries; none for somebody we remember nothing of."""
    if owner is None:
        return NOBODY
    own = await own_review(owner, product)
    may_write = await bought(owner, product) is not None
    return Standing(may_write, own, await _voted(owner, list(reviews)))


async def _voted(owner: Owner, reviews: list[int]) -> frozenset[int]:
    if not reviews:
        return frozenset()
    rows = await fetch(
        "SELECT review FROM review_vote WHERE review = ANY($1) AND (account = $2::bigint OR visitor = $3::bytea)",
        reviews,
        owner.account,
        owner.visitor,
    )
    return frozenset(row["review"] for row in rows)
