"""The cart's page, as a shopper with and without JavaScript meets it."""

import re

import httpx
import pytest

from app.accounts.owners import Owner
from app.cart.changing import add
from app.cart.contents import load
from app.delivery import estimate
from app.infra.clock import frozen
from app.infra.database import execute, fetch, fetch_one
from app.infra.settings import settings
from app.web.visitors import hash_token
from tests.delivery.portugal import at
from tests.world import Goods, World

HTMX = {"hx-request": "true"}
TUESDAY = at("2026-11-24 12:47")


async def put(client: httpx.AsyncClient, goods: Goods, quantity: int | str = 1, **more: str) -> httpx.Response:
    return await client.post("/cart/lines", data={"offer": str(goods.offer), "quantity": str(quantity), **more})


async def only_line() -> int:
    row = await fetch_one("SELECT id FROM cart_line")
    assert row
    return int(row["id"])


async def quantities() -> list[int]:
    return [row["quantity"] for row in await fetch("SELECT quantity FROM cart_line ORDER BY id")]


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "show_query_count", True)


async def test_an_empty_cart_says_so_and_costs_no_query(client: httpx.AsyncClient, counted: None) -> None:
    await client.get("/cart")  # categories are in memory now
    answer = await client.get("/cart")
    assert answer.status_code == 200
    assert "Nothing in the cart yet" in answer.text
    assert answer.headers["x-query-count"] == "0"
    assert "set-cookie" not in answer.headers


async def test_the_first_thing_added_mints_a_visitor_and_is_in_the_cart(
    client: httpx.AsyncClient, world: World
) -> None:
    answer = await put(client, await world.product())
    assert str(answer.url).endswith("/cart")
    assert "Added: Alcova desk lamp." in answer.text
    assert "1 item from 1 seller, in 1 parcel" in answer.text
    assert client.cookies["feira_visitor"]


