"""The home page: another one for who comes back, quick to follow what they do, and whole when nothing can be known."""

import re
import time

import httpx
import pytest

from app.activity import choices, noting
from app.activity.tables import Kind
from app.infra import database
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.recommendations.learned import learn_recommendations
from app.search import recent
from app.storefront import home
from app.storefront.home import MOST_SHELVES, greeting
from app.storefront.shelves import SHOWN, ShelfKind
from app.web.visitors import COOKIE as VISITOR
from tests.accounts.people import Client, person, sign_in
from tests.activity.hearing import heard
from tests.orders.wanting import pending
from tests.search.conftest import Reindex
from tests.world import Goods, World

EMAIL = "marta@example.pt"
HTMX = {"hx-request": "true", "hx-target": "shelf-new"}


@pytest.fixture(autouse=True)
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "_noted", noting.Noted())
    monkeypatch.setattr(noting, "FLUSH_SECONDS", 3600.0)


@pytest.fixture
async def market(world: World, reindex: Reindex) -> list[Goods]:
    """Eight lamps, four mugs and four other things; the first lamp and the mugs are bought together."""
    made = [await world.product(f"Lamp {number}", stock={"LIS": 90}) for number in range(8)]
    for number in range(4):
        made.append(
            await world.product(f"Mug {number}", category="mugs-and-cups/mugs", stock={"LIS": 90}, brand="Barro")
        )
    for number in range(4):
        made.append(await world.product(f"Thing {number}", category="other/other-goods", stock={"LIS": 90}, brand="X"))
    await paid(world, made[0], *made[8:12])
    await paid(world, made[0], *made[8:12])
    await learn_recommendations()
    await reindex()
    return made


async def paid(world: World, *goods: Goods, account: int | None = None) -> str:
    order = await pending(world, *goods)
    await execute(
        """UPDATE shop_order SET state = 'paid', paid_at = now(), account = $2::bigint,
             visitor = CASE WHEN $2::bigint IS NULL THEN visitor END WHERE id = $1""",
        order.id,
        account,
    )
    return order.number


def shelves(page: str) -> list[str]:
    return re.findall(r'<section class="shelf" id="shelf-([a-z_]+)"', page)


def shelf(page: str, kind: str) -> str:
    return page.partition(f'id="shelf-{kind}"')[2].partition("</section>")[0]


def products_on(page: str, *kinds: str) -> set[str]:
    return {slug for kind in kinds for slug in re.findall(r'href="/p/([^"]+)"', shelf(page, kind))}


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
        said = shelf(page, kind).partition("Why am I seeing this?</summary>")[2].partition("</p>")[0]
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
    assert "Welcome back" in page and "<b>1 thing</b> waits for you" in page
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


async def test_a_hidden_shelf_stays_hidden_until_it_is_wanted_again(client: Client, market: list[Goods]) -> None:
    answer = await client.post("/shelves/new/hiding", data={"next": "/"})
    assert "The shelf “New on the square” is hidden." in answer.text
    assert "new" not in shelves(answer.text) and "trending" in shelves(answer.text)
    assert VISITOR not in client.cookies
    assert "Shelves you have hidden" in (await client.get("/privacy")).text
    answer = await client.post("/shelves/new/hiding", data={"again": "1", "next": "/"})
    assert "new" in shelves(answer.text) and choices.COOKIE not in client.cookies


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


async def test_shelves_below_a_product_are_hidden_too(
    client: Client, world: World, market: list[Goods], reindex: Reindex
) -> None:
    new = await world.product("Mug of today", category="mugs-and-cups/mugs", brand="Oficina")
    await reindex()
    lamp, mug = f"/p/{market[0].slug}", f"/p/{new.slug}"
    titles = {"together": (lamp, "Bought together</h2>"), "similar": (lamp, "More like this</h2>")}
    titles["beside"] = (mug, "Also by Oficina</h2>")
    for kind, (address, title) in titles.items():
        page = (await client.get(address)).text
        assert title in page and f'action="/shelves/{kind}/hiding"' in page
        answer = await client.post(f"/shelves/{kind}/hiding", data={"next": address})
        assert answer.url.path == address and title not in answer.text and "is hidden." in answer.text
    client.cookies.delete(choices.COOKIE)
    assert titles["together"][1] in (await client.get(lamp)).text


