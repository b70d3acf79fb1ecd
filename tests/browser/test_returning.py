"""The home page of somebody who comes back, with JavaScript and without."""

import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, Shop, new_context
from tests.browser.looking import look
from tests.browser.test_journey import sign_in

pytestmark = pytest.mark.browser

SOON_SECONDS = 5.0


def look_at_a_lamp(page: Page, number: int = 0) -> str:
    page.goto("/search?q=lamp")
    link = page.locator(".product-card-name a").nth(number)
    name = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return name


def test_what_was_looked_at_stands_on_the_home_page_at_once(visit: BrowserContext, page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("Continue where you left")).to_have_count(0)
    before = look_at_a_lamp(page, 1)
    name = look_at_a_lamp(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    expect(page.locator(".resume-card").get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("region", name="Looked at lately").get_by_role("link", name=before)).to_be_visible()
    expect(page.get_by_role("region", name=f"Because you looked at {name}")).to_be_visible()
    page.get_by_role("button", name="Forget what I looked at").click()
    expect(page.get_by_text("Continue where you left")).to_have_count(0)


def test_a_returning_shopper_s_page_is_good_to_read(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE)
    page = context.new_page()
    sign_in(page, shop.shopper, shop.password)
    look_at_a_lamp(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marta")
    for name in ("Buy again", "For you"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
    page.get_by_role("region", name="For you").get_by_text("Why am I seeing this?").click()
    expect(page.get_by_role("button", name="Show me nothing personal").first).to_be_visible()
    look(page)
    page.goto("/privacy#recommendations")
    look(page)
    context.close()


def test_another_browser_of_the_account_follows_within_five_seconds(chromium: Browser, shop: Shop) -> None:
    """What a shopper does on one device is on the home page of another, and not on that of somebody new."""
    contexts = [new_context(chromium, shop, width=DESK) for _ in range(3)]
    here, there, stranger = (context.new_page() for context in contexts)
    for page in (here, there):
        sign_in(page, shop.shopper, shop.password)
    name = look_at_a_lamp(here, 7)
    did = time.monotonic()
    there.goto("/")
    while there.locator(".resume-card h2").all_inner_texts() != [name]:
        assert time.monotonic() - did < SOON_SECONDS, "the home page did not follow"
        there.wait_for_timeout(200)
        there.goto("/")
    stranger.goto("/")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("The whole market, and the day it arrives.")
    expect(stranger.get_by_role("region", name="Buy again")).to_have_count(0)
    for context in contexts:
        context.close()


def test_a_shelf_shows_others_and_can_be_hidden(visit: BrowserContext, page: Page, shop: Shop) -> None:
    page.goto("/")
    shelf = page.get_by_role("region", name="New on the square")
    first = shelf.locator(".product-card-name").all_inner_texts()
    shelf.get_by_role("link", name="Show others").click()
    if page.url == f"{shop.url}/":
        expect(shelf.locator(".product-card-name").first).not_to_have_text(first[0])
    else:
        expect(page.locator(".product-card")).to_have_count(20)
        page.goto("/")
    shelf.get_by_text("Why am I seeing this?").click()
    shelf.get_by_role("button", name="Hide this shelf").click()
    expect(page.get_by_text("The shelf “New on the square” is hidden")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("region", name="New on the square")).to_have_count(0)
    page.goto("/privacy")
    page.get_by_role("button", name="Show again").click()
    page.goto("/")
    expect(page.get_by_role("region", name="New on the square")).to_be_visible()


def open_something_bought_with_others(page: Page) -> None:
    """Of what sells now, which changes while other tests look and buy."""
    page.goto("/")
    links = page.get_by_role("region", name="Selling now").locator(".product-card-name a").all()
    for address in [link.get_attribute("href") or "" for link in links]:
        page.goto(address)
        if page.get_by_role("region", name="Bought together").count():
            return
    raise AssertionError("nothing that sells now is bought together with something")


def test_what_is_bought_together_goes_into_the_cart_at_once(visit: BrowserContext, page: Page) -> None:
    open_something_bought_with_others(page)
    together = page.get_by_role("region", name="Bought together")
    count = together.locator("li").count()
    together.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Added: ").first).to_be_visible()
    expect(page.locator(".top-links .count")).to_contain_text(str(count))


def test_the_shelves_below_a_product_are_good_to_read(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE)
    page = context.new_page()
    open_something_bought_with_others(page)
    expect(page.get_by_role("region", name="More like this")).to_be_visible()
    page.get_by_role("region", name="Bought together").get_by_text("Why am I seeing this?").click()
    look(page)
    context.close()
