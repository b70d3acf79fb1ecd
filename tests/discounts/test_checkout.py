"""A code at the checkout: what is shown is what is charged, to the cent, and no code outlives its limits."""

from dataclasses import replace
from html import escape

import httpx
import pytest

from app.accounts import tries
from app.checkout.expiring import expire_unpaid
from app.discounts.tables import Kind
from app.infra.database import execute, fetch, fetch_one
from app.orders.cancelling import cancel
from tests.checkout.paying import GOOD
from tests.checkout.shopping import fill_cart, hidden, pay, to_payment, words
from tests.discounts.codes import code
from tests.orders.wanting import hold_ended, ledger_of, state_of
from tests.world import World

PLACE = "/checkout/discount"


async def give(client: httpx.AsyncClient, typed: str) -> httpx.Response:
    return await client.post(PLACE, data={"code": typed})


async def test_a_code_lowers_what_is_paid_and_stands_on_the_order(client: httpx.AsyncClient, world: World) -> None:
    await code(worth=1000)
    lamp, mug = await world.product(), await world.product("Barro mug", price_minor=1450)
    await fill_cart(client, lamp, mug)
    await to_payment(client)
    page = await give(client, " sum mer ")
    assert "Code SUMMER counts." in words(page)
    assert "Discount −€10.00" in words(page) and "Total €53.40" in words(page)
    bank = await client.post("/orders", data=hidden(page))
    assert "€53.40" in words(bank)
    await pay(client, bank, GOOD)
    order = await fetch_one("SELECT * FROM shop_order")
    assert order is not None
    assert (order["items_minor"], order["delivery_minor"], order["discount_minor"]) == (6340, 0, 1000)
    assert (order["total_minor"], order["discount_code"], order["state"]) == (5340, "SUMMER", "paid")
    assert order["vat_minor"] == round(5340 * 23 / 123)
    lines = await fetch("SELECT discount_minor FROM order_line ORDER BY id")
    assert [line["discount_minor"] for line in lines] == [771, 229]
    assert ("capture", 5340) in await ledger_of(order["id"])
    assert "Discount, SUMMER −€10.00" in words(await client.get(f"/orders/{order['number']}"))
    await fill_cart(client, lamp)
    assert "SUMMER" not in words(await to_payment(client)), "the next checkout begins without it"


async def test_free_delivery_is_free_of_the_usual_way(client: httpx.AsyncClient, world: World) -> None:
    await code(kind=Kind.FREE_DELIVERY, worth=None)
    await fill_cart(client, await world.product())
    await to_payment(client)
    page = await give(client, "SUMMER")
    assert "Delivery Free" in words(page) and "Total €48.90" in words(page)
    await client.post("/orders", data=hidden(page))
    order = await fetch_one("SELECT delivery_minor, discount_minor, total_minor FROM shop_order")
    assert order is not None and tuple(order.values()) == (0, 0, 4890)


async def test_a_code_that_gives_nothing_says_why_and_changes_nothing(client: httpx.AsyncClient, world: World) -> None:
    await code(minimum_minor=10_000)
    await fill_cart(client, await world.product())
    await to_payment(client)
    for typed, said in (("SUMMER", "for orders from €100.00"), ("<b>", "There is no such code")):
        page = await give(client, typed)
        assert page.status_code == 422 and said in words(page) and "Total €52.80" in words(page)
        assert f'name="code" value="{escape(typed)}"' in page.text, "what was typed stays in its field"
    page = await give(client, "\x00" * 50)
    assert page.status_code == 200 and "Total €52.80" in words(page)


async def test_a_code_can_be_taken_off(client: httpx.AsyncClient, world: World) -> None:
    await code()
    await fill_cart(client, await world.product())
    await to_payment(client)
    assert "Total €47.80" in words(await give(client, "SUMMER"))
    assert "Total €52.80" in words(await give(client, ""))


