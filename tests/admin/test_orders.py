"""Operators pack, hand over and say that something has arrived; a second click does no harm."""

from typing import Any

import pytest

from app.checkout.settling import settle
from app.infra.database import fetch
from tests.accounts.people import Client
from tests.checkout.paying import begun, failed, held
from tests.checkout.shopping import words
from tests.orders.sending import paid, paid_apart, parcel_states
from tests.orders.wanting import pending, stock_of
from tests.world import World


async def pressed(desk: Client, number: str, what: str, parcel: int | str = 1, **form: str) -> Any:
    return await desk.post(f"/admin/orders/{number}/parcels/{parcel}/{what}", data=form)


async def test_what_is_to_leave_is_listed_with_its_day(desk: Client, world: World) -> None:
    assert "Nothing is to be packed" in (await desk.get("/admin/orders")).text
    order = await paid_apart(world, await world.product(), await world.product("Mug"))
    page = (await desk.get("/admin/orders")).text
    assert page.count(f"{order.number}</a>") == 2 and "1 of 2" in page and "LIS, 2" in page
    assert "Nothing is to be packed" in (await desk.get("/admin/orders?warehouse=OPO")).text
    assert (await desk.get("/admin/orders?warehouse=%00&state=x")).status_code == 200
    assert 'href="/admin/orders">2</a>' in (await desk.get("/admin")).text


async def test_a_number_leads_to_its_order(desk: Client, world: World) -> None:
    order = await pending(world, await world.product())
    assert f"<h1>Order {order.number}" in (await desk.get(f"/admin/orders?number={order.number.lower()}")).text
    for nonsense in ("F-2611-AAAAA", "%00", "x" * 500, "<b>"):
        answer = await desk.get(f"/admin/orders?number={nonsense}")
        assert answer.status_code == 200 and "<b>." not in answer.text


async def test_a_parcel_goes_its_way_by_buttons_that_may_be_pressed_twice(desk: Client, world: World) -> None:
    order = await paid(world, await world.product())
    for what, state, done, again in (
        ("packing", "packed", "is packed", "is packed already"),
        ("shipping", "shipped", "is with the carrier", "Only a packed parcel"),
        ("arrival", "delivered", "has arrived", "so nothing of it is delivered"),
    ):
        assert done in (await pressed(desk, order.number, what)).text
        assert again in (await pressed(desk, order.number, what)).text
        assert await parcel_states(order) == [state]
    (row,) = await fetch("SELECT DISTINCT actor FROM parcel_move")
    assert row["actor"].startswith("operator ")


async def test_a_packed_parcel_is_cancelled_by_a_button_that_may_be_pressed_twice(desk: Client, world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await paid(world, lamp)
    assert "is waiting" in (await pressed(desk, order.number, "cancellation")).text
    await pressed(desk, order.number, "packing")
    assert "€52.80 of it is credited" in (await pressed(desk, order.number, "cancellation")).text
    assert "so nothing of it is cancelled" in (await pressed(desk, order.number, "cancellation")).text
    assert (await parcel_states(order), await stock_of(lamp)) == (["cancelled"], (5, 0))
    shown = words(await desk.get(f"/orders/{order.number}"))
    assert "Packed by" in shown and "Cancelled" in shown


async def test_that_a_bank_has_let_go_of_the_money_stands_on_the_page(desk: Client, world: World) -> None:
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    await held(attempt)
    await pressed(desk, order.number, "packing")
    assert "let go" not in (await desk.get(f"/admin/orders/{order.number}")).text
    await settle(attempt.id, failed(attempt))
    assert "so it stays here" in (await pressed(desk, order.number, "shipping")).text
    assert "has let go of €52.80" in (await desk.get(f"/admin/orders/{order.number}")).text
    await pressed(desk, order.number, "cancellation")
    assert "let go" not in (await desk.get(f"/admin/orders/{order.number}")).text


async def test_a_code_that_cannot_be_one_is_said_beside_its_field_and_kept(desk: Client, world: World) -> None:
    order = await paid(world, await world.product())
    await pressed(desk, order.number, "packing")
    answer = await pressed(desk, order.number, "shipping", tracking="<script>")
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text and 'value="&lt;script&gt;"' in answer.text
    assert "RB 1" in (await pressed(desk, order.number, "shipping", tracking="RB 1")).text
    assert "It has arrived" in (await desk.get(f"/admin/orders/{order.number}")).text


@pytest.mark.parametrize("parcel", [0, 2, 32768, 10**18, "x", "-1"])
async def test_a_parcel_that_is_none_is_a_404(desk: Client, world: World, parcel: object) -> None:
    order = await paid(world, await world.product())
    for what in ("packing", "shipping", "arrival", "cancellation"):
        assert (await pressed(desk, order.number, what, str(parcel))).status_code == 404
    assert (await pressed(desk, "F-2611-AAAAA", "packing")).status_code == 404
    assert await parcel_states(order) == ["waiting"]