async def test_an_account_s_choice_counts_in_another_browser(client: Client, market: list[Goods]) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.post("/shelves/trending/hiding", data={})
    client.cookies.delete(choices.COOKIE)
    assert "trending" not in shelves((await client.get("/")).text)
    await client.post("/shelves/similar/hiding", data={})
    client.cookies.clear()
    await sign_in(client, email=EMAIL)
    assert "More like this" not in (await client.get(f"/p/{market[0].slug}")).text


async def test_htmx_gets_a_sentence_in_the_place_of_the_shelf(client: Client, market: list[Goods]) -> None:
    answer = await client.post("/shelves/new/hiding", headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section class="shelf" id="shelf-new"><p role="status">')


async def test_nothing_personal_means_the_page_of_somebody_new_and_nothing_kept(
    client: Client, market: list[Goods]
) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{market[0].slug}")
    await heard()
    assert "for_you" in shelves((await client.get("/")).text)
    await client.get(f"/p/{market[1].slug}")  # noted, not told yet
    page = (await client.post("/privacy/recommendations", data={"personal": "off"})).text
    assert "Nothing personal is shown to you" in page
    for table in ("activity", "shopper_interest"):
        assert await fetch(f"SELECT FROM {table}") == []
    await client.get(f"/p/{market[2].slug}")
    await heard()
    assert await fetch("SELECT FROM activity") == []
    page = (await client.get("/")).text
    assert not {"viewed", "again", "for_you", "because", "category"} & set(shelves(page))
    assert "The whole market, and the day it arrives." in page and "feira_viewed" not in client.cookies
    client.cookies.delete(choices.COOKIE)  # the account said it, too
    assert "The whole market, and the day it arrives." in (await client.get("/")).text
    client.cookies.clear()  # another browser
    await client.get(f"/p/{market[0].slug}")
    assert "feira_viewed" in client.cookies
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{market[0].slug}")
    assert "feira_viewed" not in client.cookies and choices.COOKIE in client.cookies
    await client.post("/privacy/recommendations", data={"personal": "on"})
    await client.get(f"/p/{market[0].slug}")
    await heard()
    assert "for_you" in shelves((await client.get("/")).text)


async def test_searches_are_remembered_of_nobody_who_does_not_want_that(client: Client, market: list[Goods]) -> None:
    for headers in ({"sec-gpc": "1"}, {"dnt": "1"}):
        await client.get("/search?q=thing", headers=headers)
        assert "The whole market" in (await client.get("/", headers=headers)).text
    await client.get("/search?q=thing")
    assert "You searched for" in (await client.get("/")).text
    assert "1 thing that you did is kept" in (await client.get("/privacy")).text
    await client.post("/privacy/recommendations", data={"personal": "off"})
    await client.get("/search?q=thing")
    assert recent.COOKIE not in client.cookies


async def test_who_signs_out_leaves_nothing_for_the_next_at_this_browser(client: Client, market: list[Goods]) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get("/search?q=thing")
    await client.get(f"/p/{market[0].slug}")
    await heard()
    assert "Continue where you left" in (await client.get("/")).text
    assert "The whole market" in (await client.post("/sign-out")).text
    await sign_in(client, email=EMAIL)
    assert "Continue where you left" in (await client.get("/")).text  # it is the account's


async def test_what_is_forgotten_does_not_come_back_out_of_the_log(client: Client, market: list[Goods]) -> None:
    from app.recommendations.activity import take_activity
    from tests.activity.hearing import told

    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{market[0].slug}")
    on_their_way = await told()
    await client.post("/privacy/recommendations", data={"personal": "forget"})
    await take_activity(on_their_way)
    assert await fetch("SELECT FROM activity") == []
    assert "Continue where you left" not in (await client.get("/")).text


async def test_a_form_that_says_nonsense_changes_nothing(client: Client, market: list[Goods]) -> None:
    for personal in ("", "OFF", "\x00", "x" * 5000):
        answer = await client.post("/privacy/recommendations", data={"personal": personal})
        assert "Choose whether you want personal shelves." in answer.text
    for kind in ("nothing", "NEW", "%00", "new%2F..", "x" * 300):
        assert (await client.post(f"/shelves/{kind}/hiding")).status_code == 404
        assert (await client.get(f"/shelves/{kind}")).status_code == 404
    assert choices.COOKIE not in client.cookies


async def test_a_cookie_of_made_up_shelves_is_not_kept(client: Client, market: list[Goods]) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    client.cookies.set(choices.COOKIE, "made_up.trending")
    await client.post("/shelves/new/hiding")
    (row,) = await fetch("SELECT hidden FROM personal_choice")
    assert row["hidden"] == ["new", "trending"]


async def test_a_shelf_shows_others_and_the_first_again(client: Client, market: list[Goods]) -> None:
    first = shelf((await client.get("/")).text, "new")
    more = re.search(r'hx-get="/shelves/new\?from=(\d+)"', first)
    assert more and int(more[1]) == SHOWN
    second = (await client.get(f"/shelves/new?from={SHOWN}", headers=HTMX)).text
    assert second.lstrip().startswith('<section class="shelf" id="shelf-new"')
    names = [set(re.findall(r'href="/p/([^"]+)"', part)) for part in (first, second)]
    assert all(len(each) == SHOWN for each in names) and not names[0] & names[1]
    for start in ("999999", "-5", "x", "9" * 40, "%00", ""):
        answer = await client.get(f"/shelves/new?from={start}", headers=HTMX)
        assert set(re.findall(r'href="/p/([^"]+)"', answer.text)) == names[0]


async def test_without_javascript_all_of_a_shelf_stands_on_a_page(client: Client, market: list[Goods]) -> None:
    page = (await client.get("/shelves/new")).text
    assert page.count('<li class="product-card">') == len(market)
    assert "They came onto the square last" in page
    assert (await client.get("/shelves/again")).status_code == 404  # nobody who has bought anything


@pytest.mark.parametrize("kind", list(ShelfKind))
async def test_every_kind_of_shelf_can_be_asked_for(client: Client, market: list[Goods], kind: ShelfKind) -> None:
    assert (await client.get(f"/shelves/{kind}", headers=HTMX)).status_code == 200


async def test_a_new_product_has_neighbours_at_once(
    client: Client, world: World, market: list[Goods], reindex: Reindex
) -> None:
    new = await world.product("Lamp of today", price_minor=5000)
    await reindex()
    page = (await client.get(f"/p/{new.slug}")).text
    assert "Bought together" not in page
    assert page.partition("More like this")[2].count('href="/p/lamp-') == 5
    mug = await world.product("Mug of today", category="mugs-and-cups/mugs", brand="Oficina")
    await reindex()
    page = (await client.get(f"/p/{mug.slug}")).text
    also = page.partition("Also by Oficina</h2>")[2].partition("</section>")[0]
    assert "Nobody has bought it with something else yet." in also and "Lamp" in also


async def test_all_that_is_bought_together_goes_into_the_cart_by_one_button(
    client: Client, market: list[Goods]
) -> None:
    page = (await client.get(f"/p/{market[0].slug}")).text
    form = page.partition('<form class="together"')[2].partition("</form>")[0]
    offers = dict(re.findall(r'name="(offer\d)" value="(\d+)"', form))
    assert len(offers) == 3 and "Add all three" in form
    answer = await client.post("/cart/sets", data={**offers, "next": "/cart"})
    assert "Added: Lamp 0, Mug" in answer.text
    assert len(await fetch("SELECT FROM cart_line")) == 3
    await heard()
    rows = await fetch("SELECT kind FROM activity WHERE kind = $1", Kind.CARTED)
    assert len(rows) == 3


async def test_of_a_set_what_cannot_be_had_is_named(client: Client, market: list[Goods]) -> None:
    await execute("UPDATE stock SET on_hand = reserved WHERE offer = $1", market[8].offer)
    data = {"offer0": str(market[0].offer), "offer1": str(market[8].offer), "offer2": "x", "offer3": "9" * 30}
    answer = await client.post("/cart/sets", data={**data, "next": "//evil.example"})
    assert "Added: Lamp 0." in answer.text and "Mug 0 is sold out." in answer.text
    assert str(answer.url).endswith("/cart")
    answer = await client.post("/cart/sets", data={})
    assert "There was nothing to add." in answer.text
    assert (await client.post("/cart/sets", data={"offer0": "0"}, headers=HTMX)).status_code == 422


def test_the_greeting_follows_the_hour() -> None:
    assert [greeting(hour, "Marta Fonseca") for hour in (4, 5, 12, 18, 19)] == [
        "Good evening, Marta",
        "Good morning, Marta",
        "Good afternoon, Marta",
        "Good afternoon, Marta",
        "Good evening, Marta",
    ]
    assert greeting(9, "") == "Welcome back"
    assert now()
