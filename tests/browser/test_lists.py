"""A list that changes without a page load: said aloud, the focus kept, the address and the way back right."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import DESK, PHONE, VISITORS, Shop, new_context
from tests.browser.looking import check, look

pytestmark = pytest.mark.browser

FOCUS = "document.activeElement.id"
FIRST_CARD = "document.querySelector('.product-card').getBoundingClientRect().top + scrollY"
SHIFTS = """() => { window.shifts = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
    { if (!entry.hadRecentInput) window.shifts += entry.value; })).observe({ type: "layout-shift" }); }"""


@pytest.fixture
def desk(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(chromium, shop, width=DESK)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(chromium, shop, width=PHONE)
    yield context.new_page()
    context.close()


def held_in(waiting: list[Route]) -> Callable[[Route], None]:
    """A network that is slow until the test lets it go on."""

    def hold(route: Route) -> None:
        waiting.append(route)

    return hold


def refuse(route: Route) -> None:
    route.fulfill(status=503, body="<p>The shop is not answering.</p>")


def lose(route: Route) -> None:
    route.abort()


def amount(page: Page) -> str:
    return page.locator("h1 + p").inner_text()


def test_a_changed_list_says_how_much_it_holds(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    said = desk.locator("#list-said")
    expect(said).to_have_attribute("role", "status")
    expect(said).to_be_empty()
    desk.evaluate("window.said = document.getElementById('list-said')")
    desk.get_by_label("In stock now").check()
    expect(said).to_have_text(re.compile(r"^\d+ products\. Order: Best match\.$"))
    desk.get_by_role("link", name="Lowest price").click()
    expect(said).to_contain_text("Order: Lowest price")
    desk.get_by_role("link", name="Next").click()
    expect(said).to_contain_text("page 2 of")
    assert desk.evaluate("window.said.isConnected"), "a region that comes anew is not read out"
    check(desk)


def test_the_focus_stays_where_it_was_or_goes_to_the_results(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    colour = desk.locator("#facet-colour input").nth(1)
    chosen = colour.get_attribute("id")
    colour.focus()
    desk.keyboard.press("Space")
    expect(desk.get_by_role("list", name="Filters on")).to_be_visible()
    assert desk.evaluate(FOCUS) == chosen
    desk.get_by_role("link", name="Highest price").press("Enter")
    expect(desk).to_have_url(re.compile("sort=price-down"))
    expect(desk.locator("#sort-price-down")).to_be_focused()
    desk.get_by_role("list", name="Filters on").get_by_role("link").first.press("Enter")  # it removes itself
    expect(desk.locator("#results")).to_be_focused()
    desk.get_by_role("link", name="Next").press("Enter")
    expect(desk).to_have_url(re.compile("page=2"))
    expect(desk.locator("#results")).to_be_focused()
    assert desk.evaluate("scrollY") == 0
    desk.keyboard.press("Tab")
    expect(desk.locator("#sort-best")).to_be_focused()


def test_what_was_folded_or_unfolded_stays_so(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    desk.locator("#facet-price summary").click()
    desk.locator("#more-colour summary").press("Enter")
    expect(desk.locator("#more-colour summary")).to_be_focused()
    expect(desk.locator("#more-colour").get_by_text("Fewer", exact=True)).to_be_visible()
    chosen = desk.locator("#more-colour").get_by_role("checkbox").last.get_attribute("id")
    desk.locator(f"[id='{chosen}']").check()
    expect(desk).to_have_url(re.compile("colour="))
    expect(desk.locator("#facet-price")).not_to_have_attribute("open", "")
    desk.locator(f"[id='{chosen}']").uncheck()
    expect(desk).not_to_have_url(re.compile("colour="))
    expect(desk.locator(f"[id='{chosen}']")).to_be_visible()


def test_a_list_that_is_being_fetched_is_busy_and_moves_nothing(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    waiting: list[Route] = []
    desk.route("**/search?*stock=in*", held_in(waiting))
    before = desk.evaluate(FIRST_CARD)
    desk.evaluate(SHIFTS)
    desk.get_by_label("In stock now").check()
    expect(desk.locator("#results-all")).to_have_attribute("aria-busy", "true")
    desk.wait_for_timeout(600)  # longer than a movement may still be the click's own
    assert desk.evaluate(FIRST_CARD) == before
    waiting[0].continue_()
    expect(desk.get_by_role("list", name="Filters on")).to_be_visible()
    expect(desk.locator("#results-all")).not_to_have_attribute("aria-busy", "true")
    assert desk.evaluate("window.shifts") < 0.1  # the chips have come


def test_a_failure_leaves_the_list_as_it_was_and_says_so(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    desk.route("**/search?*sort=price", refuse)
    desk.get_by_role("link", name="Lowest price").click()
    expect(desk.locator("#flashes")).to_contain_text("not answering")
    expect(desk.locator("#results-all")).not_to_have_attribute("aria-busy", "true")
    expect(desk).to_have_url(re.compile(r"/search\?q=lamp$"))
    expect(desk.locator(".product-card").first).to_be_visible()
    desk.route("**/search?*stock=in*", lambda route: route.abort())
    desk.get_by_label("In stock now").click()
    expect(desk.locator("#flashes")).to_contain_text("There is no answer")
    expect(desk.get_by_label("In stock now")).not_to_be_checked()
    check(desk)


def test_the_postcode_leads_back_to_the_list_as_it_is_now(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    desk.get_by_label("In stock now").check()
    expect(desk).to_have_url(re.compile("stock=in"))
    sign_in = desk.get_by_role("navigation", name="Your Feira").get_by_role("link", name="Sign in")
    expect(sign_in).to_have_attribute("href", re.compile("stock%3Din"))
    desk.locator(".top-links .place").click()
    desk.get_by_label("Postcode").fill("0000-000")
    desk.get_by_role("button", name="Show the dates").click()
    expect(desk).to_have_url(re.compile(r"/search\?q=lamp&stock=in$"))
    expect(desk.locator("#unserved")).to_contain_text("We do not deliver to 0000-000 yet")


def test_of_two_quick_changes_none_is_lost(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    waiting: list[Route] = []
    desk.route("**/search?*colour=*", held_in(waiting))
    colours = desk.locator("#facet-colour").get_by_role("checkbox")
    colours.nth(0).check()
    expect(desk.locator("#results-all")).to_have_attribute("aria-busy", "true")
    colours.nth(1).check()
    while len(waiting) < 2:
        desk.wait_for_timeout(50)
    waiting[1].continue_()
    expect(desk.get_by_role("list", name="Filters on").get_by_role("link")).to_have_count(3)  # with "Clear all"
    assert desk.url.count("colour=") == 2


def test_the_way_back_leads_through_every_list_with_its_filters(desk: Page) -> None:
    desk.goto("/search?q=lamp")
    first = amount(desk)
    desk.get_by_label("In stock now").check()
    expect(desk).to_have_url(re.compile("stock=in"))
    second = amount(desk)
    desk.get_by_role("link", name="Next").click()
    expect(desk).to_have_url(re.compile("page=2"))
    desk.locator(".product-card-name a").first.click()
    expect(desk).to_have_url(re.compile("/p/"))
    desk.go_back()
    expect(desk.locator("h1 + p")).to_contain_text("page 2")
    desk.go_back()
    expect(desk.locator("h1 + p")).to_have_text(second)
    expect(desk.get_by_label("In stock now")).to_be_checked()
    desk.go_back()
    expect(desk.locator("h1 + p")).to_have_text(first)
    expect(desk.get_by_label("In stock now")).not_to_be_checked()
    desk.go_forward()
    expect(desk.locator("h1 + p")).to_have_text(second)
    assert "header" in desk.content()


def test_on_a_phone_the_sheet_says_what_it_would_show_and_the_way_back_skips_it(phone: Page) -> None:
    phone.goto("/search?q=lamp")
    before = amount(phone)
    phone.get_by_role("link", name="Filters").click()
    check(phone)
    phone.locator("#facet-colour").get_by_role("checkbox").first.check()
    go = phone.locator(".facets-go button")
    expect(go).not_to_have_text(f"Show {before}", use_inner_text=True)
    shown = go.inner_text().removeprefix("Show ")
    go.click()
    expect(phone.locator("h1 + p")).to_have_text(shown)
    expect(phone.locator("#filters")).to_be_hidden()
    expect(phone).to_have_url(re.compile(r"/search\?q=lamp&colour=[^#]*$"))
    expect(phone.locator("#results")).to_be_focused()
    phone.go_back()
    expect(phone.locator("h1 + p")).to_have_text(before)
    expect(phone.locator("#filters")).to_be_hidden()
    expect(phone).to_have_url(re.compile(r"/search\?q=lamp$"))


def test_a_sheet_without_an_answer_keeps_what_is_chosen_and_promises_no_number(phone: Page) -> None:
    phone.goto("/search?q=lamp")
    phone.get_by_role("link", name="Filters").click()
    colours = phone.locator("#facet-colour").get_by_role("checkbox")
    go = phone.locator(".facets-go button")
    waiting: list[Route] = []
    phone.route("**/search?*colour=*", held_in(waiting))
    colours.nth(0).check()
    expect(go).to_have_text("Show products")  # it takes a while
    waiting[0].continue_()
    expect(go).to_have_text(re.compile(r"^Show \d+ products?$"))
    phone.unroute("**/search?*colour=*")
    for answer, words in ((refuse, "not answering"), (lose, "There is no answer")):
        phone.route("**/search?*", answer)
        colours.nth(1).click()
        expect(go).to_have_text("Show products")
        go.click()
        expect(phone.locator(".facets-said")).to_contain_text(words)
        expect(phone.locator(".facets-said")).to_be_in_viewport()
        expect(colours.nth(0)).to_be_checked()
        check(phone)
        phone.unroute("**/search?*")
    go.click()
    expect(phone.locator("#filters")).to_be_hidden()
    expect(phone).to_have_url(re.compile(r"colour="))
    expect(phone.locator("#flashes")).to_be_empty()


def test_the_sheet_keeps_the_keyboard_inside_and_closes_by_escape_or_clears_all(phone: Page) -> None:
    phone.goto("/search?q=lamp&stock=in")
    phone.get_by_role("link", name="Filters, 1 on").press("Enter")
    expect(phone.locator("#filters")).to_be_visible()
    for _ in range(4):
        phone.keyboard.press("Tab")
        assert phone.evaluate("Boolean(document.activeElement.closest('#filters'))")
    phone.keyboard.press("Escape")
    expect(phone.locator("#filters")).to_be_hidden()
    expect(phone.locator(".facets-open")).to_be_focused()
    phone.get_by_role("link", name="Filters, 1 on").click()
    check(phone)
    phone.locator("#filters").get_by_role("link", name="Clear all").click()
    expect(phone).to_have_url(re.compile(r"/search\?q=lamp$"))
    expect(phone.locator("#filters")).to_be_hidden()


@pytest.mark.parametrize(("width", "javascript"), VISITORS)
def test_a_search_keeps_to_its_category_until_it_is_told_otherwise(
    chromium: Browser, shop: Shop, width: int, javascript: bool
) -> None:
    context: BrowserContext = new_context(chromium, shop, width=width, javascript=javascript)
    page = context.new_page()
    page.goto("/c/lighting")
    expect(page.get_by_label("Where to search")).to_have_value("lighting")
    page.get_by_label("Search Feira").fill("globe")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(re.compile(r"/c/lighting\?q=globe$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing called “globe” in Lighting")
    look(page)
    page.get_by_role("link", name="Search in all of Feira").click()
    expect(page).to_have_url(re.compile(r"/search\?q=globe$"))
    page.goto("/c/lighting?q=lamp")
    where = page.get_by_role("navigation", name="Where to search")
    expect(where.get_by_role("link").first).to_have_attribute("aria-current", "true")
    where.get_by_role("link", name="In all of Feira").click()
    expect(page).to_have_url(re.compile(r"/search\?q=lamp$"))
    page.goto("/c/lighting")
    page.get_by_label("Where to search").select_option("All of Feira")
    page.get_by_label("Search Feira").fill("teapot")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(re.compile(r"/search\?q=teapot$"))
    context.close()


def test_suggestions_of_a_category_stay_inside_and_end_with_the_way_out(desk: Page) -> None:
    desk.goto("/c/lighting")
    desk.get_by_label("Search Feira").press_sequentially("la")
    options = desk.locator("#suggestions").get_by_role("option")
    expect(options.last).to_have_text("Search all of Feira for la")
    expect(options.first).to_have_attribute("href", re.compile("^/c/lighting"))
    check(desk)
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile(r"/search\?q=la$"))
