"""From paid orders to the shelves of pages."""

import pytest

from app.accounts.owners import Owner
from app.infra.database import execute, fetch
from app.recommendations.learned import learn_recommendations
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


async def bought(world: World, *goods: Goods, account: int | None = None, state: str = "paid") -> None:
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
        await bought(world, lamp, bulb)
    await bought(world, mug, spoon)
    await bought(world, lamp, mug, state="cancelled")
    await bought(world, lamp, mug, state="pending")
    await learn_recommendations()
    assert await together(lamp) == (bulb.product,)
    assert await together(mug) == (spoon.product,)


async def test_an_account_gets_what_goes_with_what_it_bought_and_what_it_bought_again(
    world: World, goods: list[Goods]
) -> None:
    lamp, bulb, mug, spoon, _ = goods
    marta = await person(EMAIL)
    for _ in range(3):
        await bought(world, lamp, bulb)
        await bought(world, mug, spoon)
    await bought(world, lamp, account=marta)
    await learn_recommendations()
    found = await lists_for([(ListKind.FOR_YOU, marta), (ListKind.AGAIN, marta), (ListKind.TRENDING, 0)])
    assert found[ListKind.FOR_YOU][0] == bulb.product
    assert found[ListKind.AGAIN] == (lamp.product,)
    assert set(found[ListKind.TRENDING]) == {each.product for each in (lamp, bulb, mug, spoon)}
    assert found[ListKind.TRENDING][0] == lamp.product


async def test_learning_again_forgets_what_is_no_longer_so(world: World, goods: list[Goods]) -> None:
    lamp, bulb, *_ = goods
    await bought(world, lamp, bulb)
    await learn_recommendations()
    await execute("UPDATE shop_order SET state = 'refunded'")
    assert await learn_recommendations() == 0
    assert await fetch("SELECT FROM recommended_list") == []


async def test_pages_show_what_was_learned_and_only_what_can_be_bought(
    client: Client, world: World, goods: list[Goods], reindex: Reindex
) -> None:
    lamp, bulb, mug, spoon, throw = goods
    marta = await person(EMAIL)
    for _ in range(2):
        await bought(world, lamp, bulb, mug, spoon, throw)
    await bought(world, lamp, account=marta)
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
    await bought(world, lamp, bulb, mug, spoon)
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


@pytest.mark.parametrize("sent", ["x", "0", "1.", "9" * 400, "1.2.-3", "1." * 500 + "1", "999999999999999999"])
async def test_a_cookie_that_says_nonsense_is_none(client: Client, goods: list[Goods], sent: str) -> None:
    answer = await client.get("/", headers={"cookie": f"{viewed.COOKIE}={sent}"})
    assert answer.status_code == 200 and "Looked at lately" not in answer.text


async def test_a_page_without_anything_learned_has_no_such_shelf(client: Client, goods: list[Goods]) -> None:
    assert "Bought together" not in (await client.get(f"/p/{goods[0].slug}")).text
    assert "Selling now" not in (await client.get("/")).text
