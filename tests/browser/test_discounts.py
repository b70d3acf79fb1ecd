"""A discount code from the desk to the bank's page, and rates of VAT: with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Browser, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import PHONE, VISITORS, Shop, new_context
from tests.browser.looking import look
from tests.browser.test_journey import sign_in, take_delivery

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "javascript"), VISITORS)
def test_a_code_that_an_operator_makes_lowers_what_a_shopper_pays(
    chromium: Browser, shop: Shop, width: int, javascript: bool
) -> None:
    code = f"AUTUMN-{width}"
    context = new_context(chromium, shop, width=width, javascript=javascript)
    desk = context.new_page()
    sign_in(desk, OPERATOR, shop.password)
    desk.goto("/admin/discounts")
    desk.get_by_role("textbox", name="Code", exact=True).fill(code)
    desk.get_by_role("button", name="Make it").click()
    expect(desk.get_by_role("alert")).to_contain_text("Enter the amount in euro")
    look(desk)
    desk.get_by_label("How much").fill("5")
    desk.get_by_role("button", name="Make it").click()
    expect(desk.get_by_text(f"Code {code} can be used.")).to_be_visible()
    look(desk)
    context.close()

    context = new_context(chromium, shop, width=width, javascript=javascript)
    page = context.new_page()
    page.goto("/search?q=lamp&stock=in")
    page.locator(".product-card-name a").first.click()
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.locator("#cart-count")).to_contain_text("1")
    page.goto("/checkout/address")
    page.get_by_label("E-mail").fill("ines.duarte@example.pt")
    page.get_by_label("Full name").fill("Inês Duarte")
    page.get_by_label("Street and number").fill("Rua da Boavista 84")
    page.get_by_label("Postcode").fill("1200-109")
    page.get_by_role("button", name="Continue").click()
    take_delivery(page)
    page.get_by_text("I have a discount code").click()
    page.get_by_label("Discount code").fill("no such code")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("#code-error")).to_have_text("There is no such code.")
    look(page)
    page.get_by_label("Discount code").fill(code.lower())
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".summary")).to_contain_text(re.compile(r"Discount\s*−€5\.00"))
    look(page)
    total = page.locator(".summary dd.total").inner_text()
    page.get_by_role("button", name=re.compile("^Pay €")).click()
    expect(page.get_by_role("button", name=f"Pay {total}")).to_be_visible()
    context.close()


def test_an_operator_sees_rates_and_what_is_wrong_with_a_new_one(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    page.goto("/admin/taxes")
    expect(page.get_by_role("row", name="Books Portugal")).to_contain_text("6 %")
    page.get_by_label("VAT in percent").fill("100")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_role("alert")).to_contain_text("from 0 to 99.99")
    look(page)
    context.close()
