"""The page on which a shopper cancels, with and without a second click."""

from typing import Any

import pytest

from app.accounts.owners import Owner
from app.checkout.settling import settle
from app.orders import packing
from app.web.visitors import hash_token
from tests.checkout.paying import begun, failed, held
from tests.orders.sending import ACTOR, line_ids, paid, paid_apart, parcel_states
from tests.orders.wanting import pending, state_of
from tests.world import World

MINE = Owner(None, hash_token("mine"))


@pytest.fixture
async def shopper(client: Any) -> Any:
    client.cookies.set("feira_visitor", "mine")
    return client


async def test_one_thing_is_cancelled_and_a_reload_does_no_harm(shopper: Any, world: World) -> None:
    order = await paid(world, await world.product(), await world.product("Mug"), owner=MINE)
    first, _ = await line_ids(order)
    page = await shopper.get(f"/orders/{order.number}")
    assert f'href="/orders/{order.number}/cancellation"' in page.text
    form = (await shopper.get(f"/orders/{order.number}/cancellation")).text
    assert f'name="line-{first}"' in form and "Bottle green, weighted base" in form, "which of two"
    answer = await shopper.post(f"/orders/{order.number}/cancellation", data={f"line-{first}": "1"})
    assert "€48.90 goes back to what you paid with" in answer.text and ">Cancelled</span>" in answer.text
    answer = await shopper.post(f"/orders/{order.number}/cancellation", data={f"line-{first}": "1"})
    assert "cancelled before" in answer.text
    assert await state_of(order.id) == "paid"


async def test_the_whole_order_is_cancelled_at_a_click(shopper: Any, world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"), owner=MINE)
    answer = await shopper.post(f"/orders/{order.number}/cancellation", data={"whole": "1"})
    assert "The order was cancelled" in answer.text and "€105.60" in answer.text
    assert await parcel_states(order) == ["cancelled", "cancelled"]
    assert "Nothing of it can be cancelled" in (await shopper.get(f"/orders/{order.number}/cancellation")).text


async def test_what_was_packed_meanwhile_is_said_and_nothing_is_done(shopper: Any, world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"), owner=MINE)
    await packing.pack(order.id, 1, ACTOR)
    answer = await shopper.post(f"/orders/{order.number}/cancellation", data={"whole": "1"})
    assert answer.status_code == 422 and "<title>Error:" in answer.text and "Parcel 1 is packed" in answer.text
    assert await parcel_states(order) == ["packed", "waiting"]


@pytest.mark.parametrize(
    "form", [{}, {"line-99999999999999999": "1"}, {"line-x": "1"}, {"line-" + "9" * 40: "1"}, {"\x00": "\x00"}]
)
async def test_a_form_that_chooses_nothing_of_this_order_cancels_nothing(
    shopper: Any, world: World, form: dict[str, str]
) -> None:
    order = await paid(world, await world.product(), owner=MINE)
    answer = await shopper.post(f"/orders/{order.number}/cancellation", data=form)
    assert answer.status_code == 422 and "Nothing was cancelled" in answer.text
    assert await parcel_states(order) == ["waiting"]


async def test_an_unpaid_order_is_cancelled_at_a_click(shopper: Any, world: World) -> None:
    order = await pending(world, await world.product(), owner=MINE)
    assert "not paid yet" in (await shopper.get(f"/orders/{order.number}/cancellation")).text
    answer = await shopper.post(f"/orders/{order.number}/cancellation", data={"whole": "1"})
    assert "your card was not charged" in answer.text


async def test_nobody_cancels_the_order_of_another(client: Any, world: World) -> None:
    order = await paid(world, await world.product(), owner=MINE)
    client.cookies.set("feira_visitor", "another")
    for method in ("GET", "POST"):
        answer = await client.request(method, f"/orders/{order.number}/cancellation", data={"whole": "1"})
        assert answer.status_code == 404
    assert await parcel_states(order) == ["waiting"]


async def test_what_was_never_taken_is_not_said_to_be_sent_back(shopper: Any, world: World) -> None:
    order = await pending(world, await world.product(), owner=MINE)
    attempt = await begun(order.id)
    await held(attempt)
    await settle(attempt.id, failed(attempt))
    answer = await shopper.post(f"/orders/{order.number}/cancellation", data={"whole": "1"})
    assert "€52.80 was never taken from you: your bank" in answer.text
    assert "Your Visa ending 4242 was not charged" in answer.text and "Sent back" not in answer.text
