"""Votes and reports, many at once."""

import asyncio
from contextvars import Context

import pytest

from app.accounts.owners import Owner
from app.infra.database import execute, fetch, transaction
from app.reviews.leaving import unname
from app.reviews.reading import reviews_of
from app.reviews.tables import ReportKind
from app.reviews.voting import NotShown, TooOften, report, vote
from app.reviews.writing import Draft, withdraw, write
from tests.orders.wanting import guest
from tests.reviews.buying import account_buyer, buyer, id_of, reviewed
from tests.waiting import until_somebody_waits
from tests.world import World


async def counted(review: int) -> tuple[int, int]:
    """As kept with the review, and as there are votes."""
    (row,) = await fetch(
        """SELECT helpful, (SELECT count(*) FROM review_vote v WHERE v.review = review.id)::int AS votes
           FROM review WHERE id = $1""",
        review,
    )
    return row["helpful"], row["votes"]


async def _vote(owner: Owner, review: int, is_helpful: bool) -> None:
    await vote(owner, review, is_helpful=is_helpful, sender="10.0.0.1")


async def test_votes_at_once_are_all_counted_and_each_reader_once(world: World) -> None:
    lamp = await world.product()
    (review,) = await reviewed(world, lamp, 5, text="Good.")
    readers = [guest(f"reader {n % 8}") for n in range(16)]  # everybody twice
    await asyncio.gather(*(_vote(each, review, True) for each in readers))
    assert await counted(review) == (8, 8)
    await asyncio.gather(*(_vote(each, review, n % 2 == 0) for n, each in enumerate(readers[:8])))
    assert await counted(review) == (4, 4)


async def test_voting_while_the_author_writes_waits_for_nobody_forever(world: World) -> None:
    lamp = await world.product()
    marta = await buyer(world, lamp)
    await write(marta, lamp.product, Draft(5, "", "Good."))
    review = await id_of(marta, lamp)
    readers = [guest(f"reader {n}") for n in range(24)]
    edits = [_write(marta, lamp.product, Draft(1 + n % 5, "", f"Good {n}.")) for n in range(8)]
    await asyncio.gather(*(_vote(each, review, True) for each in readers), *edits)
    assert await counted(review) == (24, 24)
    (row,) = await fetch("SELECT reviews FROM product_rating")
    assert row["reviews"] == 1


async def _write(owner: Owner, product: int, draft: Draft) -> None:
    await write(owner, product, draft)


async def test_a_vote_tells_caches_and_not_the_index(world: World) -> None:
    lamp = await world.product()
    (review,) = await reviewed(world, lamp, 5, text="Good.")
    products = await fetch("SELECT id FROM outbox WHERE topic = 'products'")
    for _ in range(2):
        await _vote(guest("reader"), review, True)
    assert await fetch("SELECT id FROM outbox WHERE topic = 'products'") == products
    (event,) = await fetch("SELECT payload::text AS payload FROM outbox WHERE topic = 'reviews'")
    assert str(lamp.product) in event["payload"]


async def test_what_is_not_shown_is_not_judged(world: World) -> None:
    lamp = await world.product()
    (review,) = await reviewed(world, lamp, 5, text="See www.elsewhere.example")
    for number in (review, review + 1):
        with pytest.raises(NotShown):
            await _vote(guest("reader"), number, True)
        with pytest.raises(NotShown):
            await report(guest("reader"), number, ReportKind.ADVERT, "", sender="10.0.0.1")


async def test_one_address_does_not_vote_for_a_crowd(world: World) -> None:
    lamp = await world.product()
    (review,) = await reviewed(world, lamp, 5, text="Good.")
    with pytest.raises(TooOften):
        for n in range(80):
            await _vote(guest(f"made up {n}"), review, True)
    helpful, votes = await counted(review)
    assert helpful == votes <= 62


async def test_the_most_helpful_come_first(world: World) -> None:
    lamp = await world.product()
    first, second, third = await reviewed(world, lamp, 5, 3, 1, text="Good.")
    for n in range(2):
        await _vote(guest(f"reader {n}"), second, True)
    await _vote(guest("reader"), first, True)
    found = (await reviews_of(lamp.product, "helpful")).reviews
    assert [each.id for each in found] == [second, first, third]


async def test_who_leaves_waits_for_a_review_without_holding_a_later_one(world: World) -> None:
    """Several are locked in the order of their ids, one's own and those voted for alike: nobody waits in a circle."""
    lamp, mug = [await world.product(name) for name in ("Lamp", "Mug")]
    (others,) = await reviewed(world, lamp, 5, text="Good.")
    ana = await account_buyer(world, mug)
    await write(ana, mug.product, Draft(4, "", "Mine."))
    await _vote(ana, others, True)
    assert ana.account
    async with transaction():
        await execute("SELECT FROM review WHERE id = $1 FOR UPDATE", others)
        leaving = asyncio.create_task(_leave(ana.account), context=Context())
        await until_somebody_waits()
        await execute("SELECT FROM review WHERE id = $1 FOR UPDATE NOWAIT", await id_of(ana, mug))
    await leaving
    assert await counted(others) == (0, 0)


async def _leave(account: int) -> None:
    async with transaction():
        await unname(account, "")


async def test_who_takes_a_vote_back_waits_for_the_review_without_holding_the_vote(world: World) -> None:
    (review,) = await reviewed(world, await world.product(), 5, text="Good.")
    reader = guest("reader")
    await _vote(reader, review, True)
    async with transaction():
        await execute("SELECT FROM review WHERE id = $1 FOR NO KEY UPDATE", review)
        voting = asyncio.create_task(_vote(reader, review, False), context=Context())
        await until_somebody_waits()
        await execute("SELECT FROM review_vote WHERE review = $1 FOR UPDATE NOWAIT", review)
    await voting
    assert await counted(review) == (0, 0)


async def test_who_takes_a_review_back_waits_for_the_account_without_holding_the_review(world: World) -> None:
    lamp = await world.product()
    ana = await account_buyer(world, lamp)
    await write(ana, lamp.product, Draft(4, "", "Mine."))
    await _vote(guest("reader"), await id_of(ana, lamp), True)
    async with transaction():
        await execute("SELECT FROM account WHERE id = $1 FOR UPDATE", ana.account)
        taking = asyncio.create_task(_take_back(ana, lamp.product), context=Context())
        await until_somebody_waits()
        await execute("SELECT FROM review FOR UPDATE NOWAIT")
    await taking


async def test_who_reports_a_review_waits_for_the_account_without_holding_the_review(world: World) -> None:
    lamp = await world.product()
    (review,) = await reviewed(world, lamp, 5, text="Good.")
    ana = await account_buyer(world, await world.product("Mug"))
    await _vote(ana, review, True)
    async with transaction():
        await execute("SELECT FROM account WHERE id = $1 FOR UPDATE", ana.account)
        reporting = asyncio.create_task(report(ana, review, ReportKind.ADVERT, "", sender=""), context=Context())
        await until_somebody_waits()
        await unname(ana.account or 0, "")
    await reporting


async def _take_back(owner: Owner, product: int) -> None:
    assert await withdraw(owner, product)
