"""The home page: another one for who comes back, quick to follow what they do, and whole when nothing can be known."""

import re
import time
from datetime import date

import httpx
import pytest

from app.infra import clock, database
from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.infra.settings import settings
from app.orders.tables import ParcelState
from app.recommendations.learned import learn_recommendations
from app.storefront import home
from app.storefront.home import MOST_SHELVES, greeting
from tests.accounts.people import Client, person, sign_in
from tests.activity.hearing import heard
from tests.checkout.shopping import words
from tests.delivery.portugal import at
from tests.storefront.shelves import EMAIL, paid, products_on, shelf, shelves
from tests.world import Goods, World


async def test_every_shelf_says_why_it_is_there_and_there_are_not_too_many(
    client: Client, world: World, market: list[Goods]
) -> None:
    marta = await person(EMAIL)
    await paid(world, market[1], market[12], account=marta)
    await learn_recommendations()
    await sign_in(client, email=EMAIL)
    for goods in (market[3], market[9], market[0]):
        await client.get(f"/p/{goods.slug}")
    await heard()
    page = (await client.get("/")).text
    found = shelves(page)
    assert found[:3] == ["viewed", "again", "for_you"]
    assert len(found) == len(set(found)) <= MOST_SHELVES
    for kind in found:
        said = shelf(page, kind).partition("am I seeing this</span>?</summary>")[2].partition("</p>")[0]
        assert len(re.sub("<.*?>", "", said).split()) > 4, kind
    again = shelf(page, "again")
    assert "You have bought these before" in again
    assert 'hx-target="next .added"' in again and again.count('<div class="added" role="status"></div>') == 1


async def test_what_was_done_counts_at_once_for_an_account_on_every_device(client: Client, market: list[Goods]) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    assert "Lamp 0" not in shelf((await client.get("/")).text, "for_you")
    await client.get(f"/p/{market[0].slug}")
    await heard()
    session = client.cookies["feira_session"]
    other = (await client.get("/", headers={"cookie": f"feira_session={session}"})).text
    assert "Continue where you left" in other and "Lamp 0" in other
    assert all(f"Mug {number}" in shelf(other, "for_you") for number in range(4))
    assert "in one order with what you looked at" in shelf(other, "for_you")


async def test_what_a_guest_did_counts_at_once_after_sign_in(client: Client, market: list[Goods]) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{market[13].slug}")
    await heard()
    await client.post("/sign-out")
    await client.post("/cart/lines", data={"offer": market[0].offer, "quantity": 1})
    await heard()
    await sign_in(client, email=EMAIL)
    await heard()
    assert "Mug 1" in shelf((await client.get("/")).text, "for_you")


async def test_a_visitor_with_a_cart_gets_what_goes_with_it(client: Client, market: list[Goods]) -> None:
    await client.post("/cart/lines", data={"offer": market[0].offer, "quantity": 1})
    await heard()
    page = (await client.get("/")).text
    assert "Welcome back" in page and "<b>1 item</b> waits for you" in page
    assert "Mug 1" in shelf(page, "for_you")


async def test_where_orders_say_nothing_what_is_like_it_is_shown(client: Client, market: list[Goods]) -> None:
    await client.get(f"/p/{market[5].slug}")
    page = (await client.get("/")).text
    assert "Because you looked at Lamp 5" in page
    assert "Lamp 4" in shelf(page, "because") and "They are like Lamp 5" in shelf(page, "because")
    assert "Lamp 5</a>" not in shelf(page, "because")


async def test_who_only_searched_gets_what_they_searched_for(client: Client, market: list[Goods]) -> None:
    await client.get("/search?q=thing")
    page = (await client.get("/")).text
    assert "You searched for “thing”." in shelf(page, "for_you")
    assert "Thing 2" in shelf(page, "for_you")


async def test_the_next_parcel_stands_on_top(client: Client, world: World, market: list[Goods]) -> None:
    marta = await person(EMAIL)
    numbers = [await paid(world, market[1], account=marta) for _ in range(2)]
    await sign_in(client, email=EMAIL)
    page = (await client.get("/")).text
    assert "On its way to you" in page and f"Follow order {numbers[0]}" in page and "1 more" in page
    await execute("UPDATE shop_order SET state = 'delivered'")
    assert "On its way to you" not in (await client.get("/")).text


