"""The cart in a browser: two windows, saving, undoing and sharing; with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESK, VISITORS, Shop, new_context
from tests.browser.looking import look

pytestmark = pytest.mark.browser

COUNT = "#cart-count"


def put_in(context: BrowserContext, words: str, count: int) -> Page:
    page = context.new_page()
    page.goto(f"/search?q={words}&stock=in")
    page.locator(".product-card-name a").first.click()
    page.locator(".buy-row").get_by_role("button", name="Add to cart").last.click()
    expect(page.locator(COUNT)).to_contain_text(str(count))
    return page


@pytest.mark.parametrize(("width", "javascript"), VISITORS)
def test_a_line_is_saved_removed_brought_back_and_shared(
    chromium: Browser, shop: Shop, width: int, javascript: bool
) -> None:
    context = new_context(chromium, shop, width=width, javascript=javascript)
    page = put_in(context, "lamp", 1)
    put_in(context, "mug", 2).close()
    page.goto("/cart")
    page.get_by_role("button", name="Save for later").first.click()
    expect(page.get_by_role("heading", name=re.compile("^Saved for later"))).to_be_visible()
    look(page)
    if javascript:
        expect(page.locator("#cart")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Move to cart")).click()
    expect(page.get_by_role("heading", name=re.compile("^Saved for later"))).not_to_be_visible()
    page.get_by_role("button", name=re.compile("^Remove")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Undo removing"))).to_be_visible()
    if javascript:
        expect(page.locator("#undo")).to_be_focused()
    look(page)
    page.get_by_role("button", name=re.compile("^Undo removing")).click()
    expect(page.locator(COUNT)).to_contain_text("2")
    page.get_by_role("button", name="Share this cart by link").click()
    address = page.get_by_label(re.compile("^2 items, as of")).input_value()
    look(page)
    context.close()

    context = new_context(chromium, shop, width=width, javascript=javascript)
    friend = context.new_page()
    friend.goto(re.sub("^https?://[^/]+", "", address))
    expect(friend.get_by_role("heading", name="A cart that somebody shares with you")).to_be_visible()
    look(friend)
    friend.get_by_role("button", name="Add all to my cart").click()
    expect(friend.locator(COUNT)).to_contain_text("2")
    context.close()


def test_two_windows_and_a_double_click_lose_nothing(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=DESK)
    first = put_in(context, "lamp", 1)
    second = put_in(context, "mug", 2)
    first.goto("/cart")
    second.goto("/cart")
    more = first.get_by_role("button", name=re.compile("^One more")).first
    more.click()
    expect(first.locator(COUNT)).to_contain_text("3")
    second.get_by_role("button", name=re.compile("^Remove")).last.dblclick()  # its page still says two
    expect(second.get_by_role("button", name=re.compile("^Undo removing"))).to_be_visible()
    second.get_by_role("button", name=re.compile("^Undo removing")).dblclick()
    expect(second.locator(COUNT)).to_contain_text("3")
    first.reload()
    expect(first.locator(COUNT)).to_contain_text("3")
    context.close()
