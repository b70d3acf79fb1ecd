"""Prices without VAT, for a shop that sells to businesses: said wherever there is a price, added at the checkout."""

from decimal import Decimal

import httpx
import pytest

from app.infra.clock import today
from app.infra.database import execute, fetch, fetch_one
from app.orders.cancelling import cancel
from app.orders.documents import decode
from app.orders.pdf import pdf_of
from tests.checkout.paying import GOOD
from tests.checkout.shopping import fill_cart, hidden, pay, to_payment, words
from tests.discounts.codes import code
from tests.notifications.events import mails, written
from tests.orders.sending import arrived, line_ids, paid
from tests.orders.wanting import guest, ledger_of
from tests.world import World

pytestmark = pytest.mark.usefixtures("net_prices")


async def test_vat_is_added_shown_charged_invoiced_and_refunded(client: httpx.AsyncClient, world: World) -> None:
    await execute(
        """INSERT INTO tax_rate (country, category, percent, valid_from, set_at)
           VALUES ('PT', $1, 6, '2020-01-01', now())""",
        world.categories["mugs-and-cups"],
    )
    await code(worth=1000)
    lamp = await world.product(price_minor=3000)
    mug = await world.product("Barro mug", price_minor=1000, category="mugs-and-cups/mugs")
    await fill_cart(client, lamp, mug)
    assert "excl. VAT" in words(await client.get(f"/p/{lamp.slug}"))
    cart = words(await client.get("/cart"))
    assert "VAT of €7.50 is added at checkout" in cart and "VAT included" not in cart
    await to_payment(client)
    page = await client.post("/checkout/discount", data={"code": "SUMMER"})
    # 30.00 - 7.50 and 3/4 of 3.90 at 23 %; 10.00 - 2.50 and the rest at 6 %.
    assert "Items excl. VAT €40.00 Delivery €3.90 Discount −€10.00 VAT 23 % €5.85 VAT 6 % €0.51 Total €40.26" in words(
        page
    )
    order = await pay(client, await client.post("/orders", data=hidden(page)), GOOD)
    assert "VAT €6.36 Total €40.26" in words(order) and "VAT €6.36 included" not in words(order)
    row = await fetch_one("SELECT * FROM shop_order")
    assert row and (row["total_minor"], row["vat_minor"], row["is_net"]) == (4026, 636, True)
    assert ("capture", 4026) in await ledger_of(row["id"])
    invoice = await fetch_one("SELECT facts::text AS facts FROM invoice")
    assert invoice
    facts = decode(invoice["facts"])
    assert facts.is_net and facts.amount_minor == sum(item.amount_minor for item in facts.items) == 4026
    assert sum(item.vat_minor for item in facts.items) == 636 and pdf_of(facts).startswith(b"%PDF")
    lines = await fetch("SELECT id FROM order_line ORDER BY id")
    for line in lines:
        await cancel(row["id"], [line["id"]], "shopper")
    back = await fetch_one("SELECT sum(amount_minor)::int AS minor, sum(vat_minor)::int AS vat FROM credit_note")
    assert back and tuple(back.values()) == (4026, 636)


async def test_a_rate_that_changes_before_paying_is_asked_about_again(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product(price_minor=10000))
    payment = await to_payment(client)
    assert "Pay €123.00" in words(payment)
    await execute("INSERT INTO tax_rate (country, percent, valid_from, set_at) VALUES ('PT', 25, $1, now())", today())
    answer = await client.post("/orders", data=hidden(payment))
    assert "Nothing was ordered yet" in words(answer) and "The total is now €125.00, was €123.00." in words(answer)
    assert await fetch("SELECT FROM shop_order") == []
    await client.post("/orders", data=hidden(answer))
    row = await fetch_one("SELECT total_minor FROM shop_order")
    assert row and row["total_minor"] == Decimal(12500)


async def test_what_goes_back_is_shown_without_vat_and_says_so(client: httpx.AsyncClient, world: World) -> None:
    order = await paid(world, await world.product(), owner=guest("net"))
    await arrived(order)
    client.cookies.set("feira_visitor", "net")
    (line,) = await line_ids(order)
    asking = words(await client.get(f"/orders/{order.number}/returns"))
    assert "its price and the VAT on it go back" in asking and "a piece, excl. VAT" in asking
    form = {f"pieces-{line}": "1", "reason": "broken"}
    assert "1 piece, excl. VAT" in words(await client.post(f"/orders/{order.number}/returns", data=form))
    (asked,) = [mail["text"] for mail in await written() if mail["kind"] == "order_return_requested"]
    assert "€48.90 excl. VAT" in asked
    (placed,) = [mail["text"] for mail in await mails() if mail["kind"] == "order_placed"]
    assert "1 item excl. VAT: €48.90" in placed