async def test_the_next_parcel_has_the_day_of_its_order_s_page(
    client: Client, world: World, market: list[Goods]
) -> None:
    marta = await person(EMAIL)
    first, second = [await paid(world, market[1], account=marta) for _ in range(2)]
    await sign_in(client, email=EMAIL)
    with clock.frozen(at("2026-11-24 10:00")):
        await _send(first, ParcelState.SHIPPED, date(2026, 11, 25), expected_on=date(2026, 11, 27))
        await _send(second, ParcelState.WAITING, date(2026, 11, 26))
        assert f"Follow order {second}" in (await client.get("/")).text  # it comes before the one that is late
        await _send(second, ParcelState.DELIVERED, date(2026, 11, 26))
        home, order = [words(await client.get(address)) for address in ("/", f"/orders/{first}")]
        said = "Now was Wed 25 Nov Fri 27 Nov"
        assert f"On its way to you {said}" in home and said in order


async def _send(number: str, state: ParcelState, promised_on: date, expected_on: date | None = None) -> None:
    parcel = await fetch_one(
        """UPDATE parcel p SET state = $2, promised_on = $3 FROM shop_order o
           WHERE o.id = p."order" AND o.number = $1 RETURNING p.id""",
        number,
        state,
        promised_on,
    )
    assert parcel
    if expected_on:
        await execute(
            """INSERT INTO shipment (parcel, carrier, tracking_code, is_hurried, handed_over_at, expected_on)
               VALUES ($1, 'simulated', 'X', false, $2, $3)""",
            parcel["id"],
            now(),
            expected_on,
        )


async def test_to_know_a_shopper_costs_at_most_two_queries_more(
    client: Client, world: World, market: list[Goods], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is new costs none, a visitor one; of an account the session is asked, then all the rest at once."""
    monkeypatch.setattr(settings(), "show_query_count", True)
    await client.get("/")
    assert (await client.get("/")).headers["x-query-count"] == "0"
    await client.get(f"/p/{market[0].slug}")
    assert (await client.get("/")).headers["x-query-count"] == "1"
    await client.post("/cart/lines", data={"offer": market[2].offer, "quantity": "3"})
    await heard()
    assert (await client.get("/")).headers["x-query-count"] == "1"
    await paid(world, market[1], account=await person(EMAIL))
    await sign_in(client, email=EMAIL)
    await heard()
    answer = await client.get("/")
    assert answer.headers["x-query-count"] == "2"
    assert "because" in shelves(answer.text) and "On its way to you" in answer.text
    assert re.search(r'class="count"[^>]*>(<[^>]*>)?3', answer.text)


@pytest.mark.parametrize("table", ["recommended_list", "shopper_interest", "shop_order"])
async def test_the_page_does_not_wait_for_who_learns(client: Client, market: list[Goods], table: str) -> None:
    """A learning job, or a consumer, that stands still holds its table: the page is there without what it would say."""
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{market[0].slug}")
    home.forget()
    async with database.transaction():
        await execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        page = await _apart(client)
        assert time.monotonic() - began < 3
    assert page.status_code == 200
    assert {"soonest", "new"} <= set(shelves(page.text))


async def _apart(client: Client) -> httpx.Response:
    """A request that does not join this test's transaction."""
    import asyncio
    import contextvars

    return await asyncio.create_task(client.get("/"), context=contextvars.Context())


async def test_lists_of_a_learner_that_died_go_on_being_shown(client: Client, market: list[Goods]) -> None:
    await execute("UPDATE recommended_list SET learned_at = now() - interval '3 days'")
    assert "trending" in shelves((await client.get("/")).text)


async def test_what_stands_on_the_shopper_s_own_shelves_is_on_no_other_unless_they_hide_it(
    client: Client, market: list[Goods]
) -> None:
    for goods in (*market[1:8], market[0]):
        await client.get(f"/p/{goods.slug}")
    page = (await client.get("/")).text
    assert shelves(page)[:2] == ["viewed", "because"]
    assert "Mug 0" in shelf(page, "because")
    looked_at = products_on(page, "viewed")
    assert not products_on(page, "soonest", "new") & (looked_at | products_on(page, "because"))
    await client.post("/shelves/viewed/hiding")
    assert products_on((await client.get("/")).text, "soonest", "new") & looked_at


def test_the_greeting_follows_the_hour() -> None:
    assert [greeting(hour, "Marta Fonseca") for hour in (4, 5, 12, 18, 19)] == [
        "Good evening, Marta",
        "Good morning, Marta",
        "Good afternoon, Marta",
        "Good afternoon, Marta",
        "Good evening, Marta",
    ]
    assert greeting(9, "") == "Welcome back"
    assert greeting(9, "Prof. Dr. Ana Lopes") == "Good morning, Ana"
    assert greeting(9, "J. Sá") == "Good morning"
    assert now()
