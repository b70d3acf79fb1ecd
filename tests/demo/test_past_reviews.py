"""The demo's reviews are of verified buyers, in words that the shop shows, and the same each time."""

import pytest

from app.demo import past_orders, past_reviews
from app.demo.past_reviews import _said
from app.infra import redis
from app.infra.database import execute, fetch, fetch_one
from app.reviews import moderating
from app.reviews.screening import doubt
from app.reviews.writing import LONGEST_TITLE
from tests.demo.test_past_orders import count, market
from tests.world import World

__all__ = ["market"]


async def written() -> list[tuple[object, ...]]:
    rows = await fetch(
        """SELECT p.slug, r.name, r.choice, r.stars, r.title, r.text, r.state, r.helpful
           FROM review r JOIN product p ON p.id = r.product ORDER BY r.id"""
    )
    return [tuple(row) for row in rows]


async def test_they_come_with_orders_and_a_second_run_adds_none(market: World) -> None:
    await past_orders.bring_in()
    assert await past_reviews.are_missing()
    brought = await past_reviews.bring_in()
    assert brought == await count("review") > 60
    first = await written()
    assert not await past_reviews.are_missing()
    assert await past_reviews.bring_in() == 0
    assert await written() == first
    row = await fetch_one("SELECT sum(reviews)::int AS added FROM product_rating")
    assert row and row["added"] == await count("review WHERE state = 'shown'")
    assert len({each[3] for each in first}) == 5  # from one star to five
    assert await count("review WHERE helpful > 0") > 10
    assert await moderating.waiting() == 3  # two that wait, and one that was reported
    assert await count("review WHERE written_at > now()") == 0
    await execute("TRUNCATE review CASCADE")
    await execute("TRUNCATE product_rating")
    await redis.client(patient=True).flushdb()
    await past_reviews.bring_in()
    again = await written()
    assert [each[:6] for each in again] == [each[:6] for each in first]


@pytest.mark.parametrize("part", [name for name in _said() if name != "waiting"])
def test_their_words_are_fit_to_be_shown(part: str) -> None:
    for tone in ("good", "fair", "bad"):
        for said in _said()[part][tone]:
            title, bar, text = said.partition("|")
            assert bar and text.strip() and len(title.strip()) <= LONGEST_TITLE
            assert doubt(title.strip(), text.strip()) == "", said


def test_those_that_wait_are_in_doubt() -> None:
    for said in (*_said()["waiting"]["good"], *_said()["waiting"]["bad"]):
        title, _, text = said.partition("|")
        assert doubt(title, text)
