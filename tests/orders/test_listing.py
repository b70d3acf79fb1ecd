import httpx
import pytest

from app.infra.database import execute
from app.infra.settings import settings
from app.orders.listing import PAGE, Asked, orders_of
from app.orders.states import move
from app.orders.tables import OrderState
from tests.orders.wanting import guest, pending
from tests.world import World

MINE = guest("Marta")


async def test_pages_hold_every_order_once_the_newest_first(world: World) -> None:
    lamp = await world.product(stock={"LIS": 99})
    placed = [(await pending(world, lamp)).number for _ in range(PAGE + 3)]
    await pending(world, lamp, owner=guest("somebody else"))
    first = await orders_of(MINE)
    rest = await orders_of(MINE, Asked(before=first.older))
    assert [order.number for order in (*first.orders, *rest.orders)] == placed[::-1]
    assert rest.older == ""


async def test_filters_are_offered_for_what_exists(world: World) -> None:
    lamp = await world.product()
    orders = [await pending(world, lamp) for _ in range(3)]
    assert (await orders_of(MINE)).filters == ()
    await move(orders[0].id, OrderState.PAID, "provider")
    found = await orders_of(MINE, Asked("on-the-way"))
    assert [(each.words, each.count, each.chosen) for each in found.filters] == [
        ("All", 3, False),
        ("To pay", 2, False),
        ("On the way", 1, True),
    ]
    assert [order.number for order in found.orders] == [orders[0].number]


async def test_an_order_in_the_list_says_what_and_when(world: World) -> None:
    lamp, mug = await world.product(), await world.product("Barro mug")
    await pending(world, lamp, mug, quantity=2)
    (order,) = (await orders_of(MINE)).orders
    assert (order.pieces, order.total_minor) == (4, 4 * 4890 + 390)
    assert order.ticket.verb == "Would arrive" and order.sentence.startswith("Waiting for payment")
    assert [thumb.name for thumb in order.thumbs] == ["Alcova desk lamp", "Barro mug"]


async def test_nonsense_in_the_address_shows_all(client: httpx.AsyncClient, world: World) -> None:
    order = await pending(world, await world.product())
    await execute("UPDATE shop_order SET visitor = sha256('mine')")
    client.cookies.set("feira_visitor", "mine")
    for query in ("show=nonsense", "before=nonsense", "before=%00", "show=%00&before=F-2611-ZZZZZ"):
        answer = await client.get(f"/orders?{query}")
        assert (answer.status_code, order.number in answer.text) == (200, True)


async def test_pages_cost_a_fixed_number_of_queries(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await pending(world, await world.product())
    await execute("UPDATE shop_order SET visitor = sha256('mine')")
    client.cookies.set("feira_visitor", "mine")
    await client.get("/orders")  # categories are in memory now
    monkeypatch.setattr(settings(), "show_query_count", True)
    assert (await client.get("/orders")).headers["x-query-count"] == "3"
    assert (await client.get(f"/orders/{order.number}")).headers["x-query-count"] == "7"
