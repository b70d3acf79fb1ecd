"""What a shopper does not want to see, or to be known: it holds on every page, and nothing of it is kept."""

from app.activity import choices
from app.infra.database import fetch, fetch_one
from app.search import recent
from app.web.visitors import COOKIE as VISITOR
from tests.accounts.people import Client, person, sign_in
from tests.activity.hearing import heard
from tests.search.conftest import Reindex
from tests.storefront.shelves import EMAIL, HTMX, shelves
from tests.world import Goods, World


async def test_a_hidden_shelf_stays_hidden_until_it_is_wanted_again(client: Client, market: list[Goods]) -> None:
    answer = await client.post("/shelves/new/hiding", data={"next": "/"})
    assert "The shelf “New on the square” is hidden." in answer.text
    assert "new" not in shelves(answer.text) and "trending" in shelves(answer.text)
    assert VISITOR not in client.cookies
    assert "Shelves you have hidden" in (await client.get("/privacy")).text
    answer = await client.post("/shelves/new/hiding", data={"again": "1", "next": "/"})
    assert "new" in shelves(answer.text) and choices.COOKIE not in client.cookies


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


async def test_a_cookie_of_made_up_shelves_is_not_kept(client: Client, market: list[Goods]) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    client.cookies.set(choices.COOKIE, "made_up.trending")
    await client.post("/shelves/new/hiding")
    (row,) = await fetch("SELECT hidden FROM personal_choice")
    assert row["hidden"] == ["new", "trending"]


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


async def test_hidden_shelves_go_with_who_signs_out_and_a_no_to_all_stays(client: Client, market: list[Goods]) -> None:
    account = await person(EMAIL)
    await person("rui@example.pt")
    await sign_in(client, email=EMAIL)
    await client.post("/shelves/new/hiding")
    await client.post("/sign-out")
    assert choices.COOKIE not in client.cookies
    await sign_in(client, email=EMAIL)
    assert client.cookies[choices.COOKIE] == "new"  # the account has kept it
    await client.post("/privacy/recommendations", data={"personal": "off"})
    await client.post("/sign-out")
    assert client.cookies[choices.COOKIE] == "off"
    row = await fetch_one("SELECT hidden, is_off FROM personal_choice WHERE account = $1", account)
    assert row and (row["hidden"], row["is_off"]) == (["new"], True)
