from typing import Any

import pytest

from app.accounts.owners import Owner
from app.infra.database import execute
from app.orders.links import key_of
from app.orders.placing import Placed
from app.web.visitors import hash_token
from tests.accounts.people import EMAIL, person, sign_in
from tests.orders.wanting import pending, state_of
from tests.world import World

REQUESTS = (("GET", "/orders/{}"), ("POST", "/orders/{}/payments"), ("GET", "/checkout/return/{}"))


async def statuses(client: Any, order: Placed) -> set[int]:
    """200 where the order could be seen (or paid), 404 where it is not there."""
    return {(await client.request(method, path.format(order.number))).status_code for method, path in REQUESTS}


@pytest.fixture
async def others(client: Any, world: World) -> list[Placed]:
    """An order of another account, and one of another guest."""
    lamp = await world.product()
    account = await person("another@example.pt")
    return [await pending(world, lamp, owner=Owner(account, None)), await pending(world, lamp)]


async def test_nobody_sees_or_pays_the_order_of_another(client: Any, others: list[Placed]) -> None:
    for order in others:
        assert await statuses(client, order) == {404}
    said = (await client.get(f"/orders/{others[0].number}")).text
    assert "We cannot show that order" in said and f'"/sign-in?next=/orders/{others[0].number}"' in said
    client.cookies.set("feira_visitor", "a stranger")
    for order in others:
        assert await statuses(client, order) == {404}
    await person()
    await sign_in(client)
    for order in others:
        assert await statuses(client, order) == {404}
        assert order.number not in (await client.get("/orders")).text
    await execute("UPDATE account SET role = 'supplier' WHERE email = $1", EMAIL)
    for order in others:
        assert await statuses(client, order) == {404}


async def test_an_operator_sees_every_order(client: Any, others: list[Placed]) -> None:
    await person(role="operator")
    await sign_in(client)
    for order in others:
        assert await statuses(client, order) == {200}


async def test_a_guest_sees_the_orders_of_this_browser(client: Any, world: World) -> None:
    order = await pending(world, await world.product(), owner=Owner(None, hash_token("mine")))
    client.cookies.set("feira_visitor", "mine")
    assert await statuses(client, order) == {200}
    assert order.number in (await client.get("/orders")).text


async def test_an_account_sees_its_orders(client: Any, world: World) -> None:
    order = await pending(world, await world.product(), owner=Owner(await person(), None))
    await sign_in(client)
    assert await statuses(client, order) == {200}
    assert (await client.get(f"/orders/{order.number.lower()}")).status_code == 200


async def test_signing_in_takes_a_guests_orders_along(client: Any, world: World) -> None:
    order = await pending(world, await world.product(), owner=Owner(None, hash_token("mine")))
    client.cookies.set("feira_visitor", "mine")
    await person()
    await sign_in(client)
    assert order.number in (await client.get("/orders")).text
    await client.post("/sign-out")
    client.cookies.set("feira_visitor", "mine")
    assert await statuses(client, order) == {404}
    assert await state_of(order.id) == "pending"


@pytest.mark.parametrize("number", ["F-2611-AAAAA", "x", "F-2611-%00AAA", "%F0%9F%90%9F", "F-" + "9" * 300, "..%2F.."])
async def test_a_number_that_is_none_is_not_found(client: Any, number: str) -> None:
    assert (await client.get(f"/orders/{number}")).status_code == 404
    assert (await client.get(f"/sandbox/pay/{number}")).status_code == 404


async def test_an_order_opened_by_its_link_is_shut_when_somebody_signs_out(client: Any, world: World) -> None:
    order = await pending(world, await world.product())
    await person()
    await sign_in(client)
    assert (await client.get(f"/orders/{order.number}?key={key_of(order.number)}")).status_code == 200
    assert (await client.get(f"/orders/{order.number}")).status_code == 200
    await client.post("/sign-out")
    assert (await client.get(f"/orders/{order.number}")).status_code == 404
