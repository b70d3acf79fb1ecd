"""Reviews as they are shown: the best of a product, and all of them in pages that cost the same however many."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.accounts.owners import Owner
from app.catalog.slugs import LONGEST
from app.infra.database import fetch, fetch_one
from app.reviews.ratings import Rating
from app.reviews.tables import ReviewState

PAGE = 10
BEST = 3

# Sort → what the first of a list has most of. Words before bare stars where what is helpful comes first.
SORTS = {
    "helpful": "((text <> '')::int, helpful, written_at, id)",
    "newest": "(written_at, id)",
    "highest": "(stars, (text <> '')::int, helpful, written_at, id)",
    "lowest": "(-stars, (text <> '')::int, helpful, written_at, id)",
}
SORT_WORDS = {"helpful": "Most helpful", "newest": "Newest", "highest": "Most stars", "lowest": "Fewest stars"}

_FIELDS = """id, name, choice, stars, title, text, helpful, written_at, edited_at, answer, answered_at,
  coalesce((SELECT s.name FROM supplier s WHERE s.id = review.supplier), '') AS seller"""

# For a product's document: as JSON, of product `p`.
RATING_OF = """(SELECT jsonb_build_object('stars', stars, 'count', reviews,
                  'bars', jsonb_build_array(ones, twos, threes, fours, fives))
                FROM product_rating WHERE product = p.id)"""
BEST_OF = f"""(SELECT jsonb_agg(best) FROM (
                 SELECT {_FIELDS} FROM review WHERE product = p.id AND state = 'shown' AND text <> ''
                 ORDER BY (text <> '')::int DESC, helpful DESC, written_at DESC, id DESC LIMIT {BEST}) AS best)"""  # noqa: S608


class ReviewView(msgspec.Struct, frozen=True):
    id: int
    name: str
    choice: str
    stars: int
    title: str
    text: str
    helpful: int
    written_at: datetime
    edited_at: datetime | None
    answer: str  # of the seller
    answered_at: datetime | None
    seller: str

    @property
    def author(self) -> str:
        return self.name or "Verified buyer"


class WrittenReview(msgspec.Struct, frozen=True):
    """A review as its author finds it again, with its product."""

    id: int
    product: str
    slug: str
    image: str
    stars: int
    title: str
    text: str
    state: ReviewState
    reason: str
    helpful: int
    written_at: datetime
    answer: str
    seller: str


class OwnReview(msgspec.Struct, frozen=True):
    id: int
    name: str
    stars: int
    title: str
    text: str
    state: ReviewState
    reason: str


@dataclass(frozen=True)
class ReviewList:
    reviews: tuple[ReviewView, ...]
    after: int  # the id to go on behind; 0 on the last page


async def product_called(slug: str) -> Any | None:
    """Id, slug, name and picture of the product, on sale or not; None if there never was one."""
    if len(slug) > LONGEST:
        return None
    return await fetch_one("SELECT id, slug, name, image FROM product WHERE slug = $1", slug)


async def rating_of(product: int) -> Rating:
    row = await fetch_one(
        "SELECT stars, reviews AS count, ones, twos, threes, fours, fives FROM product_rating WHERE product = $1",
        product,
    )
    if row is None:
        return Rating(bars=(0,) * 5)
    return Rating(row["stars"], row["count"], tuple(row)[2:])


async def reviews_of(product: int, sort: str, stars: int | None = None, after: int = 0) -> ReviewList:
    """One page of the shown reviews of a product.

    Args:
        sort: a key of SORTS.
        stars: only those that gave so many.
        after: the id of the last review on the page before; one that is not shown any more still says where to go on.
    """
    rows = await fetch(
        f"""SELECT {_FIELDS} FROM review
            WHERE product = $1 AND state = 'shown' AND ($2::int IS NULL OR stars = $2)
              AND ($3::bigint = 0 OR {SORTS[sort]} < (SELECT {SORTS[sort][1:-1]} FROM review WHERE id = $3))
            ORDER BY {_down(sort)} LIMIT {PAGE + 1}""",  # noqa: S608 - only constants are put in
        product,
        stars,
        after,
    )
    found = tuple(ReviewView(**row) for row in rows[:PAGE])
    return ReviewList(found, found[-1].id if len(rows) > PAGE else 0)


def _down(sort: str) -> str:
    return ", ".join(f"{key} DESC" for key in SORTS[sort][1:-1].split(", "))


async def own_review(owner: Owner, product: int) -> OwnReview | None:
    """What the owner says of a product, whatever state it is in; None after it was withdrawn."""
    row = await fetch_one(
        """SELECT id, name, stars, title, text, state, reason FROM review
           WHERE product = $1 AND (account = $2::bigint OR visitor = $3::bytea) AND state <> 'withdrawn'""",
        product,
        owner.account,
        owner.visitor,
    )
    return msgspec.convert(dict(row), OwnReview) if row else None


async def written_by(account: int, after: int = 0) -> tuple[tuple[WrittenReview, ...], int]:
    """One page of what an account has reviewed, the newest first, and the id to go on behind; 0 on the last page."""
    rows = await fetch(
        f"""SELECT r.id, p.name AS product, p.slug, p.image, r.stars, r.title, r.text, r.state, r.reason, r.helpful,
                   r.written_at, r.answer, coalesce(s.name, '') AS seller
            FROM review r JOIN product p ON p.id = r.product LEFT JOIN supplier s ON s.id = r.supplier
            WHERE r.account = $1 AND r.state <> 'withdrawn' AND ($2::bigint = 0 OR r.id < $2)
            ORDER BY r.id DESC LIMIT {PAGE + 1}""",  # noqa: S608 - a constant
        account,
        after,
    )
    found = tuple(msgspec.convert(dict(row), WrittenReview) for row in rows[:PAGE])
    return found, found[-1].id if len(rows) > PAGE else 0


async def shown(review: int) -> Any:
    """A review that is shown, with its product's id, slug and name; None if there is none."""
    return await fetch_one(
        """SELECT review.id, review.name, review.choice, review.stars, review.title, review.text, review.helpful,
                  review.written_at, review.edited_at, review.product, product.slug, product.name AS product_name
           FROM review JOIN product ON product.id = review.product WHERE review.id = $1 AND review.state = 'shown'""",
        review,
    )
