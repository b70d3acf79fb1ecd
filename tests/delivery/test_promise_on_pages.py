"""What pages say of a promise: why it takes longer, what sooner costs, a day for each parcel, where we do not drive."""

import re

import httpx
import pytest

from app.delivery import estimate
from app.infra import clock
from app.infra.database import execute, fetch
from app.infra.settings import settings
from tests.checkout.shopping import ADDRESS, chosen, fill_cart, hidden, words
from tests.delivery.portugal import at
from tests.search.conftest import Reindex
from tests.world import Goods, World

TUESDAY = at("2026-11-24 10:00")
LONGER = "It takes longer than usual: Black Friday."
PORTO = {**ADDRESS, "postcode": "4000-001"}
NOWHERE = "0000-000"


def days(answer: httpx.Response) -> list[str]:
    """The days of the tickets on a page, in their order."""
    return re.findall(r'<time class="promise-day" datetime="([^"]+)"', answer.text)


def parcels(answer: httpx.Response) -> list[str]:
    """Each parcel's own section."""
    return re.findall(r'<section class="parcel".*?</section>', answer.text, re.DOTALL)


async def go_to(client: httpx.AsyncClient, postcode: str) -> None:
    await client.post("/delivery/postcode", data={"postcode": postcode, "next": "/"})


@pytest.fixture
async def lamp(world: World, reindex: Reindex) -> Goods:
    made = await world.product("Alcova desk lamp", stock={"LIS": 5})
    await reindex()
    return made


async def surcharge(reason: str = "Black Friday") -> None:
    """Two working days more from 26 to 27 November."""
    await execute(
        "INSERT INTO surcharge (first_day, last_day, extra_days, reason) VALUES ('2026-11-26', '2026-11-27', 2, $1)",
        reason,
    )
    estimate.forget()


async def test_product_cart_and_checkout_say_why_it_takes_longer(client: httpx.AsyncClient, lamp: Goods) -> None:
    await surcharge()
    with clock.frozen(at("2026-11-26 10:00")):
        await go_to(client, "1200-109")
        assert LONGER in words(await client.get(f"/p/{lamp.slug}"))
        await fill_cart(client, lamp)
        assert LONGER in words(await client.get("/cart"))
        delivery = await client.post("/checkout/address", data=ADDRESS)
        assert LONGER in words(delivery)
        assert days(delivery)[0] == "2026-12-02"  # the usual 27 November, two working days and a holiday later


async def test_a_day_that_is_as_usual_has_no_reason(client: httpx.AsyncClient, lamp: Goods) -> None:
    await surcharge()
    for moment in (TUESDAY, at("2026-11-25 14:59"), at("2026-11-30 15:00")):
        with clock.frozen(moment):
            await go_to(client, "1200-109")
            await fill_cart(client, lamp)
            for address in (f"/p/{lamp.slug}", "/cart"):
                assert "longer than usual" not in words(await client.get(address)), (moment, address)


async def test_a_reason_is_shown_as_it_was_written(client: httpx.AsyncClient, lamp: Goods) -> None:
    await surcharge("<b>Snow</b> & storm")
    with clock.frozen(at("2026-11-26 10:00")):
        await go_to(client, "1200-109")
        assert "longer than usual: &lt;b&gt;Snow&lt;/b&gt; &amp; storm." in (await client.get(f"/p/{lamp.slug}")).text


async def test_sooner_has_its_own_day_and_price_and_is_what_the_order_keeps(
    client: httpx.AsyncClient, lamp: Goods
) -> None:
    with clock.frozen(TUESDAY):
        await fill_cart(client, lamp)
        delivery = await client.post("/checkout/address", data=PORTO)
        options = re.findall(r'<label class="choice">(.*?)</label>', delivery.text, re.DOTALL)
        said = [" ".join(re.sub(r"<[^>]*>", " ", option).split()) for option in options]
        assert said == ["To your door Arrives Thu 26 Nov €3.90", "To your door, sooner Arrives Wed 25 Nov €7.90"]
        (name,) = chosen(delivery)
        payment = await client.post("/checkout/delivery", data={name: "express"})
        assert "Wed 25 Nov , €7.90" in words(payment) and set(days(payment)) == {"2026-11-25"}
        assert "Delivery €7.90 Total €56.80" in words(payment)
        await client.post("/orders", data=hidden(payment))
        (row,) = await fetch("SELECT number, delivery_minor FROM shop_order")
        assert row["delivery_minor"] == 790
        assert set(days(await client.get(f"/orders/{row['number']}"))) == {"2026-11-25"}


