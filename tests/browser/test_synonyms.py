"""The lists of synonyms in a browser, with JavaScript and without: it works, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import VISITORS, Shop, new_context
from tests.browser.looking import look
from tests.browser.test_journey import sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "javascript"), VISITORS)
def test_an_operator_tries_a_rule_saves_it_and_takes_it_back(
    chromium: Browser, shop: Shop, width: int, javascript: bool
) -> None:
    context = new_context(chromium, shop, width=width, javascript=javascript)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    page.goto("/admin/search/synonyms")
    look(page)
    page.get_by_role("link", name="English").click()
    look(page)
    rules = page.get_by_label("Rules")
    before = rules.input_value()
    word = f"zorb{width}x"
    rules.fill(f"{before}\n{word} => lamp\nnothing")
    page.get_by_label("A query as a shopper types it").fill(word)
    page.get_by_label("A query as a shopper types it").press("Enter")
    expect(page.get_by_role("row", name="None at all")).to_contain_text("nothing")
    expect(page.get_by_role("row", name="By the list below")).to_contain_text("with every word")
    look(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("is no rule")
    look(page)
    rules.fill(f"{before}\n{word} => lamp")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Searches go by it")).to_be_visible()
    page.goto(f"/search?q={word}")
    expect(page.locator(".product-card").first).to_be_visible()
    page.goto("/admin/search/synonyms/en")
    page.get_by_role("link", name="Version").first.click()
    expect(page.locator("ins")).to_contain_text(f"{word} => lamp")
    look(page)
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Version").nth(1).click()
    page.get_by_role("button", name="Restore this version").click()
    expect(page.get_by_label("Rules")).to_have_value(before)
    context.close()
