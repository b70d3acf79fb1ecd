"""What a shopper has seen is what is ordered: what has changed since is said first; a second click is one order."""

import asyncio

import httpx
import pytest

from app.delivery import estimate
from app.discounts.tables import Kind
from app.infra import clock
from app.infra.database import execute, fetch
from app.payments.sandbox import Sandbox
from app.payments.stripe_provider import Stripe
from tests.checkout.paying import GOOD
from tests.checkout.shopping import ADDRESS, chosen, fill_cart, hidden, pay, to_payment, words
from tests.delivery.portugal import at
from tests.discounts.codes import code
from tests.orders.wanting import stock_of
from tests.world import World


async def test_a_double_click_places_and_charges_once(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product()
    await fill_cart(client, lamp)
    form = hidden(await to_payment(client))
    answers = await asyncio.gather(*(client.post("/orders", data=form) for _ in range(5)))
    assert len({answer.url.path for answer in answers}) == 1
    await pay(client, answers[0], GOOD)
    late = await client.post("/orders", data=form)
    assert "Paid 1 item" in words(late)
    assert len(await fetch("SELECT FROM shop_order")) == 1
    assert await stock_of(lamp) == (4, 0)


async def test_a_price_that_has_changed_is_asked_about_again(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    form = hidden(await to_payment(client))
    await execute("UPDATE offer SET price_minor = 5190")
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422
    assert "Nothing was ordered yet" in words(answer)
    assert "Alcova desk lamp: now €51.90, was €48.90." in words(answer)
    assert await fetch("SELECT FROM shop_order") == []
    bank = await client.post("/orders", data=hidden(answer))
    assert "€51.90" in words(bank)


async def test_what_is_missing_to_free_delivery_is_said_and_what_delivery_costs_is_what_was_confirmed(
    client: httpx.AsyncClient, world: World
) -> None:
    await fill_cart(client, await world.product(stock={"OPO": 5}))
    delivery = await client.post("/checkout/address", data=ADDRESS)
    assert "€1.10 more in this parcel, and “To your door” is free." in words(delivery)
    form = hidden(await client.post("/checkout/delivery", data=chosen(delivery)))
    await execute("UPDATE lane SET free_from_minor = 4800 WHERE free_from_minor IS NOT NULL")
    await estimate.renew()
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422
    assert "The total is now €48.90, was €52.80." in words(answer)
    assert "“To your door” is free." in words(await client.get("/checkout/delivery"))
    assert "€48.90" in words(await client.post("/orders", data=hidden(answer)))


async def test_a_promise_that_has_moved_is_asked_about_again(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    form = hidden(await to_payment(client))
    await execute("UPDATE offer SET handling_days = 6")
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422
    assert "Parcel 1, from Oficina do Vale: now arrives" in words(answer)


async def test_a_cut_off_that_passes_before_the_click_is_told_with_both_days(
    client: httpx.AsyncClient, world: World
) -> None:
    """After the cut-off of the warehouse nearby, the one far away is no later, and sends it the cheaper way."""
    await execute("UPDATE warehouse SET cutoff = '18:00' WHERE code = 'OPO'")
    await execute("UPDATE lane SET price_minor = 100 WHERE warehouse = $1", world.warehouses["OPO"])
    estimate.forget()
    lamp = await world.product(stock={"LIS": 5, "OPO": 5})
    with clock.frozen(at("2026-11-24 14:59")):
        await fill_cart(client, lamp)
        form = hidden(await to_payment(client))
    with clock.frozen(at("2026-11-24 15:00")):
        answer = await client.post("/orders", data=form)
        assert answer.status_code == 422 and await fetch("SELECT FROM shop_order") == []
        said = "now comes from another warehouse, and arrives Thu 26 Nov, was Wed 25 Nov."
        assert f"Parcel 1, from Oficina do Vale: {said}" in words(answer)
        assert (await client.post("/orders", data=hidden(answer))).url.path.startswith("/sandbox/pay/")
    (parcel,) = await fetch("SELECT promised_on FROM parcel")
    assert str(parcel["promised_on"]) == "2026-11-26"


async def test_a_second_tab_does_not_pay_for_what_the_first_showed(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    first = hidden(await to_payment(client))
    await fill_cart(client, await world.product("Barro mug", price_minor=1450))
    second = hidden(await to_payment(client))
    answer = await client.post("/orders", data=first)
    assert answer.status_code == 422
    assert "Barro mug: part of the order now. The total is now €63.40, was €52.80." in words(answer)
    bank = await client.post("/orders", data=second)
    assert bank.url.path.startswith("/sandbox/pay/")
    late = await client.post("/orders", data=first)
    assert late.url.path == "/orders"
    assert "another window" in words(late)
    assert len(await fetch("SELECT FROM shop_order")) == 1


async def test_pieces_that_were_changed_in_another_window_are_told_of(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product(), quantity=2)
    form = hidden(await to_payment(client))
    for pieces, told in ((3, "now 3 pieces, was 2."), (1, "now 1 piece, was 2.")):
        await execute("UPDATE cart_line SET quantity = $1", pieces)
        assert f"Alcova desk lamp: {told}" in words(await client.post("/orders", data=form))


async def test_pieces_that_moved_to_another_warehouse_are_told_of_although_nothing_costs_more(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product(price_minor=4890, stock={"LIS": 2, "OPO": 1})
    await fill_cart(client, lamp, quantity=3)
    form = hidden(await to_payment(client))
    await execute("UPDATE stock SET on_hand = 3 * (warehouse = $1)::int", world.warehouses["LIS"])
    told = words(await client.post("/orders", data=form))
    assert "holds other pieces of the same order now" in told
    assert "It travels in 1 parcel now, was 2 parcels." in told
    assert "in another window" not in told


async def test_nobody_pays_another_price_than_the_shops(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product()
    await fill_cart(client, lamp)
    form = hidden(await to_payment(client))
    for forged in (
        {"total": "1"},
        {"total": "1", "shown": form["shown"].replace("4890", "1")},
        {"total": "x"},
        {"total": "-5"},
        {"total": "9" * 30},
        {"shown": form["shown"].replace("390", "0")},
        {"shown": form["shown"].replace(f"[[{lamp.offer},1", f"[[{2**70},1")},
        {"shown": form["shown"].replace(f"[[{lamp.offer},1", f"[[{lamp.offer},{2**62}")},
        {"key": "no"},
        {"shown": "{"},
        {"shown": ""},
    ):
        answer = await client.post("/orders", data={**form, **forged})
        assert answer.status_code == 422
    assert await fetch("SELECT FROM shop_order") == []


async def test_what_another_window_took_out_of_the_cart_is_named(client: httpx.AsyncClient, world: World) -> None:
    lamp, mug = await world.product(), await world.product("Barro mug", price_minor=1450)
    await fill_cart(client, lamp)
    await fill_cart(client, mug)
    form = hidden(await to_payment(client))
    (line,) = await fetch("SELECT id FROM cart_line WHERE offer = $1", mug.offer)
    await client.post(f"/cart/lines/{line['id']}", data={"quantity": "0"})
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422
    assert "Barro mug: not in your cart any more. The total is now €52.80, was €63.40." in words(answer)
    for forged in (2**63 - 1, 2**63):
        nonsense = form["shown"].replace(f"[{mug.offer},1,", f"[{forged},1,")
        assert (await client.post("/orders", data=form | {"shown": nonsense})).status_code == 422


async def test_what_is_too_little_for_a_card_is_said_instead_of_a_button_and_not_ordered(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await code(kind=Kind.FREE_DELIVERY, worth=None)
    await fill_cart(client, await world.product(price_minor=30))
    await to_payment(client)
    confirmed = hidden(await client.post("/checkout/discount", data={"code": "SUMMER"}))
    monkeypatch.setattr(Sandbox, "least_minor", Stripe.least_minor)
    page = await client.get("/checkout/payment")
    assert "Cards are charged €0.50 at least, and this comes to €0.30." in words(page)
    assert "Pay €0.30" not in words(page) and "total" not in hidden(page)
    answer = await client.post("/orders", data=confirmed)
    assert answer.status_code == 422 and "€0.50 at least" in words(answer)
    assert await fetch("SELECT FROM shop_order") == []
    monkeypatch.undo()
    assert (await client.post("/orders", data=confirmed)).url.path.startswith("/sandbox/pay/")
