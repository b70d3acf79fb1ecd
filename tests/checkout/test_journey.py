"""From the cart over address, delivery and payment to the order, and what may happen on the way."""

import httpx
import pytest

from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.payments.sandbox_faults import switch
from tests.checkout.paying import ASKS, BAD, GOOD, SLOW, asked_about
from tests.checkout.shopping import ADDRESS, fill_cart, hidden, pay, to_payment, words
from tests.orders.wanting import stock_of
from tests.world import World


async def test_a_guest_buys_from_the_cart_to_the_paid_order(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await fill_cart(client, lamp, quantity=2)
    answer = await client.get("/checkout")
    assert answer.url.path == "/checkout/address"
    payment = await to_payment(client)
    assert payment.url.path == "/checkout/payment"
    assert "Rua da Boavista 84, 2.º Esq. 1200-109 LISBOA PORTUGAL" in words(payment)
    assert "Pay €97.80" in words(payment)
    bank = await client.post("/orders", data=hidden(payment))
    assert bank.url.path.startswith("/sandbox/pay/")
    assert "sandbox" in words(bank)
    order = await pay(client, bank, GOOD)
    assert order.url.path.startswith("/orders/F-")
    assert "Thank you, that is ordered. A mail about it goes to marta@feira.example. Its link" in words(order)
    assert "Paid 2 items €97.80" in words(order) and "One parcel from" in words(order)
    assert "Thank you" not in words(await client.get(order.url.path))
    assert "Visa ending 4242" in words(order)
    assert await stock_of(lamp) == (3, 0)
    assert "Nothing in the cart yet" in words(await client.get("/cart"))
    listed = await client.get("/orders")
    assert order.url.path.removeprefix("/orders/") in words(listed)


async def test_which_size_and_colour_it_is_stands_in_the_cart_and_on_the_order_though_a_feed_brings_no_note(
    client: httpx.AsyncClient, world: World
) -> None:
    await fill_cart(client, await world.product("Serra jacket", note="", options={"Size": "XS", "Colour": "Ink blue"}))
    payment = await to_payment(client)
    order = await pay(client, await client.post("/orders", data=hidden(payment)), GOOD)
    for page in (payment, order):
        assert "Serra jacket XS, Ink blue" in words(page), page.url


async def test_where_the_first_order_goes_is_where_dates_are_shown_for(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    gift = {**ADDRESS, "postcode": "4000-001"}
    for address in (ADDRESS, gift):
        await client.post("/checkout/address", data=address)
        assert "Dates for 1200-109" in words(await client.get("/"))


async def test_what_the_order_would_be_is_worked_out_once_when_an_address_is_given(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill_cart(client, await world.product())
    await client.post("/checkout/address", data=ADDRESS)  # from here on the map of deliveries is in memory
    monkeypatch.setattr(settings(), "show_query_count", True)
    answer = await client.post("/checkout/address", data=ADDRESS, follow_redirects=False)
    assert answer.headers["location"] == "/checkout/payment"
    assert answer.headers["x-query-count"] == "4"


async def test_a_declined_card_can_be_tried_again_from_the_order(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    bank = await client.post("/orders", data=hidden(await to_payment(client)))
    order = await pay(client, bank, BAD)
    assert "Your card was not charged" in words(order)
    assert "held for you until" in words(order)
    assert order.text.count("<title>Error:") == 1
    again = await client.post(f"{order.url.path}/payments")
    assert again.url.path.startswith("/sandbox/pay/")
    assert again.url.path != bank.url.path
    order = await pay(client, again, GOOD)
    assert "Paid 1 item" in words(order)
    after = await client.post(f"{order.url.path}/payments")
    assert after.url.path == order.url.path
    assert len(await fetch("SELECT FROM ledger_entry WHERE kind = 'capture'")) == 1


async def test_a_challenge_is_answered_on_a_second_page(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    bank = await client.post("/orders", data=hidden(await to_payment(client)))
    second = await pay(client, bank, ASKS)
    assert "Confirm it is you" in words(second)
    order = await client.post(f"{second.url.path}/challenge", data={"answer": "approve"})
    assert "Paid 1 item" in words(order)
    assert "closed" in words(await client.get(bank.url.path))


async def test_going_back_without_paying_leads_to_the_same_page_again(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    form = hidden(await to_payment(client))
    bank = await client.post("/orders", data=form)
    number = (await fetch("SELECT number FROM shop_order"))[0]["number"]
    order = await client.get(f"/checkout/return/{number}")
    assert "Not paid yet" in words(order)
    assert "It waits for you among your orders" in words(await client.get("/cart"))
    assert (await client.post(f"/orders/{number}/payments")).url == bank.url
    assert (await client.post("/orders", data=form)).url == bank.url


async def test_steps_lead_to_the_first_one_without_an_answer(client: httpx.AsyncClient, world: World) -> None:
    for path in ("/checkout", "/checkout/address", "/checkout/delivery", "/checkout/payment"):
        assert (await client.get(path)).url.path == "/cart"
    assert (await client.post("/orders", data={})).url.path == "/cart"
    await fill_cart(client, await world.product(stock={"OPO": 5}))
    assert (await client.get("/checkout/payment")).url.path == "/checkout/address"
    await client.post("/checkout/address", data=ADDRESS)
    assert (await client.get("/checkout/payment")).url.path == "/checkout/delivery"
    assert (await client.post("/checkout/delivery", data={"parcel-1-LIS": "teleport"})).status_code == 422
    assert "Rua da Boavista" in (await client.get("/checkout/address")).text


async def test_a_sooner_delivery_is_chosen_and_paid(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product(stock={"OPO": 5}))
    await client.post("/checkout/address", data=ADDRESS)
    seller = await world.supplier()
    answer = await client.post("/checkout/delivery", data={f"parcel-{seller}-OPO": "express"})
    assert "To your door, sooner" in words(answer)
    assert "Pay €56.80" in words(answer)


async def test_address_errors_stand_beside_their_fields(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    typed = {**ADDRESS, "email": "marta", "line1": "Rua da Boavista", "postcode": "1200-10", "phone": "ring me"}
    answer = await client.post("/checkout/address", data=typed)
    assert answer.status_code == 422
    assert "<title>Error: Address" in answer.text
    for sentence in (
        "Four things to fix",
        "Add the door number",
        "A postcode of Portugal looks like 1200-109.",
        "name@example.pt",
    ):
        assert sentence in words(answer)
    assert 'value="1200-10"' in answer.text
    far = await client.post("/checkout/address", data={**ADDRESS, "postcode": "9500-321"})
    assert "We do not deliver to this postcode yet." in words(far)


async def test_the_next_checkout_knows_the_address_and_asks_only_what_has_several_answers(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product()
    await fill_cart(client, lamp)
    await client.post("/orders", data=hidden(await to_payment(client)))
    await fill_cart(client, lamp)
    answer = await client.get("/checkout")
    assert answer.url.path == "/checkout/payment"
    assert "Rua da Boavista 84" in words(answer)
    await fill_cart(client, await world.product("Barro mug", stock={"OPO": 5}))
    assert (await client.get("/checkout")).url.path == "/checkout/delivery"


async def test_a_slow_bank_is_waited_for_and_nobody_pays_twice(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    bank = await client.post("/orders", data=hidden(await to_payment(client)))
    order = await pay(client, bank, SLOW)
    assert "We are checking with your bank" in words(order)
    assert "Pay €" not in words(order)
    again = await client.post(f"{order.url.path}/payments")  # a form that was open in another tab
    assert again.url.path == order.url.path
    assert "We are checking with your bank" in words(await client.get(f"/checkout/return/{order.url.path[8:]}"))
    await execute("UPDATE sandbox_payment SET ready_at = now() - interval '1 second'")
    assert "Paid 1 item" in words(await client.get(f"/checkout/return/{order.url.path[8:]}"))
    assert len(await fetch("SELECT FROM ledger_entry WHERE kind = 'capture'")) == 1


async def test_while_the_provider_is_away_the_order_waits_and_says_so(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    bank = await client.post("/orders", data=hidden(await to_payment(client)))
    await switch("error_before", 100)
    order = await pay(client, bank, GOOD)
    assert "We are checking with your bank" in words(order)
    again = await client.post(f"{order.url.path}/payments")
    assert "Nothing was charged" not in words(again)
    await switch("error_before", 0)
    assert "Paid 1 item" in words(await client.get(f"/checkout/return/{order.url.path[8:]}"))


async def test_a_payment_page_that_cannot_be_opened_costs_nothing(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    form = hidden(await to_payment(client))
    await switch("error_before", 100)
    order = await client.post("/orders", data=form)
    assert "Nothing was charged" in words(order)
    assert "Not paid yet" in words(order)
    await switch("error_before", 0)
    assert (await client.post(f"{order.url.path}/payments")).url.path.startswith("/sandbox/pay/")


async def test_the_page_of_a_cancelled_order_is_closed(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    bank = await client.post("/orders", data=hidden(await to_payment(client)))
    await execute("UPDATE shop_order SET state = 'cancelled'")
    await asked_about()
    assert "closed" in words(await client.get(bank.url.path))
    assert [row["state"] for row in await fetch("SELECT state FROM payment_attempt")] == ["failed"]
