"""Hearts and wishlists in a browser: they work by keyboard, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, Shop, new_context
from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_a_shopper_keeps_products_and_shares_the_list(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE)
    page = context.new_page()
    page.goto("/wishlists")
    expect(page.get_by_role("heading", name="Wishlist")).to_be_visible()
    look(page)
    page.goto("/search?q=lamp")
    hearts = page.get_by_role("button", name="Keep on your wishlist")
    for _ in range(2):
        count = hearts.count()
        hearts.first.focus()
        page.keyboard.press("Enter")
        expect(hearts).to_have_count(count - 1)
    expect(page.locator("#flashes")).to_contain_text("On “Wishlist”")
    expect(page.locator("a.save:focus")).to_have_count(1)  # the heart that was pressed keeps the focus
    assert page.url == f"{shop.url}/search?q=lamp"
    page.reload()
    expect(page.locator(".product-card a.save")).to_have_count(2)
    look(page)
    page.locator(".product-card-name a").nth(4).click()
    page.get_by_role("button", name="Keep on your wishlist").first.click()
    expect(page.locator(".product-buy a.save")).to_contain_text("On “Wishlist”")
    page.goto("/wishlists")
    expect(page.locator(".line")).to_have_count(3)
    page.get_by_label("Anyone with the link").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".wish-more summary").first.click()
    page.get_by_label("Note").first.fill("For the hall")
    look(page)
    page.get_by_label("Note").first.press("Enter")
    expect(page.locator(".wish-note")).to_have_text("For the hall")
    address = page.get_by_label("Its address").input_value()
    other = new_context(chromium, shop, width=PHONE).new_page()
    other.goto(f"/w/{address.rpartition('/')[2]}")
    expect(other.locator(".line")).to_have_count(3)
    look(other)
    page.get_by_role("button", name="Move to cart").first.click()
    expect(page.locator(".line")).to_have_count(2)
    context.close()
    other.context.close()
