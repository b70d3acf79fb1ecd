"""Every page: no accessibility violation, no sideways scroll, nothing refused by the page's own security policy."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import PHONE, Shop, new_context
from tests.browser.looking import listen, look
from tests.browser.test_journey import SETTLE_MS, add_something, buy, send_feed, sign_in, take_delivery

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(chromium, shop, width=PHONE)
    listen(context)
    yield context.new_page()
    context.close()


def set_postcode(page: Page) -> None:
    page.goto("/delivery/postcode?next=/")
    page.get_by_label(re.compile("postcode", re.I)).last.fill("9500-150")
    page.locator("main form button").last.click()


def test_pages_without_a_postcode(page: Page) -> None:
    for path in ("/", "/search?q=lamp", "/search?q=xqzzt", "/c/lighting", "/cart", "/orders"):
        page.goto(path)
        look(page)


def test_pages_for_a_postcode_that_is_not_served(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE)
    page = context.new_page()
    context.add_cookies([{"name": "feira_postcode", "value": "0000-000", "url": shop.url}])
    add_something(page)
    look(page)
    page.goto("/cart")
    expect(page.get_by_text("We do not deliver to")).to_be_visible()
    look(page)
    context.close()


def test_pages_of_words_and_forms(page: Page) -> None:
    for path in (
        "/help",
        "/help/returns",
        "/help/promise",
        "/help/late",
        "/sell",
        "/help/feeds",
        "/about",
        "/privacy",
    ):
        page.goto(path)
        look(page)
    for path in ("/sign-in", "/sign-up", "/delivery/postcode", "/sell/application"):
        page.goto(path)
        look(page)
        page.locator("main form button").last.click()
        look(page)


def test_error_pages(page: Page) -> None:
    page.goto("/no/such/page")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page)
    page.goto("/p/no-such-product")
    look(page)


def test_the_way_to_an_order(page: Page) -> None:
    set_postcode(page)
    for path in ("/", "/search?q=lamp&sort=arrives", "/c/books"):
        page.goto(path)
        look(page)
    add_something(page)
    look(page)
    page.goto("/cart")
    look(page)
    page.goto("/checkout/address")
    look(page)
    page.get_by_role("button", name="Continue").click()  # with nothing filled in
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
    page.goto("/cart")
    buy_step_by_step(page)
    look(page)
    page.goto("/orders")
    look(page)


def buy_step_by_step(page: Page) -> None:
    page.goto("/checkout/address")
    page.get_by_label("E-mail").fill("ines.duarte@example.pt")
    page.get_by_label("Full name").fill("Inês Duarte")
    page.get_by_label("Street and number").fill("Rua do Mercado 3")
    page.get_by_label("Postcode").fill("9500-150")
    page.get_by_role("button", name="Continue").click()
    look(page)
    take_delivery(page)
    look(page)
    page.get_by_role("button", name=re.compile("^Pay €")).click()
    look(page)
    page.get_by_role("button", name=re.compile("^Pay €")).click()  # with nothing filled in
    look(page)
    page.get_by_label("Card number").fill("4000 0000 0000 3220")
    page.get_by_label("Expiry date").fill("08 / 31")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name=re.compile("^Pay €")).click()
    look(page)
    page.get_by_role("button", name="Yes, it is me").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Order F-"))).to_be_visible()


def test_an_order_that_waits_for_another_card(page: Page) -> None:
    set_postcode(page)
    add_something(page)
    page.goto("/checkout/address")
    buy(page, "4000 0000 0000 0002")
    expect(page.get_by_text("not charged").first).to_be_visible()
    look(page)
    page.goto("/orders")
    look(page)


def test_the_supplier_desk(page: Page, shop: Shop, tmp_path: Path) -> None:
    sign_in(page, shop.supplier, shop.password)
    page.goto("/supplier/feeds")
    look(page)
    page.get_by_role("button", name="Upload").click()  # with no file
    look(page)
    feed = tmp_path / "rejected.csv"
    # Neither lamps nor mugs: other tests search this shop for those, and buy more of the first than the one of these.
    rows = f"R1,Rain gauge {uuid4().hex[:6]},48.90,1\nR2,Another gauge,free,1\n,No SKU,1.00,1\n"
    feed.write_text(f"sku,title,price,stock\n{rows}")
    send_feed(page, feed)
    expect(page.locator(".live", has_text="Finished")).to_be_visible(timeout=SETTLE_MS)
    look(page)
    page.goto("/supplier/offers")
    look(page)
    page.get_by_role("link", name="Add one").click()
    page.get_by_role("button", name="Put it on sale").click()  # with nothing typed
    look(page)
    page.goto("/supplier/offers?words=rain+gauge")
    page.get_by_role("link", name="Rain gauge").first.click()
    page.get_by_label("Price").fill("1.00")
    page.get_by_role("button", name="Save").click()  # which is not meant
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
    page.get_by_label("Yes, 1.00").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    for path in ("/supplier/sales", "/supplier/sales?from=yesterday"):
        page.goto(path)
        look(page)
    page.goto("/account")
    look(page)


def test_the_operator_desk(page: Page, shop: Shop) -> None:
    sign_in(page, OPERATOR, shop.password)
    for path in ("/", "/admin", "/admin/rates", "/admin/suppliers", "/admin/suppliers?words=nobody", "/account"):
        page.goto(path)
        assert page.evaluate("scrollY") == 0, f"{path} begins further down"
        look(page)
    page.goto("/admin/products?words=lamp")
    look(page)
    page.get_by_role("link", name="lamp").first.click()
    page.get_by_role("button", name="Bar it").click()  # without a reason
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
    page.goto("/admin/categories")
    look(page)
    page.get_by_role("button", name="Add it").click()  # without a name
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
    page.get_by_role("link", name="Change Desk lamps").click()
    look(page)
    page.goto("/admin/suppliers")
    page.get_by_role("link", name="Oficina do Vale").click()
    look(page)
    page.get_by_role("button", name="Suspend").click()  # without a reason
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
