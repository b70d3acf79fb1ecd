"""What was bought goes into the cart again, as far as it is sold; what does not is said."""

from typing import Any

import pytest

from app.accounts.owners import Owner
from app.checkout.again import order_again
from app.infra.database import execute, fetch
from app.web.visitors import hash_token
from tests.orders.sending import paid
from tests.orders.wanting import guest
from tests.world import World

MINE = Owner(None, hash_token("mine"))


async def cart() -> dict[int, int]:
    return {row["offer"]: row["quantity"] for row in await fetch("SELECT offer, quantity FROM cart_line")}


async def test_all_of_it_is_in_the_cart_once_however_often_it_is_asked_for(world: World) -> None:
    lamp, mug = await world.product(stock={"LIS": 9}), await world.product("Mug", stock={"LIS": 9})
    order = await paid(world, lamp, mug, quantity=2)
    for _ in range(3):
        done = await order_again(order.id, guest("Marta"))
        assert done.added == ("Alcova desk lamp", "Mug") and not (done.fewer or done.elsewhere or done.gone)
    assert await cart() == {lamp.offer: 2, mug.offer: 2}


async def test_what_is_gone_or_scarce_or_sold_by_another_is_named(world: World) -> None:
    goods = [await world.product(name, stock={"LIS": 9}) for name in ("Gone", "Scarce", "Elsewhere", "Here")]
    gone, scarce, elsewhere, here = goods
    order = await paid(world, *goods, quantity=3)
    other = await world.offer(elsewhere.variant)
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = ANY($1)", [gone.offer, elsewhere.offer])
    await execute("UPDATE stock SET on_hand = 2 WHERE offer = $1", scarce.offer)
    done = await order_again(order.id, guest("Marta"))
    assert (done.gone, done.fewer, done.elsewhere) == (("Gone",), ("Scarce",), ("Elsewhere",))
    assert await cart() == {scarce.offer: 2, other: 3, here.offer: 3}


async def test_what_a_full_cart_has_no_room_for_is_not_called_sold_out(
    client: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await paid(world, await world.product(stock={"LIS": 9}), await world.product("Mug"), owner=MINE)
    client.cookies.set("feira_visitor", "mine")
    monkeypatch.setattr("app.cart.changing.MOST_LINES", 1)
    answer = await client.post(f"/orders/{order.number}/repetition")
    assert "different things, so not added: Mug." in answer.text and "Not sold any more" not in answer.text


async def test_the_button_leads_to_the_cart_and_says_what_is_missing(client: Any, world: World) -> None:
    lamp, mug = await world.product(stock={"LIS": 9}), await world.product("Mug", stock={"LIS": 9})
    order = await paid(world, lamp, mug, owner=MINE)
    client.cookies.set("feira_visitor", "mine")
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", mug.offer)
    answer = await client.post(f"/orders/{order.number}/repetition")
    assert answer.url.path == "/cart"
    assert "It is in your cart again." in answer.text and "not added: Mug." in answer.text
    await execute("UPDATE offer SET withdrawn_at = now()")
    await execute("DELETE FROM cart_line")
    answer = await client.post(f"/orders/{order.number}/repetition")
    assert answer.url.path == f"/orders/{order.number}" and "not added: Alcova desk lamp, Mug" in answer.text