async def test_after_adding_one_goes_where_the_form_says_inside_the_shop(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product()
    for wanted, led_to in (("/p/lamp", "/p/lamp"), ("https://evil.example", "/cart"), ("", "/cart")):
        data = {"offer": str(lamp.offer), "next": wanted}
        answer = await client.post("/cart/lines", data=data, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, led_to)


async def test_with_a_postcode_every_parcel_has_its_day_and_the_summary_the_last(
    client: httpx.AsyncClient, world: World
) -> None:
    with frozen(TUESDAY):
        await put(client, await world.product(), 2)
        await put(client, await world.product("Barro mug", price_minor=1450, supplier="Barro & Luz", handling_days=1))
        await client.post("/delivery/postcode", data={"postcode": "1200-109"})
        text = plain((await client.get("/cart")).text)
    assert "3 items from 2 sellers, in 2 parcels" in text
    assert "Parcel 1 of 2 from Oficina do Vale Arrives Wed 25 Nov" in text
    assert "Parcel 2 of 2 from Barro &amp; Luz Arrives Thu 26 Nov" in text
    assert "All here by Thu 26 Nov Order within 2 h 13 min" in text
    assert "3 items €112.30 Delivery, 2 parcels €3.90 Total €116.20 VAT €21.73 included." in text
    assert "Arrives Wed 25 Nov Worth €50.00 or more: its delivery is free." in text
    assert "Arrives Thu 26 Nov €35.50 more in this parcel, and its delivery is free." in text


async def test_without_a_postcode_the_day_is_open_and_a_link_asks_for_it(
    client: httpx.AsyncClient, world: World
) -> None:
    text = (await put(client, await world.product())).text
    assert '<a href="/delivery/postcode?next=/cart"><span class="promise" data-state="open">' in text
    assert "Total without delivery" in text


async def test_a_seller_who_cannot_send_there_is_not_in_the_sums(client: httpx.AsyncClient, world: World) -> None:
    await put(client, await world.product())
    await put(client, await world.product("Barro mug", supplier="Barro & Luz", stock={"OPO": 5}))
    await execute("DELETE FROM lane USING warehouse WHERE warehouse.id = lane.warehouse AND warehouse.code = 'OPO'")
    estimate.forget()
    await client.post("/delivery/postcode", data={"postcode": "1200-109"})
    text = plain((await client.get("/cart")).text)
    assert "1 item from 1 seller, in 1 parcel" in text
    assert "This seller cannot send it to 1200-109 Lisboa." in text


@pytest.mark.parametrize(
    ("form", "left"),
    [
        ({"quantity": "4"}, [4]),
        ({"quantity": "2", "more": "1"}, [3]),
        ({"quantity": "2", "less": "1"}, [1]),
        ({"quantity": "1", "less": "1"}, []),
        ({"quantity": "0"}, []),
        ({"quantity": "2", "remove": "1"}, []),
        ({"remove": "1"}, []),
        ({"quantity": "50"}, [5]),
    ],
)
async def test_a_lines_form_sets_moves_or_removes_it(
    client: httpx.AsyncClient, world: World, form: dict[str, str], left: list[int]
) -> None:
    await put(client, await world.product(), 2)
    answer = await client.post(f"/cart/lines/{await only_line()}", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    assert await quantities() == left


@pytest.mark.parametrize("typed", ["", "many", "-1", "1.5", "２", "9" * 40, "<b>"])
async def test_a_quantity_that_is_none_changes_nothing_and_stays_in_its_field(
    client: httpx.AsyncClient, world: World, typed: str
) -> None:
    await put(client, await world.product(), 2)
    answer = await client.post(f"/cart/lines/{await only_line()}", data={"quantity": typed})
    assert answer.status_code == 422
    assert "Enter a number from 1 to 99" in answer.text
    assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert await quantities() == [2]


@pytest.mark.parametrize(("offer", "quantity"), [("", "1"), ("x", "1"), ("-1", "1"), ("9" * 40, "1"), ("999", "1")])
async def test_an_offer_that_is_none_is_explained(client: httpx.AsyncClient, offer: str, quantity: str) -> None:
    answer = await client.post("/cart/lines", data={"offer": offer, "quantity": quantity})
    assert answer.status_code == 200
    assert "We do not know this product" in answer.text


async def test_lines_that_are_not_there_are_explained(client: httpx.AsyncClient, world: World) -> None:
    for line in ("1", "x", "9" * 40):
        assert (await client.post(f"/cart/lines/{line}", data={"quantity": "1"})).status_code == 200
    assert (await client.post("/cart/lines/1", data={"remove": "1"})).status_code == 200


async def test_what_is_capped_is_said(client: httpx.AsyncClient, world: World) -> None:
    text = (await put(client, await world.product(stock={"LIS": 3}), 50)).text
    assert "Only 3 left. Your cart has 3 of Alcova desk lamp." in text


async def test_what_is_sold_out_or_withdrawn_is_said_and_not_added(client: httpx.AsyncClient, world: World) -> None:
    gone = await world.product(stock={})
    assert "Alcova desk lamp is sold out." in (await put(client, gone)).text
    old = await world.product("Old lamp")
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", old.offer)
    assert "Old lamp is no longer sold by this seller." in (await put(client, old)).text
    assert await quantities() == []


async def test_a_line_that_sold_out_meanwhile_stays_outside_of_the_sums(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product()
    await put(client, lamp)
    await execute("UPDATE stock SET on_hand = 0")
    text = (await client.get("/cart")).text
    assert "Not for sale now" in text and "Sold out." in text
    assert "Go to checkout" not in text


async def test_a_split_line_says_how_many_come_in_which_parcel(client: httpx.AsyncClient, world: World) -> None:
    text = plain((await put(client, await world.product(stock={"LIS": 2, "OPO": 1}), 3)).text)
    assert "3 items from 1 seller, in 2 parcels" in text
    assert "2 of the 3 travel in this parcel" in text
    assert text.count("Remove Alcova desk lamp") == 1


async def test_names_are_shown_as_text(client: httpx.AsyncClient, world: World) -> None:
    evil = await world.product("<script>alert(1)</script>", note="<i>x</i>")
    text = (await put(client, evil)).text
    assert "<script>alert" not in text and "<i>x" not in text


async def test_htmx_gets_the_cart_the_count_and_the_news(client: httpx.AsyncClient, world: World) -> None:
    await put(client, await world.product(), 2)
    line = await only_line()
    answer = await client.post(f"/cart/lines/{line}", data={"quantity": "2", "more": "1"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="page-head"><h1>Cart')
    assert '<span class="count" id="cart-count" hx-swap-oob="true">3' in answer.text
    assert "Alcova desk lamp: 3 in your cart." in answer.text
    assert "<html" not in answer.text
    wrong = await client.post(f"/cart/lines/{line}", data={"quantity": "x"}, headers=HTMX)
    assert wrong.status_code == 422 and 'value="x"' in wrong.text
    emptied = await client.post(f"/cart/lines/{line}", data={"remove": "1"}, headers=HTMX)
    assert "Nothing in the cart yet" in emptied.text
    assert 'hx-swap-oob="true" hidden>0' in emptied.text


async def test_htmx_adding_answers_with_a_notice_and_the_count(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product(stock={"LIS": 2})
    data = {"offer": str(lamp.offer), "quantity": "2"}
    answer = await client.post("/cart/lines", data=data, headers=HTMX)
    assert answer.status_code == 200
    assert "Added: Alcova desk lamp." in answer.text and "Go to cart" in answer.text
    assert 'hx-swap-oob="true">2' in answer.text
    again = await client.post("/cart/lines", data=data, headers=HTMX)
    assert "notice-warn" in again.text and "Only 2 left." in again.text
    refused = await client.post("/cart/lines", data={"offer": "77"}, headers=HTMX)
    assert refused.status_code == 422 and "notice-bad" in refused.text


async def test_the_pages_keep_to_their_queries(client: httpx.AsyncClient, world: World, counted: None) -> None:
    for name in ("Alcova desk lamp", "Barro mug", "Serra throw"):
        await put(client, await world.product(name))
    client.cookies.set("feira_session", "unknown")
    await client.get("/cart")  # categories are in memory now
    assert int((await client.get("/cart")).headers["x-query-count"]) <= 3
    data = {"offer": str((await world.product()).offer)}
    added = await client.post("/cart/lines", data=data, headers=HTMX)
    assert int(added.headers["x-query-count"]) <= 4
    line = (await fetch("SELECT id FROM cart_line"))[0]["id"]
    changed = await client.post(f"/cart/lines/{line}", data={"quantity": "1"}, headers=HTMX)
    assert int(changed.headers["x-query-count"]) <= 4


async def test_signing_in_takes_the_guests_cart_along(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product()
    await put(client, lamp, 2)
    form = {"name": "Marta", "email": "marta@feira.example", "password": "a long enough secret"}
    await client.post("/sign-up", data=form)
    row = await fetch_one("SELECT account FROM cart")
    assert row and row["account"]
    (line,) = (await load(Owner(row["account"], None))).lines
    assert (line.offer_id, line.quantity) == (lamp.offer, 2)


async def test_a_visitor_sees_only_the_own_cart(client: httpx.AsyncClient, world: World) -> None:
    await add(Owner(None, hash_token("another")), (await world.product()).offer, 1)
    assert "Nothing in the cart yet" in (await client.get("/cart")).text
