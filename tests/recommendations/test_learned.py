"""From paid orders to the shelves of pages."""

import asyncio
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from app.accounts.owners import Owner
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch
from app.recommendations import bought, learned, lessons_kept
from app.recommendations.learned import learn_recommendations
from app.recommendations.learning.baskets import Baskets, Bought
from app.recommendations.learning.lessons import Lessons
from app.recommendations.lists import lists_for
from app.recommendations.tables import ListKind
from app.storefront import recommended, viewed
from tests.accounts.people import Client, person, sign_in
from tests.orders.wanting import pending
from tests.search.conftest import Reindex, reindex
from tests.world import Goods, World

__all__ = ["reindex"]

EMAIL = "marta@example.pt"


@pytest.fixture
async def goods(world: World) -> list[Goods]:
    """Lamp, bulb, mug, spoon, throw."""
    recommended.forget()
    names = ("Alcova lamp", "Warm bulb", "Barro mug", "Cork spoon", "Wool throw")
    return [await world.product(name, stock={"LIS": 500}) for name in names]


async def placed(world: World, *goods: Goods, account: int | None = None, state: str = "paid") -> None:
    owner = Owner(account, None) if account else Owner(None, b"somebody")
    order = await pending(world, *goods, owner=owner)
    await execute("UPDATE shop_order SET state = $2 WHERE id = $1", order.id, state)


async def together(goods: Goods) -> tuple[int, ...]:
    return (await lists_for([(ListKind.TOGETHER, goods.product)])).get(ListKind.TOGETHER, ())


async def test_what_paid_orders_hold_goes_together_and_what_was_cancelled_does_not(
    world: World, goods: list[Goods]
) -> None:
    lamp, bulb, mug, spoon, _ = goods
    for _ in range(3):
        await placed(world, lamp, bulb)
    await placed(world, mug, spoon)
    await placed(world, lamp, mug, state="cancelled")
    await placed(world, lamp, mug, state="pending")
    await learn_recommendations()
    assert await together(lamp) == (bulb.product,)
    assert await together(mug) == (spoon.product,)


async def test_an_account_gets_what_goes_with_what_it_bought_and_what_it_bought_again(
    world: World, goods: list[Goods]
) -> None:
    lamp, bulb, mug, spoon, _ = goods
    marta = await person(EMAIL)
    for _ in range(3):
        await placed(world, lamp, bulb)
        await placed(world, mug, spoon)
    await placed(world, lamp, account=marta)
    await learn_recommendations()
    found = await lists_for([(ListKind.FOR_YOU, marta), (ListKind.AGAIN, marta), (ListKind.TRENDING, 0)])
    assert found[ListKind.FOR_YOU][0] == bulb.product
    assert found[ListKind.AGAIN] == (lamp.product,)
    assert set(found[ListKind.TRENDING]) == {each.product for each in (lamp, bulb, mug, spoon)}
    assert found[ListKind.TRENDING][0] == lamp.product


