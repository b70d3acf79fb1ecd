"""Somebody in another country buys: form, VAT and the way in which the address is written are that country's."""

import httpx

from app.delivery import estimate
from app.delivery.places import COOKIE
from app.infra.database import fetch_one
from tests.checkout.shopping import ADDRESS, fill_cart, hidden, pay, take_delivery, words
from tests.world import World

MADRID = ADDRESS | {"country": "ES", "line1": "Calle Mayor 1", "postcode": "28013", "region": "M"}
APPROVED = "4242 4242 4242 4242"


async def abroad(world: World) -> None:
    await world.abroad()
    estimate.forget()


async def test_the_form_follows_the_country_and_keeps_what_was_typed(client: httpx.AsyncClient, world: World) -> None:
    await abroad(world)
    await fill_cart(client, await world.product())
    form = await client.get("/checkout/address")
    assert '<option value="PT" selected>Portugal' in form.text and '<option value="ES">Spain' in form.text
    assert "United States" not in form.text and 'name="region"' not in form.text
    update = {**MADRID, "region": "", "update": "on", "name": "Ana <Lopes>"}
    spain = await client.post("/checkout/address", data=update)
    assert spain.status_code == 200 and "Error:" not in spain.text
    assert '<option value="ES" selected>' in spain.text and ">Madrid</option>" in spain.text
    assert 'value="Ana &lt;Lopes&gt;"' in spain.text and 'value="Calle Mayor 1"' in spain.text
    back = await client.post("/checkout/address", data=update | {"country": "PT", "region": "M"})
    assert '<input type="hidden" name="region" value="M">' in back.text  # there again if the shopper changes back
    htmx = {"hx-request": "true", "hx-target": "address"}
    fragment = await client.post("/checkout/address", data=update, headers=htmx)
    assert fragment.text.lstrip().startswith('<div class="fields" id="address">') and "<html" not in fragment.text


async def test_a_country_that_is_not_served_is_said_so(client: httpx.AsyncClient, world: World) -> None:
    await fill_cart(client, await world.product())
    for country, said in (
        ("US", "We do not deliver to the United States yet."),
        ("XX", "Choose a country"),
        ("\x00" * 9 + "☃" * 5000, "Choose a country"),
    ):
        answer = await client.post("/checkout/address", data={**ADDRESS, "country": country})
        assert answer.status_code == 422 and said in words(answer)
        assert 'value="Rua da Boavista 84"' in answer.text


async def test_vat_is_the_countrys_and_the_order_keeps_the_address(client: httpx.AsyncClient, world: World) -> None:
    await abroad(world)
    await fill_cart(client, await world.product(price_minor=12100))
    delivery = await client.post("/checkout/address", data=MADRID)
    assert "Calle Mayor 1, 2.º Esq. 28013 MADRID MADRID SPAIN" in words(delivery)
    payment = await take_delivery(client, delivery)
    assert "21 %" in words(payment) or "€22.54" in words(payment)  # in 121.00 and 8.90
    order = await pay(client, await client.post("/orders", data=hidden(payment)), APPROVED)
    assert "Calle Mayor 1, 2.º Esq. 28013 MADRID MADRID SPAIN" in words(order)
    row = await fetch_one("SELECT country, region, postcode, place, vat_minor, total_minor FROM shop_order")
    assert row and tuple(row.values()) == ("ES", "M", "28013", "Madrid", 2254, 12990)
    line = await fetch_one("SELECT vat_percent FROM order_line")
    assert line and line["vat_percent"] == 21
    invoice = await fetch_one("SELECT facts->'buyer' AS buyer FROM invoice")
    assert invoice and "28013 MADRID MADRID" in invoice["buyer"]
    await fill_cart(client, await world.product())
    again = await client.get("/checkout/address")
    assert '<option value="M" selected>Madrid' in again.text and 'value="28013"' in again.text


async def test_a_postcode_abroad_is_remembered_with_its_country(client: httpx.AsyncClient, world: World) -> None:
    await abroad(world)
    page = await client.post("/delivery/postcode", data={"country": "ES", "postcode": "28013", "next": "/cart"})
    assert "28013 Madrid" in words(page)
    form = await client.get("/delivery/postcode")
    assert '<option value="ES" selected>' in form.text and 'value="28013"' in form.text
    for country, postcode, said in (
        ("ES", "1200-109", "A postcode looks like 28039"),
        ("US", "94043", "We do not deliver to the United States yet."),
        ("PT", "28013", "A postcode looks like 1200-109"),
    ):
        wrong = await client.post("/delivery/postcode", data={"country": country, "postcode": postcode})
        assert wrong.status_code == 422 and said in words(wrong)
    for typed, kept in (("28013", "ES:28013"), ("1200-109", "1200-109")):  # a field that asks for no country
        await client.post("/delivery/postcode", data={"postcode": typed})
        assert client.cookies[COOKIE] == kept