async def test_sooner_is_not_offered_where_nothing_is_sooner(client: httpx.AsyncClient, lamp: Goods) -> None:
    await fill_cart(client, lamp)
    payment = await client.post("/checkout/address", data=ADDRESS)
    assert payment.url.path == "/checkout/payment" and "To your door, from" in words(payment)
    delivery = await client.get("/checkout/delivery")
    assert delivery.text.count('<label class="choice">') == 1


async def test_each_parcel_has_its_own_day_in_cart_checkout_and_order(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product("Alcova desk lamp", stock={"LIS": 2, "OPO": 2})
    mug = await world.product("Barro mug", stock={"LIS": 5}, supplier="Casa Pratas", handling_days=3)
    await reindex()
    expected = ["2026-11-25", "2026-11-26", "2026-11-30"]  # near, from the other end, and made to order
    with clock.frozen(TUESDAY):
        await go_to(client, "1200-109")
        await fill_cart(client, lamp, quantity=3)  # no warehouse has three
        await fill_cart(client, mug)
        cart = await client.get("/cart")
        assert [days_in(section) for section in parcels(cart)] == [[day] for day in expected]
        assert "All here by Mon 30 Nov" in words(cart)
        delivery = await client.post("/checkout/address", data=ADDRESS)
        said = re.findall(r"<fieldset.*?</fieldset>", delivery.text, re.DOTALL)
        assert [days_in(section)[0] for section in said] == expected
        payment = await client.post("/checkout/delivery", data=chosen(delivery))
        assert set(days(payment)) == set(expected)
        await client.post("/orders", data=hidden(payment))
        (row,) = await fetch("SELECT number FROM shop_order")
        order = await client.get(f"/orders/{row['number']}")
        assert [days_in(section)[:1] for section in parcels(order)] == [[day] for day in expected]


async def test_the_product_s_page_says_the_day_of_as_many_as_are_wanted(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product("Alcova desk lamp", stock={"LIS": 2, "OPO": 5})
    await reindex()
    with clock.frozen(TUESDAY):
        await go_to(client, "1200-109")
        for quantity, day in ((2, "2026-11-25"), (3, "2026-11-26")):
            assert days(await client.get(f"/p/{lamp.slug}?quantity={quantity}"))[0] == day
        await fill_cart(client, lamp, quantity=3)
        assert days(await client.get("/cart")) == ["2026-11-26"] * 2


async def test_as_many_as_no_warehouse_has_are_promised_and_charged_as_in_the_cart(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product("Alcova desk lamp", stock={"LIS": 2, "OPO": 2}, price_minor=4000)
    await reindex()
    with clock.frozen(TUESDAY):
        await go_to(client, "1200-109")
        product = await client.get(f"/p/{lamp.slug}?quantity=3")
        assert days(product)[0] == "2026-11-26"  # the third comes from the other end
        assert "All here by Thu 26 Nov" in words(product)
        assert "€3.90 delivery from Oficina do Vale, in 2 parcels: no warehouse has 3." in words(product)
        await fill_cart(client, lamp, quantity=3)
        cart = words(await client.get("/cart"))
        assert "All here by Thu 26 Nov" in cart and "Delivery, 2 parcels €3.90" in cart  # two lamps together go free


async def test_more_than_is_brought_there_are_promised_from_where_they_are(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product("Alcova desk lamp", stock={"LIS": 2, "OPO": 9})
    await reindex()
    await execute("DELETE FROM lane WHERE warehouse = $1", world.warehouses["OPO"])
    estimate.forget()
    with clock.frozen(TUESDAY):
        await go_to(client, "1200-109")
        for quantity in (1, 2, 3):
            assert days(await client.get(f"/p/{lamp.slug}?quantity={quantity}"))[0] == "2026-11-25"


async def test_a_line_that_waits_for_another_says_the_day_of_its_own_page(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    lamp = await world.product("Alcova desk lamp", stock={"LIS": 5, "OPO": 5})
    mug = await world.product("Barro mug", stock={"OPO": 5})
    await reindex()
    with clock.frozen(TUESDAY):
        await go_to(client, "1200-109")
        own = days(await client.get(f"/p/{lamp.slug}"))[0]
        await fill_cart(client, lamp)
        assert days(await client.get("/cart")) == [own, own] and "itself" not in words(await client.get("/cart"))
        await fill_cart(client, mug)
        cart, delivery = await client.get("/cart"), await client.post("/checkout/address", data=ADDRESS)
        said = "By itself it would arrive Wed 25 Nov . Here it travels with the rest from this seller, in one parcel."
        assert own == "2026-11-25" and min(days(cart)) == "2026-11-26"
        assert words(cart).count(said) == 1 and f"Alcova desk lamp: {said}" in words(delivery)


def days_in(section: str) -> list[str]:
    return re.findall(r'<time class="promise-day" datetime="([^"]+)"', section)


async def test_a_place_we_do_not_drive_to_is_said_on_every_page(client: httpx.AsyncClient, lamp: Goods) -> None:
    client.cookies.set("feira_postcode", NOWHERE)
    await fill_cart(client, lamp)
    for address in ("/search?q=lamp", "/c/lighting"):
        results = await client.get(address)
        assert f"We do not deliver to {NOWHERE} yet" in words(results)
        assert "no delivery" in words(results) and not days(results)
    product = await client.get(f"/p/{lamp.slug}")
    assert f"We do not deliver to {NOWHERE} yet" in words(product) and not days(product)
    cart = await client.get("/cart")
    assert f"We do not deliver to {NOWHERE} yet" in words(cart) and not days(cart)
    assert "Alcova desk lamp" in words(cart) and "Go to checkout" not in words(cart)
    sent_back = await client.get("/checkout")  # there is nothing that could be ordered for it
    assert sent_back.url.path == "/cart"
    await go_to(client, "1200-109")
    refused = await client.post("/checkout/address", data={**ADDRESS, "postcode": NOWHERE})
    assert refused.status_code == 422 and "We do not deliver to this postcode yet" in words(refused)


async def test_a_place_that_one_seller_does_not_reach_holds_up_only_what_is_his(
    client: httpx.AsyncClient, world: World, reindex: Reindex
) -> None:
    near = await world.product("Alcova desk lamp", stock={"LIS": 5})
    far = await world.product("Barro mug", stock={"OPO": 5}, supplier="Casa Pratas")
    await reindex()
    await execute(
        "DELETE FROM lane USING zone z WHERE z.id = zone AND z.code <> 'porto' AND warehouse = $1",
        world.warehouses["OPO"],
    )
    estimate.forget()
    await go_to(client, "1200-109")
    await fill_cart(client, near, far)
    assert "No carrier takes it from Casa Pratas to this postcode" in words(await client.get(f"/p/{far.slug}"))
    cart = words(await client.get("/cart"))
    assert "This seller cannot send it to 1200-109 Lisboa" in cart and "Go to checkout" in cart
    delivery = words(await client.post("/checkout/address", data=ADDRESS))
    assert "Not in this order, and still in your cart: Barro mug (not delivered to 1200-109)." in delivery


async def test_a_full_page_of_dates_takes_no_query(
    client: httpx.AsyncClient, world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(60):
        stock = [{"LIS": 3}, {"OPO": 3}, {"LIS": 1, "OPO": 9}][n % 3]
        await world.product(f"Banco stool {n}", stock=stock, handling_days=n % 4)
    await reindex()
    await surcharge()
    monkeypatch.setattr(settings(), "show_query_count", True)
    await client.get("/search", headers={"cookie": "feira_postcode=1200-109"})  # the map is kept from now on
    for postcode in ("1200-109", "4000-001"):
        for address in ("/search?q=stool", "/search?q=stool&sort=arrives", "/c/lighting", "/c/lighting?q=stool"):
            answer = await client.get(address, headers={"cookie": f"feira_postcode={postcode}"})
            assert len(days(answer)) == 48
            assert answer.headers["x-query-count"] == "0", address
