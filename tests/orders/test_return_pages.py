"""Sending something back on pages, the shopper's and the operator's."""

from typing import Any

import pytest

from app.accounts.owners import Owner
from app.orders.return_asking import ask
from app.orders.returns import approve, receive
from app.web.visitors import hash_token
from tests.accounts.people import Client
from tests.orders.returning import MIND, returned_pieces
from tests.orders.sending import ACTOR, arrived, line_ids, paid
from tests.world import World

MINE = Owner(None, hash_token("mine"))


async def test_a_shopper_asks_on_a_page_and_follows_it(client: Any, world: World) -> None:
    order = await paid(world, await world.product(stock={"LIS": 5}), quantity=2, owner=MINE)
    client.cookies.set("feira_visitor", "mine")
    assert "Nothing of this order can be sent back" in (await client.get(f"/orders/{order.number}/returns")).text
    assert 'class="timeline"' in (here := (await client.get(f"/orders/{order.number}")).text)
    assert "Every step of its way" not in here, "what is on its way is followed without a click"
    await arrived(order)
    (line,) = await line_ids(order)
    over = (await client.get(f"/orders/{order.number}")).text
    assert "Return something" in over and "Every step of its way" in over
    asked = (await client.get(f"/orders/{order.number}/returns")).text
    assert "Bottle green, weighted base" in asked, "which of two"
    assert 'class="art' in asked, "people choose by looking"
    form = {f"pieces-{line}": "1", "reason": MIND, "note": "Too <b>bright</b>"}
    answer = await client.post(f"/orders/{order.number}/returns", data=form)
    assert answer.url.path == f"/orders/{order.number}/returns/1" and "Too &lt;b&gt;bright" in answer.text
    await approve(order.id, 1, ACTOR)
    assert f"{order.number}/R1" in (await client.get(f"/orders/{order.number}/returns/1")).text
    credit = await receive(order.id, 1, ACTOR, (line,))
    page = await client.get(f"/orders/{order.number}")
    assert credit and credit.number in page.text and "1 of 2 going back" in page.text
    for path in ("/returns/2", "/returns/0", "/returns/99999999999999999999"):
        assert (await client.get(f"/orders/{order.number}{path}")).status_code == 404


@pytest.mark.parametrize("pieces", ["0", "3", "-1", "x", "", "9" * 30, "1.5", "\x00"])
async def test_a_form_that_asks_for_nothing_or_too_much_keeps_what_was_typed(
    client: Any, world: World, pieces: str
) -> None:
    order = await paid(world, await world.product(stock={"LIS": 5}), quantity=2, owner=MINE)
    await arrived(order)
    (line,) = await line_ids(order)
    client.cookies.set("feira_visitor", "mine")
    form = {f"pieces-{line}": pieces, "reason": MIND, "note": "Kept"}
    answer = await client.post(f"/orders/{order.number}/returns", data=form)
    assert answer.status_code == 422 and "Nothing was asked for yet" in answer.text and "Kept" in answer.text
    assert 'id="pieces-error"' in answer.text or f'id="pieces-{line}-error"' in answer.text, "beside its field"
    assert await returned_pieces() == [0]


async def test_an_operator_decides_and_receives_on_pages(desk: Client, world: World) -> None:
    order = await paid(world, await world.product(stock={"LIS": 5}), quantity=2)
    await arrived(order)
    (line,) = await line_ids(order)
    assert "None waits" in (await desk.get("/admin/returns")).text
    await ask(order.id, {line: 1}, MIND, "It hums")
    await ask(order.id, {line: 1}, "wrong", "")
    here = f"/admin/orders/{order.number}/returns"
    assert "To decide" in (await desk.get("/admin/returns")).text
    answer = await desk.post(f"{here}/2/refusal", data={"why": ""})
    assert answer.status_code == 422 and "Say why" in answer.text
    assert "refused" in (await desk.post(f"{here}/2/refusal", data={"why": "It is what you ordered"})).text
    assert "Somebody was faster" in (await desk.post(f"{here}/2/approval")).text
    assert "is told where" in (await desk.post(f"{here}/1/approval")).text
    answer = await desk.post(f"{here}/1/closure", data={"why": ""})
    assert answer.status_code == 422 and "Say why" in answer.text
    assert "is closed" in (await desk.post(f"{here}/1/closure", data={"why": "You <i>keep</i> it"})).text
    answer = await desk.post(f"{here}/1/closure", data={"why": "once more"})
    assert "Somebody was faster" in answer.text and "Closed: You &lt;i&gt;keep&lt;/i&gt; it" in answer.text
    assert "You &lt;i&gt;keep" in (await desk.get(f"/orders/{order.number}/returns/1")).text
    answer = await desk.post(f"{here}/1/receipt", data={f"restock-{line}": "1", "restock-x": "1"})
    assert "€48.90 goes back" in answer.text and "Sold again" in answer.text
    assert "Somebody was faster" in (await desk.post(f"{here}/1/receipt")).text
    for path in ("/3", "/0/x", "/99999999999999999999"):
        assert (await desk.get(f"{here}{path}")).status_code == 404
    assert (await desk.post(f"{here}/99999999999999999999/approval")).status_code == 404
