"""The way back shows what is true now, and at once where nothing has changed, whether the browser brings a page out of
its memory or out of its cache, as a phone with little memory does.
"""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from tests.browser.conftest import DESK, FLAGS, PHONE, Shop, new_context
from tests.browser.test_journey import sign_in
from tests.browser.test_lists import held_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=[True, False], ids=["memory", "cache"])
def browser(request: pytest.FixtureRequest, playwright_driver: Playwright) -> Iterator[Browser]:
    """Playwright switches off the memory that people's browsers have."""
    browser = playwright_driver.chromium.launch(
        executable_path=os.environ.get("FEIRA_CHROMIUM") or "/usr/bin/chromium",
        args=[*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS,
        ignore_default_args=["--disable-back-forward-cache"] if request.param else [],
    )
    yield browser
    browser.close()


@pytest.fixture
def phone(browser: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(browser, shop, width=PHONE)
    yield context.new_page()
    context.close()


def back(page: Page, steps: int = 1, to: str = "") -> None:
    """So many steps back (negative: forward), to an address that matches."""
    # Playwright's own would wait for a page that loads; and this must have answered before the page goes.
    page.evaluate("steps => { setTimeout(() => history.go(-steps)) }", steps)
    if to:
        expect(page).to_have_url(re.compile(to))


def look_at_something(page: Page) -> None:
    page.goto("/search?q=mug&stock=in")
    page.locator(".product-card-name a").first.click()
    expect(page).to_have_url(re.compile("/p/"))


def test_where_nothing_has_changed_a_page_is_there_at_once(phone: Page) -> None:
    look_at_something(phone)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    back(phone, to="/search")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("mug")
    back(phone, -1, to="/p/")
    expect(phone.locator(".buy-row")).to_be_visible()
    phone.wait_for_timeout(300)
    assert len(asked) <= 2, "it was fetched anew"  # once for each step: what comes out of the cache is counted, too


def test_a_list_says_what_is_in_the_cart_and_on_the_wishlist_now(phone: Page) -> None:
    look_at_something(phone)
    name = phone.get_by_role("heading", level=1).inner_text()
    phone.locator(".product-buy .save").click()
    expect(phone.locator(".product-buy .save[data-kept]")).to_be_visible()
    back(phone, to="/search")
    card = phone.locator(".product-card", has_text=name).first
    expect(card.locator(".save[data-kept]")).to_be_visible()
    back(phone, -1, to="/p/")
    phone.locator(".buy-row").get_by_role("button", name="Add to cart").last.click()
    expect(phone.locator("#cart-count")).to_contain_text("1")
    back(phone, to="/search")
    expect(phone.locator("#cart-count")).to_contain_text("1")


def test_a_cart_is_as_it_was_left(phone: Page) -> None:
    look_at_something(phone)
    phone.locator(".buy-row").get_by_role("button", name="Add to cart").last.click()
    expect(phone.locator("#cart-count")).to_contain_text("1")
    phone.goto("/cart")
    phone.get_by_role("button", name=re.compile("^One more")).first.click()
    expect(phone.locator("#cart-count")).to_contain_text("2")
    phone.locator(".line-name a").first.click()
    expect(phone).to_have_url(re.compile("/p/"))
    back(phone, to="/cart")
    expect(phone.get_by_role("textbox", name=re.compile("^Quantity of")).first).to_have_value("2")
    expect(phone.locator("#cart-count")).to_contain_text("2")


def test_what_has_changed_meanwhile_waits_for_the_network(phone: Page) -> None:
    look_at_something(phone)
    phone.locator(".buy-row").get_by_role("button", name="Add to cart").last.click()
    expect(phone.locator("#cart-count")).to_contain_text("1")
    phone.context.set_offline(True)
    back(phone, to="/search")
    expect(phone.locator(".product-card").first).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.locator("#cart-count")).to_contain_text("1")


def test_no_dates_are_shown_for_a_postcode_of_before(browser: Browser, shop: Shop) -> None:
    context = new_context(browser, shop, width=DESK)
    desk = context.new_page()
    desk.goto("/search?q=lamp")
    desk.locator(".product-card-name a").first.click()
    expect(desk).to_have_url(re.compile("/p/"))
    desk.locator(".top-links .place").click()
    desk.get_by_label("Postcode").fill("9500-150")
    desk.get_by_role("button", name="Show the dates").click()
    expect(desk.locator(".top-links .place")).to_contain_text("9500-150")
    back(desk, 3)  # the form has been a step, too
    expect(desk).to_have_url(re.compile("/search"))
    expect(desk.locator(".top-links .place")).to_contain_text("9500-150")
    context.close()


def test_who_has_signed_out_leaves_nothing_to_go_back_to(phone: Page, shop: Shop) -> None:
    signed_out_and_back(phone, shop)


def test_nor_does_the_cache_without_javascript(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE, javascript=False)
    signed_out_and_back(context.new_page(), shop)
    context.close()


def signed_out_and_back(page: Page, shop: Shop) -> None:
    sign_in(page, shop.shopper, shop.password)
    page.goto("/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.locator("#flashes")).to_contain_text("You are signed out")
    page.go_back(wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def in_two_steps(page: Page) -> tuple[str, str]:
    """A list changed twice without a page load; what the first and the second list say they hold."""
    page.goto("/search?q=lamp")
    said = page.locator("h1 + p")
    first = said.inner_text()
    page.get_by_role("link", name="Lowest price").click()
    expect(page).to_have_url(re.compile("sort=price"))
    page.get_by_label("In stock now").check()
    expect(page).to_have_url(re.compile("stock=in"))
    expect(said).not_to_have_text(first)
    return first, said.inner_text()


@pytest.fixture
def desk(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(chromium, shop, width=DESK)
    yield context.new_page()
    context.close()


def test_a_list_of_before_that_does_not_come_is_said_and_comes_with_the_network(desk: Page) -> None:
    first, _ = in_two_steps(desk)
    desk.context.set_offline(True)
    back(desk)
    expect(desk.locator("#flashes")).to_contain_text("There is no answer")
    desk.context.set_offline(False)
    expect(desk.locator("h1 + p")).to_have_text(first)
    expect(desk.get_by_label("In stock now")).not_to_be_checked()


def test_a_server_that_cannot_show_the_list_of_before_says_so_itself(desk: Page) -> None:
    in_two_steps(desk)
    desk.route("**/search?*sort=price", lambda route: route.fulfill(status=503, body="<p>The shop rests.</p>"))
    back(desk)
    expect(desk.get_by_text("The shop rests.")).to_be_visible()


def test_of_several_steps_on_a_slow_network_the_last_one_counts(desk: Page) -> None:
    first, second = in_two_steps(desk)
    waiting: list[Route] = []
    desk.route("**/search?q=lamp*", held_in(waiting))
    back(desk)
    expect(desk.locator("#main.htmx-request")).to_be_visible()
    back(desk)
    while len(waiting) < 2:
        desk.wait_for_timeout(50)
    waiting[1].continue_()
    expect(desk).to_have_url(re.compile(r"\?q=lamp$"))
    expect(desk.locator("h1 + p")).to_have_text(first)
    waiting[0].continue_()  # nobody waits for it any more
    desk.unroute("**/search?q=lamp*")
    expect(desk.get_by_role("link", name="Best match")).to_have_attribute("aria-current", "true")
    back(desk, -2)
    expect(desk.locator("h1 + p")).to_have_text(second)


def test_the_way_back_through_the_variants_of_a_product(desk: Page) -> None:
    desk.goto("/search?q=mug&stock=in&sort=newest")
    look = desk.locator(".product-card-name a")
    for number in range(look.count()):
        look.nth(number).click()
        expect(desk.locator(".buy-row")).to_be_visible()
        if desk.locator("a.variant:not([aria-current])").count():
            break
        desk.go_back()
    chosen = desk.locator("a.variant[aria-current]").first.get_attribute("id")
    desk.locator("a.variant:not([aria-current])").first.click()
    expect(desk).to_have_url(re.compile("variant="))
    expect(desk.locator(f"#{chosen}[aria-current]")).to_have_count(0)
    refused: list[str] = []
    desk.on("pageerror", lambda error: refused.append(str(error)))
    back(desk)
    expect(desk.locator(f"#{chosen}[aria-current]")).to_be_visible()
    assert not refused


def test_a_choice_made_while_a_list_of_before_is_awaited_counts(desk: Page) -> None:
    in_two_steps(desk)
    waiting: list[Route] = []
    desk.route("**/search?q=lamp*", held_in(waiting))
    back(desk)
    desk.get_by_role("link", name="Highest price").click()
    while len(waiting) < 2:
        desk.wait_for_timeout(50)
    waiting[1].continue_()
    expect(desk).to_have_url(re.compile("sort=price-down"))
    waiting[0].continue_()
    desk.wait_for_timeout(300)
    expect(desk.get_by_role("link", name="Highest price")).to_have_attribute("aria-current", "true")
