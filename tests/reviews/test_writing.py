"""Who may review, what becomes of it, and what it adds up to."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest

from app.accounts.owners import Owner
from app.events.event import Event
from app.infra.database import execute, fetch, transaction
from app.orders.tables import OrderState
from app.reviews.buyers import short_name
from app.reviews.events import follow_orders
from app.reviews.leaving import unname
from app.reviews.reading import ReviewView, own_review, rating_of, reviews_of
from app.reviews.tables import ReviewState
from app.reviews.voting import vote
from app.reviews.writing import Draft, NotBought, withdraw, write
from tests.orders.wanting import guest, pending
from tests.reviews.buying import TO_DELIVERED, account_buyer, buyer, go, reviewed
from tests.world import World


@pytest.mark.parametrize("until", TO_DELIVERED)
async def test_who_has_a_paid_order_of_it_may_review(world: World, until: OrderState) -> None:
    lamp = await world.product()
    assert await write(await buyer(world, lamp, until=until), lamp.product, Draft(4)) == ReviewState.SHOWN


async def test_others_may_not(world: World) -> None:
    lamp, mug = await world.product(), await world.product("Mug", category="mugs-and-cups/mugs")
    await buyer(world, lamp)
    unpaid = guest("unpaid")
    await pending(world, lamp, owner=unpaid)
    for owner, product in ((guest("Rui"), lamp), (guest("Marta"), mug), (unpaid, lamp), (Owner(1, None), lamp)):
        with pytest.raises(NotBought):
            await write(owner, product.product, Draft(5))
    assert await fetch("SELECT id FROM review") == []


async def test_an_order_that_was_cancelled_before_it_arrived_does_not_count_one_sent_back_does(world: World) -> None:
    lamp = await world.product(stock={"LIS": 20})
    cancelled, returned = guest("cancelled"), guest("returned")
    first = await pending(world, lamp, owner=cancelled)
    await go(first.id, OrderState.PAID, OrderState.CANCELLED, OrderState.REFUNDED)
    with pytest.raises(NotBought):
        await write(cancelled, lamp.product, Draft(1))
    second = await pending(world, lamp, owner=returned)
    await go(second.id, *TO_DELIVERED, OrderState.RETURNED, OrderState.REFUNDED)
    assert await write(returned, lamp.product, Draft(1)) == ReviewState.SHOWN


async def test_a_second_review_changes_the_first(world: World) -> None:
    lamp = await world.product()
    marta = await buyer(world, lamp)
    await write(marta, lamp.product, Draft(2, "Short cord", "It does not reach."))
    await write(marta, lamp.product, Draft(4, "Better", "With a longer cord it does."))
    (review,) = (await reviews_of(lamp.product, "newest")).reviews
    assert (review.stars, review.title, review.name, review.choice) == (4, "Better", "Marta F.", "Bottle green")
    assert review.edited_at is not None
    rating = await rating_of(lamp.product)
    assert (rating.count, rating.mean, rating.bars) == (1, 4.0, (0, 0, 0, 1, 0))


async def test_what_is_sent_twice_is_no_change_and_tells_nobody(world: World) -> None:
    lamp = await world.product()
    marta = await buyer(world, lamp)
    await write(marta, lamp.product, Draft(5, "Good", "It is good."))
    before = await fetch("SELECT event_id FROM outbox")
    await write(marta, lamp.product, Draft(5, "Good", "It is good."))
    assert await fetch("SELECT event_id FROM outbox") == before
    assert (await reviews_of(lamp.product, "newest")).reviews[0].edited_at is None


async def test_two_at_once_of_one_buyer_are_one_review(world: World) -> None:
    lamp = await world.product()
    marta = await buyer(world, lamp)
    drafts = [Draft(1 + n % 5, "", f"Word {n}") for n in range(8)]
    await asyncio.gather(*(_apart(marta, lamp.product, each) for each in drafts))
    (review,) = await fetch("SELECT stars, version FROM review")
    assert review["version"] == 8
    rating = await rating_of(lamp.product)
    assert (rating.count, rating.stars) == (1, review["stars"])


async def _apart(owner: Owner, product: int, draft: Draft) -> None:
    await write(owner, product, draft)


async def test_many_buyers_at_once_add_up(world: World) -> None:
    lamp = await world.product(stock={"LIS": 50})
    owners = [await buyer(world, lamp, owner=guest(f"g{n}")) for n in range(12)]
    await asyncio.gather(*(_apart(owner, lamp.product, Draft(1 + n % 5)) for n, owner in enumerate(owners)))
    rating = await rating_of(lamp.product)
    assert rating.bars == (3, 3, 2, 2, 2)
    assert (rating.count, rating.stars) == (12, 3 + 6 + 6 + 8 + 10)
    await asyncio.gather(*(_gone(owner, lamp.product) for owner in owners[:6]))
    assert (await rating_of(lamp.product)).count == 6


async def _gone(owner: Owner, product: int) -> None:
    assert await withdraw(owner, product)


async def test_what_is_taken_back_does_not_count_and_its_words_are_gone(world: World) -> None:
    lamp = await world.product()
    marta = await buyer(world, lamp)
    await write(marta, lamp.product, Draft(5, "Secret", "My words."))
    assert await withdraw(marta, lamp.product)
    assert not await withdraw(marta, lamp.product)
    assert (await rating_of(lamp.product)).count == 0
    assert await own_review(marta, lamp.product) is None
    assert await fetch("SELECT id FROM review WHERE text <> '' UNION SELECT id FROM review_move WHERE text <> ''") == []
    await write(marta, lamp.product, Draft(3))  # and written anew
    assert (await rating_of(lamp.product)).mean == 3.0


async def test_the_name_is_given_name_and_initial_or_none(world: World) -> None:
    lamp = await world.product()
    ana = await account_buyer(world, lamp)
    await write(ana, lamp.product, Draft(5))
    assert (await reviews_of(lamp.product, "newest")).reviews[0].author == "Ana"
    await write(ana, lamp.product, Draft(5, is_named=False))
    assert (await reviews_of(lamp.product, "newest")).reviews[0].author == "Verified buyer"


async def test_an_order_that_comes_to_nothing_takes_its_review_along(world: World) -> None:
    lamp = await world.product(stock={"LIS": 20})
    ana, rui = guest("Ana"), guest("Rui")
    first = await pending(world, lamp, owner=ana)
    await go(first.id, OrderState.PAID)
    await buyer(world, lamp, owner=rui)
    for owner in (ana, rui):
        await write(owner, lamp.product, Draft(1, "", "It is bad."))
    happened = Event(uuid4(), "orders", first.number, {"kind": "cancelled", "order": first.id})
    await follow_orders([happened])  # it still stands
    assert (await rating_of(lamp.product)).count == 2
    await go(first.id, OrderState.CANCELLED)
    for _ in range(2):
        await follow_orders([happened])
    assert (await rating_of(lamp.product)).count == 1
    assert await own_review(ana, lamp.product) is None and await own_review(rui, lamp.product) is not None
    (move,) = await fetch("SELECT actor FROM review_move WHERE to_state = 'withdrawn'")
    assert move["actor"] == "order"


async def test_a_line_that_was_cancelled_does_not_count_while_others_of_its_order_do(world: World) -> None:
    lamp, mug = await world.product(), await world.product("Mug", category="mugs-and-cups/mugs")
    ana = await buyer(world, lamp, mug)
    for each in (lamp, mug):
        await write(ana, each.product, Draft(4))
    await execute("UPDATE order_line SET cancelled = quantity WHERE product_slug = $1", mug.slug)
    with pytest.raises(NotBought):
        await write(ana, mug.product, Draft(1))
    (order,) = await fetch("SELECT id, number FROM shop_order")
    await follow_orders([Event(uuid4(), "orders", order["number"], {"kind": "cancelled", "order": order["id"]})])
    assert [(await rating_of(each.product)).count for each in (lamp, mug)] == [1, 0]


async def test_another_order_that_stands_keeps_it(world: World) -> None:
    lamp = await world.product(stock={"LIS": 20})
    ana = await buyer(world, lamp, owner=guest("Ana"))
    second = await pending(world, lamp, owner=ana)
    await go(second.id, OrderState.PAID, OrderState.CANCELLED)
    await write(ana, lamp.product, Draft(5))
    await follow_orders([Event(uuid4(), "orders", second.number, {"kind": "cancelled", "order": second.id})])
    assert (await rating_of(lamp.product)).count == 1


async def test_who_leaves_leaves_what_is_shown_without_a_name(world: World) -> None:
    lamp, mug = await world.product(), await world.product("Mug", category="mugs-and-cups/mugs", stock={"LIS": 9})
    ana = await account_buyer(world, lamp, mug)
    assert ana.account is not None
    await write(ana, lamp.product, Draft(5, "", "It is good."))
    await write(ana, mug.product, Draft(5, "", "Cheaper at www.elsewhere.example"))
    (other,) = await reviewed(world, mug, 3, text="So so.")
    await vote(ana, other, is_helpful=True, sender="10.0.0.1")
    async with transaction():
        await unname(ana.account, "")
    rows = await fetch("SELECT product, name, state, helpful FROM review ORDER BY product")
    assert [tuple(row) for row in rows] == [(lamp.product, "", "shown", 0), (mug.product, "Marta F.", "shown", 0)]


async def test_of_who_leaves_no_words_stay_that_nobody_sees(world: World) -> None:
    lamp = await world.product()
    ana = await account_buyer(world, lamp)
    assert ana.account is not None
    await write(ana, lamp.product, Draft(5, "", "I live above the bakery in Alfama."))
    await write(ana, lamp.product, Draft(5, "", "It is good."))
    async with transaction():
        await unname(ana.account, "")
    rows = await fetch("SELECT text FROM review_move ORDER BY id")
    assert [row["text"] for row in rows] == ["", "It is good."]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Marta Fonseca", "Marta F."),
        ("João da Silva e Sousa", "João S."),
        ("Ana", "Ana"),
        ("Anne-Marie O’Neil", "Anne-Marie O."),
        ("  ", ""),
        ("buy.example now", ""),
        ("+351 912 345 678", ""),
        ("<script> x", ""),
        ("a" * 60 + " B", ""),
        ("Rui 3", "Rui"),
        ("Prof. Dr. Ana Lopes", "Ana L."),
        ("J. Sá", ""),
        ("प्रिया शर्मा", "प्रिया श."),
        ("Jose\u0301 Lopes", "José L."),
        ("Ｍerda Costa", ""),
    ],
)
def test_names(full: str, short: str) -> None:
    assert short_name(full) == short


async def test_a_list_comes_in_pages_in_each_order_and_by_stars(world: World) -> None:
    lamp = await world.product(stock={"LIS": 60})
    ids = await reviewed(world, lamp, *[1 + n % 5 for n in range(25)], text="It is as it is.")
    await execute("UPDATE review SET helpful = id % 7")
    orders: dict[str, Callable[[ReviewView], tuple[int, ...]]] = {
        "helpful": lambda r: (-r.helpful, -r.id),
        "newest": lambda r: (-r.id,),
        "highest": lambda r: (-r.stars, -r.helpful, -r.id),
        "lowest": lambda r: (r.stars, -r.helpful, -r.id),
    }
    for sort, key in orders.items():
        found: list[ReviewView] = []
        after = 0
        while True:
            part = await reviews_of(lamp.product, sort, after=after)
            found += part.reviews
            if not (after := part.after):
                break
        assert sorted(each.id for each in found) == sorted(ids)
        assert [each.id for each in found] == [each.id for each in sorted(found, key=key)], sort
    assert {each.stars for each in (await reviews_of(lamp.product, "helpful", 2)).reviews} == {2}