async def test_learning_again_forgets_what_is_no_longer_so(world: World, goods: list[Goods]) -> None:
    lamp, bulb, *_ = goods
    await placed(world, lamp, bulb)
    await learn_recommendations()
    await execute("UPDATE shop_order SET state = 'refunded'")
    assert await learn_recommendations() == 0
    assert await fetch("SELECT FROM recommended_list") == []


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A shop with orders enough to go on from what was learned last."""
    monkeypatch.setattr(learned, "YOUNG", 0)
    monkeypatch.setattr(lessons_kept, "folder", lambda: tmp_path)


async def lists() -> dict[tuple[str, int], tuple[list[int], int]]:
    """Every list, with what says whether it was written again."""
    rows = await fetch("SELECT kind, subject, products, xmin::text::bigint AS written FROM recommended_list")
    return {(row["kind"], row["subject"]): (row["products"], row["written"]) for row in rows}


async def learned_at_once() -> dict[tuple[str, int], list[int]]:
    lessons_kept.keep(Lessons(0))
    await learn_recommendations()
    return {key: products for key, (products, _) in (await lists()).items()}


async def test_a_learning_reads_only_the_orders_that_are_new_and_takes_back_those_that_count_no_more(
    world: World, goods: list[Goods], grown: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp, bulb, mug, spoon, throw = goods
    marta = await person(EMAIL)
    read: list[int] = []
    held = bought.held

    async def counted(orders: Bought) -> Baskets:
        read.append(len(orders.ids))
        return await held(orders)

    monkeypatch.setattr(bought, "held", counted)
    late = await pending(world, mug, throw, owner=Owner(None, b"somebody"))
    for _ in range(2):
        await placed(world, lamp, bulb)
    await placed(world, lamp, mug)
    await learn_recommendations()
    await learn_recommendations()
    await placed(world, lamp, spoon, account=marta)
    await execute("UPDATE shop_order SET state = 'paid' WHERE id = $1", late.id)  # its number is the lowest of all
    await learn_recommendations()
    assert read == [3, 0, 2]
    assert await together(mug) == (throw.product, lamp.product)
    await execute("UPDATE shop_order SET state = 'refunded' WHERE id = $1", late.id)
    await execute("UPDATE shop_order SET account = NULL, visitor = 'x' WHERE account = $1", marta)
    await learn_recommendations()
    assert read == [3, 0, 2, 1]
    assert await together(throw) == () and await together(mug) == (lamp.product,)
    assert await lists_for([(ListKind.AGAIN, marta), (ListKind.FOR_YOU, marta)]) == {}
    step_by_step = {key: products for key, (products, _) in (await lists()).items()}
    assert step_by_step == await learned_at_once()


async def test_only_lists_that_have_changed_are_written(world: World, goods: list[Goods], grown: None) -> None:
    lamp, bulb, mug, spoon, throw = goods
    await placed(world, lamp, bulb)
    await placed(world, mug, spoon)
    await learn_recommendations()
    before = await lists()
    await learn_recommendations()
    assert await lists() == before
    await placed(world, mug, throw)
    await learn_recommendations()
    after = await lists()
    assert {key for key in after if before.get(key) != after[key]} == {
        ("together", mug.product),
        ("together", throw.product),
        ("trending", 0),
    }


async def test_two_learnings_at_once_and_one_that_was_killed_do_no_harm(
    world: World, goods: list[Goods], grown: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp, bulb, mug, *_ = goods
    await placed(world, lamp, bulb)
    await asyncio.gather(learn_recommendations(), learn_recommendations())
    await placed(world, lamp, mug)
    with monkeypatch.context() as killed:
        killed.setattr(learned, "_write", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            await learn_recommendations()
    with monkeypatch.context() as killed:
        killed.setattr(lessons_kept, "keep", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            await learn_recommendations()
    assert set(await together(lamp)) == {bulb.product, mug.product}
    await asyncio.gather(*(learn_recommendations() for _ in range(3)))
    found = {key: products for key, (products, _) in (await lists()).items()}
    assert found == await learned_at_once()


async def test_a_clock_that_jumps_does_no_harm(world: World, goods: list[Goods], grown: None) -> None:
    lamp, bulb, *_ = goods
    await placed(world, lamp, bulb)
    await learn_recommendations()
    expected = {key: products for key, (products, _) in (await lists()).items()}
    for days in (400, -3, 5000, 0):
        await learn_recommendations(now() + timedelta(days=days))
        assert bool(await lists()) == (days in (400, 0))
    assert {key: products for key, (products, _) in (await lists()).items()} == expected


async def test_pages_show_what_was_learned_and_only_what_can_be_bought(
    client: Client, world: World, goods: list[Goods], reindex: Reindex
) -> None:
    lamp, bulb, mug, spoon, throw = goods
    marta = await person(EMAIL)
    for _ in range(2):
        await placed(world, lamp, bulb, mug, spoon, throw)
    await placed(world, lamp, account=marta)
    await execute("UPDATE stock SET on_hand = reserved WHERE offer = $1", throw.offer)
    await learn_recommendations()
    await reindex()
    home = (await client.get("/")).text
    assert "Selling now" in home and "For you" not in home
    await sign_in(client, email=EMAIL)
    own = (await client.get("/")).text
    assert "For you" in own and "People who bought what you bought took these." in own
    assert "Warm bulb" in own.partition("For you</h2>")[2].partition("</section>")[0]
    page = (await client.get(f"/p/{lamp.slug}")).text
    below = page.partition("Bought together")[2].partition("More like this")[0]
    assert "Warm bulb" in below and "Wool throw" not in below


async def test_what_was_looked_at_is_on_the_home_page_at_once_with_what_goes_with_it(
    client: Client, world: World, goods: list[Goods], reindex: Reindex
) -> None:
    lamp, bulb, mug, spoon, throw = goods
    await placed(world, lamp, bulb, mug, spoon)
    await learn_recommendations()
    await reindex()
    assert "Looked at lately" not in (await client.get("/")).text
    await client.get(f"/p/{throw.slug}")
    await client.get(f"/p/{lamp.slug}")
    home = (await client.get("/")).text
    assert "Alcova lamp" in home.partition("Continue where you left")[2].partition("</section>")[0]
    looked_at = home.partition("Looked at lately</h2>")[2].partition("</section>")[0]
    assert "Wool throw" in looked_at and "Alcova lamp" not in looked_at
    assert "Warm bulb" in home.partition("Because you looked at Alcova lamp</h2>")[2].partition("</section>")[0]
    forgotten = await client.post("/viewed/removal", data={"next": "/"})
    assert "is forgotten" in forgotten.text and "Continue where you left" not in forgotten.text


@pytest.mark.parametrize("header", ["dnt", "sec-gpc"])
async def test_nothing_is_kept_of_who_does_not_want_it(
    client: Client, goods: list[Goods], reindex: Reindex, header: str
) -> None:
    await reindex()
    await client.get(f"/p/{goods[0].slug}", headers={header: "1"})
    assert viewed.COOKIE not in client.cookies


async def test_the_first_look_at_a_product_is_the_same_page_for_everybody(client: Client, goods: list[Goods]) -> None:
    """What is remembered of it is said beside the page, not in it: nobody needs a cookie to be served."""
    pages, remembered = set(), []
    with frozen(now()):
        for headers in ({}, {}, {"dnt": "1"}, {"sec-gpc": "1"}, {"user-agent": "Examplebot"}):
            client.cookies.clear()
            answer = await client.get(f"/p/{goods[0].slug}", headers=headers)
            pages.add(answer.text)
            remembered.append([each.partition("=")[0] for each in answer.headers.get_list("set-cookie")])
    assert len(pages) == 1
    assert remembered == [[viewed.COOKIE], [viewed.COOKIE], [], [], []]


@pytest.mark.parametrize("sent", ["x", "0", "1.", "9" * 400, "1.2.-3", "1." * 500 + "1", "999999999999999999"])
async def test_a_cookie_that_says_nonsense_is_none(client: Client, goods: list[Goods], sent: str) -> None:
    answer = await client.get("/", headers={"cookie": f"{viewed.COOKIE}={sent}"})
    assert answer.status_code == 200 and "Looked at lately" not in answer.text


async def test_a_page_without_anything_learned_has_no_such_shelf(client: Client, goods: list[Goods]) -> None:
    assert "Bought together" not in (await client.get(f"/p/{goods[0].slug}")).text
    assert "Selling now" not in (await client.get("/")).text
