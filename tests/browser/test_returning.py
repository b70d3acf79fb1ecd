"""The home page of somebody who comes back, at both widths."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESK, PHONE, Shop, new_context
from tests.browser.test_delivery_desk import check

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_was_looked_at_stands_on_the_home_page_at_once(chromium: Browser, shop: Shop, width: int) -> None:
    context = new_context(chromium, shop, width=width)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Looked at lately")).to_have_count(0)
    page.goto("/search?q=lamp")
    name = page.locator(".product-card-name a").first.inner_text()
    page.locator(".product-card-name a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.goto("/")
    shelf = page.get_by_role("region", name="Looked at lately")
    expect(shelf.get_by_role("link", name=name)).to_be_visible()
    check(page, f"home-returning-{width}")
    page.get_by_role("button", name="Forget what I looked at").click()
    expect(page.get_by_role("heading", name="Looked at lately")).to_have_count(0)
    context.close()