@pytest.mark.parametrize("how", ["stopped_at = now()", "ends_at = now()", "amount_minor = 100"])
async def test_a_code_that_ends_meanwhile_is_asked_about_again(
    client: httpx.AsyncClient, world: World, how: str
) -> None:
    await code()
    await fill_cart(client, await world.product())
    await to_payment(client)
    form = hidden(await give(client, "SUMMER"))
    await execute(f"UPDATE discount_code SET {how}")
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422
    assert "Nothing was ordered yet" in words(answer) and "The total is now" in words(answer)
    if "amount" not in how:
        assert "Code SUMMER does not count any more. This code has ended." in words(answer)
    assert await fetch("SELECT FROM shop_order") == []
    assert (await client.post("/orders", data=hidden(answer))).url.path.startswith("/sandbox/pay/")


async def test_the_last_use_goes_to_whoever_pays_first(client: httpx.AsyncClient, world: World) -> None:
    await code(most_uses=1)
    await fill_cart(client, await world.product(stock={"LIS": 9}))
    await to_payment(client)
    form = hidden(await give(client, "SUMMER"))
    await execute("UPDATE discount_code SET used = 1")  # by another
    answer = await client.post("/orders", data=form)
    assert answer.status_code == 422 and "This code has been used up." in words(answer)


async def test_an_order_that_nobody_pays_gives_its_use_back(client: httpx.AsyncClient, world: World) -> None:
    await code(most_uses=1)
    await fill_cart(client, await world.product())
    await to_payment(client)
    await client.post("/orders", data=hidden(await give(client, "SUMMER")))
    order = await fetch_one("SELECT id FROM shop_order")
    assert order is not None
    used = await fetch_one("SELECT used FROM discount_code")
    assert used is not None and used["used"] == 1
    await hold_ended(order["id"])
    await expire_unpaid()
    assert await state_of(order["id"]) == "expired"
    used = await fetch_one("SELECT used FROM discount_code")
    assert used is not None and used["used"] == 0


async def test_what_goes_back_is_what_was_paid_also_piece_by_piece(client: httpx.AsyncClient, world: World) -> None:
    await code(worth=1000, most_uses=1)
    lamp, mug = await world.product(), await world.product("Barro mug", price_minor=1450)
    await fill_cart(client, lamp, quantity=3)
    await fill_cart(client, mug)
    await to_payment(client)
    bank = await client.post("/orders", data=hidden(await give(client, "SUMMER")))
    await pay(client, bank, GOOD)
    order = await fetch_one("SELECT id, total_minor, vat_minor FROM shop_order")
    lines = await fetch("SELECT id FROM order_line ORDER BY id")
    assert order is not None and order["total_minor"] == 3 * 4890 + 1450 - 1000
    await cancel(order["id"], [lines[1]["id"]], "shopper")
    back = await fetch("SELECT amount_minor, vat_minor FROM credit_note")
    assert [row["amount_minor"] for row in back] == [1450 - 90]
    used = await fetch_one("SELECT used FROM discount_code")
    assert used is not None and used["used"] == 1, "the order still has it"
    await cancel(order["id"], None, "shopper")
    back = await fetch("SELECT amount_minor, vat_minor FROM credit_note")
    assert sum(row["amount_minor"] for row in back) == order["total_minor"]
    assert sum(row["vat_minor"] for row in back) == order["vat_minor"]
    used = await fetch_one("SELECT used FROM discount_code")
    assert used is not None and used["used"] == 0


async def test_codes_cannot_be_guessed_for_ever(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "WRONG_CODES", replace(tries.WRONG_CODES, most=3))
    await code()
    await fill_cart(client, await world.product())
    await to_payment(client)
    for typed in ("A", "SUMMER", "SUMMER", "B", "SUMMER", "C"):  # what is right does not count
        assert "Too many codes" not in words(await give(client, typed))
    page = await give(client, "SUMMER")
    assert "Too many codes were tried. Wait 60 minutes" in words(page) and "Total €47.80" in words(page)
