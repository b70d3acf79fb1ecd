"""A review in a browser: written, waiting, shown by an operator, on the page of its product, and counted in search."""

import re
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import PHONE, VISITORS, Shop, new_context
from tests.browser.looking import look
from tests.browser.test_journey import sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "javascript"), VISITORS)
def test_a_buyer_writes_an_operator_shows_it_and_search_goes_by_it(
    chromium: Browser, shop: Shop, width: int, javascript: bool
) -> None:
    context = new_context(chromium, shop, width=width, javascript=javascript)
    page, heading = context.new_page(), f"Bright {width} {javascript}"
    sign_in(page, shop.shopper, shop.password)
    page.goto("/orders?show=arrived")
    page.get_by_role("link", name="Review what came").first.click()
    page.get_by_role("link", name="Review it").first.click()
    form = page.url
    write(page, heading, "Cheaper at https://elsewhere.example, they say.")
    expect(page.locator(".notice").first).to_contain_text("Somebody reads your review before it is shown.")
    expect(page.get_by_role("heading", name=heading)).to_have_count(0)
    decide(chromium, shop, width, javascript, heading)
    reviews = form + "s"
    page.goto(f"{reviews}?sort=newest")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    name = page.locator(".crumbs a").first.inner_text()
    see(page, form.removesuffix("/review"), heading)
    narrow(page, name, width, javascript)
    vote_on_another(context, page, javascript)
    page.goto(form)
    page.get_by_role("button", name="Take my review back").click()
    expect(page.locator(".notice").first).to_contain_text("Your review is gone.")
    context.close()


def write(page: Page, heading: str, text: str) -> None:
    """Wrong first: nothing typed is lost. Stars are chosen by keyboard."""
    expect(page.get_by_role("group", name="How many stars")).to_be_visible()
    page.get_by_label("Heading").fill(heading)
    if page.locator("input[name=stars]:checked").count() == 0:
        page.get_by_role("button", name="Send the review").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose from one to five stars")
        look(page)
    page.get_by_label("5 stars").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("5 stars")).to_be_checked()
    expect(page.get_by_label("Heading")).to_have_value(heading)
    page.get_by_label("What should others know?").fill(text)
    look(page)
    page.get_by_role("button", name=re.compile("(Send|Save) the review")).click()


def decide(chromium: Browser, shop: Shop, width: int, javascript: bool, heading: str) -> None:
    context = new_context(chromium, shop, width=width, javascript=javascript)
    desk = context.new_page()
    sign_in(desk, OPERATOR, shop.password)
    desk.goto("/admin")
    desk.get_by_role("navigation", name="Operator desk").get_by_role("link", name="Reviews").click()
    look(desk)
    desk.get_by_role("link", name=heading).click()
    desk.get_by_role("button", name="Reject it").click()
    expect(desk.get_by_role("alert")).to_contain_text("Say why")
    look(desk)
    desk.get_by_role("button", name="Show it").click()
    expect(desk.locator(".notice").first).to_contain_text("The review is shown.")
    context.close()


def see(page: Page, product: str, heading: str) -> None:
    """The page of the product follows by an event."""
    until(page, f"{product}/reviews?stars=5&sort=newest", page.get_by_role("heading", name=heading))
    look(page)
    until(page, product, page.locator("#reviews .histogram a", has_text="5 stars"))
    look(page)
    page.locator("#reviews .histogram a", has_text="5 stars").click()
    expect(page.get_by_role("link", name=re.compile("5 stars.*remove"))).to_be_visible()


def narrow(page: Page, name: str, width: int, javascript: bool) -> None:
    """Search by its name, with the filter of stars: first wait until the index has it."""
    until(page, f"/search?q={name}", page.locator(".product-card", has_text=name).locator(".rating").first)
    if width == PHONE:
        page.get_by_role("link", name=re.compile("^Filters")).click()
    page.locator("#rating-1").check()
    if not javascript or width == PHONE:
        page.locator(".facets-go button").click()
    expect(page).to_have_url(re.compile("rating=1"))
    expect(page.get_by_role("link", name=re.compile("1 star and up.*remove"))).to_be_visible()
    expect(page.locator(".product-card", has_text=name)).to_have_count(1)
    page.get_by_role("link", name="Best rated").click()
    expect(page).to_have_url(re.compile("sort=rating"))
    look(page)


def vote_on_another(context: BrowserContext, page: Page, javascript: bool) -> None:
    page.goto("/search?rating=1&sort=rating")
    page.locator(".product-card-name a").first.click()
    button = page.locator("#reviews .vote button").first
    before = button.get_attribute("aria-pressed")
    button.click()
    expect(page.locator("#reviews .vote button").first).not_to_have_attribute("aria-pressed", before or "")
    if javascript:
        expect(page.locator("#reviews .vote button").first).to_be_focused()


def until(page: Page, address: str, there: Locator, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        page.goto(address)
        if there.count():
            return
        assert time.monotonic() < deadline, f"{address} does not show it"
        page.wait_for_timeout(300)
