"""What changes without a page load: the rest stays, the address and the way back are right, silence is said."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import DESK, Shop, new_context
from tests.browser.looking import check
from tests.browser.test_journey import add_something, buy

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(chromium: Browser, shop: Shop) -> Iterator[BrowserContext]:
    context = new_context(chromium, shop, width=DESK)
    yield context
    context.close()


def test_filters_change_without_a_page_load_and_the_back_button_is_right(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/search?q=lamp")
    page.evaluate("window.untouched = true")
    before = page.locator("h1 + p").inner_text()
    page.get_by_role("link", name="Lowest price").click()
    expect(page).to_have_url(re.compile("sort=price"))
    expect(page.get_by_role("link", name="Lowest price")).to_have_attribute("aria-current", "true")
    page.locator(".facet", has_text="Seller").locator(".tick").first.click()
    expect(page).to_have_url(re.compile("(seller|supplier)"))
    assert page.evaluate("window.untouched") is True
    expect(page.locator("h1 + p")).not_to_have_text(before)
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/search\?q=lamp$"))
    expect(page.locator("h1 + p")).to_have_text(before)


def test_quantities_change_without_a_page_load(desk: BrowserContext) -> None:
    page = desk.new_page()
    add_something(page)
    page.goto("/cart")
    page.evaluate("window.untouched = true")
    page.get_by_role("button", name=re.compile("^One more")).first.click()
    expect(page.locator("#cart-count")).to_contain_text("2")
    expect(page.get_by_role("textbox", name=re.compile("^Quantity of")).first).to_have_value("2")
    assert page.evaluate("window.untouched") is True
    page.get_by_role("button", name=re.compile("^Remove")).first.click()
    expect(page.get_by_role("heading", name=re.compile("Nothing in the cart"))).to_be_visible()


def test_the_postcode_changes_every_date_without_a_page_load(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/search?q=mug&stock=in")
    expect(page.locator(".product-card .promise-day").first).to_have_text("add a postcode")
    page.evaluate("window.untouched = true")
    page.locator("header .place:visible").click()
    expect(page).to_have_url(re.compile("/delivery/postcode"))
    page.get_by_label("Postcode").fill("1200-109")
    page.get_by_role("button", name="Show the dates").click()
    expect(page).to_have_url(re.compile(r"/search\?q=mug"))
    expect(page.locator(".product-card time.promise-day").first).to_be_visible()
    assert page.evaluate("window.untouched") is True
    page.go_back()
    expect(page.get_by_role("heading", name="Where should things arrive?")).to_be_visible()


def test_where_the_whole_page_changes_the_keyboard_goes_on_in_what_has_come(desk: BrowserContext) -> None:
    page = desk.new_page()
    refused: list[str] = []
    page.on("pageerror", lambda error: refused.append(str(error)))
    for path in ("/search?q=mug", "/cart"):
        page.goto(path)
        page.locator("header .place:visible").press("Enter")
        expect(page.get_by_role("heading", name="Where should things arrive?")).to_be_visible()
        expect(page.locator("#main")).to_be_focused()
        page.get_by_label("Postcode").fill("1200-109")
        page.keyboard.press("Enter")
        expect(page.locator("header .place:visible")).to_contain_text("1200-109")
        expect(page.locator("#cart" if path == "/cart" else "#main")).to_be_focused()
    assert not refused


def test_what_the_network_does_not_answer_is_said_on_every_page(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/search?q=lamp")
    page.locator(".product-card a").first.click()
    page.wait_for_url("**/p/*")
    for click in (
        ".buy-row button:visible:has-text('Add to cart') >> nth=-1",
        ".save >> nth=0",
        "header .place:visible",
    ):
        page.reload()
        page.context.set_offline(True)
        page.locator(click).click()
        expect(page.locator("#flashes")).to_contain_text("There is no answer")
        expect(page.locator("#flashes")).to_be_in_viewport()
        page.context.set_offline(False)
    page.locator("header .place:visible").click()
    page.get_by_label("Postcode").fill("1200-109")
    page.context.set_offline(True)
    page.get_by_role("button", name="Show the dates").click()
    expect(page.locator("#flashes")).to_contain_text("There is no answer")
    expect(page.get_by_label("Postcode")).to_have_value("1200-109")
    check(page)
    page.context.set_offline(False)
    page.get_by_role("button", name="Show the dates").click()
    expect(page.locator("header .place:visible")).to_contain_text("1200-109")


def test_a_click_does_not_buy_twice(desk: BrowserContext) -> None:
    page = desk.new_page()
    add_something(page)
    buy(page, "4242 4242 4242 4242")
    number = page.get_by_role("heading", level=1).inner_text()
    page.go_back()
    page.go_back()
    page.goto("/orders")
    assert page.locator(".order-row").count() == 1
    expect(page.locator(".order-row").first).to_contain_text(number.removeprefix("Order "))
    page.locator(".order-row").first.click()  # anywhere in it, as on its pictures
    expect(page.get_by_role("heading", level=1)).to_have_text(number)
