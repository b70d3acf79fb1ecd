"""Who presses the button too late is told so, and who is asked again has not waited for nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any

import httpx
import pytest

from app.checkout import confirming
from app.checkout.turns import pressed_at
from app.delivery import estimate
from app.infra.database import execute, fetch
from app.infra.settings import settings
from tests.checkout.shopping import ADDRESS, chosen, fill_cart, hidden, to_payment, words
from tests.world import Goods, World


async def sell_out(*goods: Goods) -> None:
    await execute("UPDATE stock SET reserved = on_hand WHERE offer = ANY($1::bigint[])", [each.offer for each in goods])


async def test_what_is_sold_out_is_named_and_the_rest_can_be_ordered(client: httpx.AsyncClient, world: World) -> None:
    lamp, mug = await world.product(), await world.product("Barro mug", price_minor=1450)
    await fill_cart(client, lamp, mug)
    form = hidden(await to_payment(client))
    await sell_out(lamp)
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 409
    assert "Nothing was ordered, and nothing was charged." in words(answer)
    assert "no piece left of: Alcova desk lamp" in words(answer)
    assert "Barro mug" not in words(answer)
    assert 'href="/p/alcova-desk-lamp' in answer.text
    assert 'href="/cart"' in answer.text
    rest = await client.get("/checkout/payment")
    assert 'href="/checkout/payment"' in answer.text
    assert "Not in this order, and still in your cart: Alcova desk lamp (sold out)." in words(rest)
    bank = await client.post("/orders", data=hidden(rest))
    assert bank.url.path.startswith("/sandbox/pay/")
    assert "Alcova desk lamp" in words(await client.get("/cart"))
    assert [row["items_minor"] for row in await fetch("SELECT items_minor FROM shop_order")] == [1450]


async def test_where_nothing_is_left_to_order_the_way_leads_to_the_cart(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp, mug = await world.product(), await world.product("Barro mug", price_minor=1450)
    await fill_cart(client, lamp, mug)
    form = hidden(await to_payment(client))
    await sell_out(lamp, mug)
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 409
    assert "Alcova desk lamp" in words(answer) and "Barro mug" in words(answer)
    assert 'href="/checkout/payment"' not in answer.text
    assert 'class="button" href="/cart"' in answer.text


async def test_what_is_no_longer_sold_was_bought_by_nobody_else(client: httpx.AsyncClient, world: World) -> None:
    lamp, mug = await world.product(), await world.product("Barro mug", price_minor=1450)
    await fill_cart(client, lamp, mug)
    form = hidden(await to_payment(client))
    await sell_out(lamp)
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", lamp.offer)
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422
    assert "Alcova desk lamp: no longer to be had." in words(answer)
    assert "still in your cart: Alcova desk lamp (no longer sold by Oficina do Vale)." in words(answer)
    await sell_out(mug)
    await execute("UPDATE supplier SET state = 'suspended'")
    cart = await client.post("/orders", data=hidden(answer))
    assert cart.url.path == "/cart" and "Nothing was ordered" in words(cart)
    client.cookies.clear()
    cart = await client.post("/orders", data=form)
    assert cart.url.path == "/cart" and "Nothing was ordered: we no longer know whose cart it was." in words(cart)


async def test_what_was_left_out_before_keeps_nobody_from_ordering_the_rest(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp, mug = await world.product(), await world.product("Barro mug", price_minor=1450)
    await fill_cart(client, lamp, mug)
    await sell_out(lamp)
    bank = await client.post("/orders", data=hidden(await to_payment(client)))
    assert bank.url.path.startswith("/sandbox/pay/")


async def test_fewer_pieces_than_wanted_are_asked_about(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product(stock={"LIS": 2})
    await fill_cart(client, lamp, quantity=2)
    form = hidden(await to_payment(client))
    await execute("UPDATE stock SET reserved = 1")
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422
    assert "Alcova desk lamp: only 1 left, you wanted 2." in words(answer)
    assert (await client.post("/orders", data=hidden(answer))).url.path.startswith("/sandbox/pay/")


async def test_the_last_pieces_may_go_at_any_moment(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, goes_before in (("Lamp", "review_of"), ("Mug", "place")):
        goods = await world.product(name, stock={"LIS": 1})
        await fill_cart(client, goods)
        form = hidden(await to_payment(client))

        with monkeypatch.context() as patched:
            really = getattr(confirming, goes_before)

            async def too_late(of: Any, goods: Goods = goods, really: Callable[[Any], Awaitable[Any]] = really) -> Any:
                await asyncio.create_task(sell_out(goods), context=Context())  # by somebody else
                return await really(of)

            patched.setattr(confirming, goes_before, too_late)
            answer = await client.post("/orders", data=form)
        assert answer.status_code == 409 and name in words(answer), goes_before
    assert await fetch("SELECT FROM shop_order") == []


async def test_the_form_that_bought_the_last_piece_leads_to_its_order_again_and_anothers_to_what_is_sold_out(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product(stock={"LIS": 1})
    await fill_cart(client, lamp, await world.product("Barro mug", price_minor=1450))
    form = hidden(await to_payment(client))
    bank = await client.post("/orders", data=form)
    assert bank.url.path.startswith("/sandbox/pay/")
    assert (await client.post("/orders", data=form)).url.path == bank.url.path
    client.cookies.clear()
    await execute("UPDATE stock SET reserved = 0")
    await fill_cart(client, lamp, await world.product("Alto chair", price_minor=9900))
    form = hidden(await to_payment(client))
    await sell_out(lamp)
    late = await client.post("/orders", data=form)
    assert late.status_code == 409 and "Alcova desk lamp" in words(late)
    assert len(await fetch("SELECT FROM shop_order")) == 1


async def test_what_comes_from_another_warehouse_now_is_confirmed_again_at_once_and_keeps_the_place_in_the_line(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product(stock={"LIS": 1, "OPO": 1})
    await fill_cart(client, lamp)
    form = hidden(await to_payment(client))
    assert "since" not in form
    await execute("UPDATE stock SET on_hand = 0 WHERE warehouse = $1", world.warehouses["LIS"])
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422 and "now comes from another warehouse, and arrives" in words(answer)
    again = hidden(answer)
    await execute("UPDATE offer SET price_minor = price_minor + 100")
    twice = hidden(await client.post("/orders", data=again))
    assert twice["since"] == again["since"], "that of the first pressing"
    assert (await client.post("/orders", data={**twice, "since": "x\0é"})).url.path.startswith("/sandbox/pay/")


async def test_a_place_in_the_line_is_not_taken_over(client: httpx.AsyncClient, world: World) -> None:
    asked: list[dict[str, str]] = []
    for goods in (await world.product(), await world.product("Barro mug", price_minor=1450)):
        client.cookies.clear()
        await fill_cart(client, goods)
        form = hidden(await to_payment(client))
        theirs = {each: asked[0][each] for each in ("key", "since")} if asked else {"total": "1"}
        asked.append(hidden(await client.post("/orders", data={**form, **theirs})))
        assert asked[-1]["key"] == form["key"]
    first, second = (pressed_at(each["since"], each["key"]) for each in asked)
    assert first < second


async def test_a_parcel_from_elsewhere_travels_as_was_chosen(client: httpx.AsyncClient, world: World) -> None:
    await execute("UPDATE lane SET transit_days = 3 WHERE free_from_minor IS NOT NULL")
    await execute(
        """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor)
           SELECT warehouse, zone, express.id, 1, 790 FROM lane, service_level AS express
           WHERE free_from_minor IS NOT NULL AND express.code = 'express' ON CONFLICT DO NOTHING"""
    )
    await estimate.renew()
    await fill_cart(client, await world.product(stock={"LIS": 1, "OPO": 1}))
    delivery = await client.post("/checkout/address", data=ADDRESS)
    form = hidden(await client.post("/checkout/delivery", data=dict.fromkeys(chosen(delivery), "express")))
    await execute("UPDATE stock SET on_hand = 0 WHERE warehouse = $1", world.warehouses["LIS"])
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422 and "To your door, sooner, from Oficina do Vale" in words(answer)
    assert (await client.post("/orders", data=hidden(answer))).url.path.startswith("/sandbox/pay/")
    assert [row["service_level"] for row in await fetch("SELECT service_level FROM parcel")] == ["express"]


async def test_a_crowd_is_answered_with_few_questions_to_the_database(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = await world.product(stock={"LIS": 1, "OPO": 1})
    await fill_cart(client, lamp, await world.product("Barro mug", price_minor=1450, stock={"LIS": 9, "OPO": 9}))
    form = hidden(await to_payment(client))
    await execute("UPDATE stock SET on_hand = 0 WHERE warehouse = $1", world.warehouses["LIS"])
    monkeypatch.setattr(settings(), "show_query_count", True)
    again = await client.post("/orders", data=form)
    assert again.status_code == 422
    assert again.headers["x-query-count"] == "8"
    await sell_out(lamp)
    late = await client.post("/orders", data=hidden(again))
    assert late.status_code == 409
    assert late.headers["x-query-count"] == "2"
