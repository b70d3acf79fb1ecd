"""What a shopper wants now follows from what they do, within a moment, and is unlearned when they take it back."""

from uuid import uuid4

import pytest

from app.accounts.owners import Owner
from app.activity.keeping import Done, forget, forget_views, keep
from app.activity.noting import Note, noted
from app.activity.tables import Kind
from app.cart import changing as cart
from app.events.event import Event
from app.infra.clock import now
from app.infra.database import execute
from app.recommendations import learned
from app.recommendations.activity import take_activity, take_orders
from app.recommendations.known import Known, known_of
from app.recommendations.learned import learn_recommendations
from app.recommendations.lists import lists_for
from app.recommendations.tables import EVERYBODY, ListKind
from app.wishlists import changing as wishlists
from tests.accounts.people import person
from tests.orders.wanting import guest, pending
from tests.world import Goods, World

RITA = guest("Rita")


@pytest.fixture
async def goods(world: World) -> list[Goods]:
    """Lamp, bulb, mug, spoon: lamp and bulb are bought together."""
    made = [
        await world.product(name, category=path, stock={"LIS": 500})
        for name, path in (
            ("Alcova lamp", "lighting/desk-lamps"),
            ("Warm bulb", "lighting/table-lamps"),
            ("Barro mug", "mugs-and-cups/mugs"),
            ("Cork spoon", "other/other-goods"),
        )
    ]
    for _ in range(2):
        order = await pending(world, made[0], made[1])
        await execute("UPDATE shop_order SET state = 'paid', paid_at = now() WHERE id = $1", order.id)
    await learn_recommendations()
    return made


async def did(*what: tuple[Kind, Goods | None], owner: Owner = RITA) -> Known:
    key = f"account:{owner.account}" if owner.account else f"visitor:{(owner.visitor or b'').hex()}"
    notes = [
        {"kind": str(kind), "at": now().timestamp(), "product": goods.product if goods else 0} for kind, goods in what
    ]
    await take_activity([Event(uuid4(), "activity", key, {"notes": notes})])
    return await known_of(owner)


async def test_what_goes_with_what_was_looked_at_is_liked(goods: list[Goods]) -> None:
    lamp, bulb, mug, _ = goods
    found = (await did((Kind.VIEWED, mug), (Kind.VIEWED, lamp))).interest
    assert found.viewed == (lamp.product, mug.product)
    assert found.liked == (bulb.product,)
    assert set(found.categories) == {"lighting/desk-lamps", "mugs-and-cups/mugs"}


async def test_what_lies_in_the_cart_says_more_than_a_look_and_nothing_when_it_is_out_again(goods: list[Goods]) -> None:
    lamp, bulb, mug, _ = goods
    await did((Kind.VIEWED, mug))
    await cart.add(RITA, lamp.offer, 1)
    found = (await did((Kind.CARTED, lamp))).interest
    assert (found.because, found.liked) == (lamp.product, (bulb.product,))
    await execute("DELETE FROM cart_line")
    found = (await did((Kind.UNCARTED, None))).interest
    assert (found.because, found.liked) == (mug.product, ())


async def test_what_is_on_a_list_counts(goods: list[Goods]) -> None:
    lamp, bulb, *_ = goods
    await wishlists.add(RITA, lamp.offer)
    assert (await did((Kind.WISHED, lamp))).interest.liked == (bulb.product,)


async def test_what_was_bought_brings_what_goes_with_it_and_is_no_reason_to_show_it_again(
    world: World, goods: list[Goods]
) -> None:
    lamp, bulb, mug, _ = goods
    order = await pending(world, lamp, owner=RITA)
    await execute("UPDATE shop_order SET state = 'paid', paid_at = now() WHERE id = $1", order.id)
    await take_orders(
        [Event(uuid4(), "orders", order.number, {"kind": "paid", "order": order.id, "number": order.number})]
    )
    found = (await known_of(RITA)).interest
    assert (found.because, found.liked) == (None, (bulb.product,))
    assert (await did((Kind.VIEWED, mug))).interest.because == mug.product


async def test_nobody_gets_what_is_another_s(goods: list[Goods]) -> None:
    await did((Kind.VIEWED, goods[0]))
    assert await known_of(guest("Hugo")) == Known()
    assert await known_of(Owner(await person("other@example.pt"), None)) == Known()
    assert await known_of(None) == Known()


async def test_what_is_forgotten_is_gone_with_what_was_concluded(goods: list[Goods]) -> None:
    await did((Kind.VIEWED, goods[0]), (Kind.SEARCHED, None))
    await forget_views(RITA)
    assert await known_of(RITA) == Known()
    assert (await did((Kind.SEARCHED, None))).interest.viewed == ()
    await did((Kind.VIEWED, goods[0]))
    await forget(RITA)
    assert await known_of(RITA) == Known()


async def test_in_a_young_shop_what_lies_in_one_cart_goes_together(
    world: World, goods: list[Goods], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, mug, spoon = goods
    await keep([Done(RITA, Kind.CARTED, now(), mug.product), Done(RITA, Kind.WISHED, now(), spoon.product)])
    await learn_recommendations()
    assert (await lists_for([(ListKind.TOGETHER, mug.product)]))[ListKind.TOGETHER] == (spoon.product,)
    monkeypatch.setattr(learned, "YOUNG", 2)
    await learn_recommendations()
    assert await lists_for([(ListKind.TOGETHER, mug.product)]) == {}


async def test_what_is_looked_at_trends_where_little_is_sold(world: World) -> None:
    lamp, mug = await world.product("Lamp"), await world.product("Mug")
    await keep([Done(None, Kind.VIEWED, now(), lamp.product)] + [Done(None, Kind.CARTED, now(), mug.product)] * 2)
    await learn_recommendations()
    assert (await lists_for([(ListKind.TRENDING, EVERYBODY)]))[ListKind.TRENDING] == (mug.product, lamp.product)


async def test_a_thousand_looks_do_not_outweigh_what_is_bought(world: World, goods: list[Goods]) -> None:
    lamp, bulb, mug, _ = goods
    await keep([Done(None, Kind.VIEWED, now(), mug.product)] * 1000)
    await learn_recommendations()
    sells = (await lists_for([(ListKind.TRENDING, EVERYBODY)]))[ListKind.TRENDING]
    assert set(sells[:2]) == {lamp.product, bulb.product} and sells[2] == mug.product


def test_notes_are_of_this_process_alone() -> None:
    before = noted().noted
    noted().add("account:1", Note(Kind.VIEWED, 0.0, 1))
    noted().forget("account:1")
    assert noted().noted == before + 1
