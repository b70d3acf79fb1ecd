"""From the cart to the money that comes back, without JavaScript; each page is then judged as others see it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import DESK, PHONE, Shop, new_context
from tests.browser.looking import check
from tests.browser.test_journey import add_something, buy, sign_in

pytestmark = pytest.mark.browser

Judge = Callable[[Page], None]


@pytest.fixture
def phone(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(chromium, shop, width=PHONE, javascript=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def operator(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(chromium, shop, width=DESK)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    yield page
    context.close()


@pytest.fixture
def judge(chromium: Browser, shop: Shop) -> Iterator[Judge]:
    """Looks at what a page shows, in a browser that can run axe, dark and light by turns."""
    context = new_context(chromium, shop, width=PHONE)
    mirror = context.new_page()
    seen = 0

    def look(page: Page) -> None:
        nonlocal seen
        mirror.emulate_media(color_scheme="dark" if seen % 2 else "light")
        seen += 1
        html = page.content()
        mirror.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html"))
        mirror.goto(page.url)
        check(mirror)
        mirror.unroute(page.url)

    yield look
    context.close()


def test_what_was_bought_is_cancelled_in_part_sent_back_and_refunded(phone: Page, operator: Page, judge: Judge) -> None:
    add_something(phone)
    phone.goto("/search?q=lamp&stock=in")
    phone.locator(".product-card-name a").first.click()
    phone.locator(".buy-row").get_by_role("button", name="Add to cart").last.click()
    buy(phone, "4242 4242 4242 4242")
    order = phone.get_by_role("heading", level=1).inner_text().removeprefix("Order ")
    judge(phone)

    phone.get_by_role("link", name="Cancel something").click()
    phone.get_by_role("button", name="Cancel what is ticked").click()
    expect(phone.get_by_text("Nothing was cancelled")).to_be_visible()
    judge(phone)
    phone.get_by_role("checkbox").first.check()
    phone.get_by_role("button", name="Cancel what is ticked").click()
    expect(phone.get_by_text("One thing is cancelled")).to_be_visible()

    operator.goto(f"/admin/orders/{order}")
    operator.get_by_role("button", name=re.compile("^Packed")).click()
    operator.get_by_label("Tracking code").fill(f"BY-HAND-{order}")
    operator.get_by_role("button", name=re.compile("^Hand over")).click()
    operator.get_by_role("button", name=re.compile("^It has arrived")).click()
    phone.reload()
    expect(phone.locator(".timeline", has_text="Arrived")).to_have_count(1)
    judge(phone)

    phone.get_by_role("link", name="Return something").click()
    phone.get_by_role("button", name="Ask to send it back").click()
    expect(phone.get_by_role("link", name="Choose how many pieces go back.")).to_be_visible()
    judge(phone)
    phone.get_by_role("checkbox", name="Send it back").check()
    phone.get_by_role("button", name="Ask to send it back").click()
    operator.goto("/admin/returns")
    operator.get_by_role("link", name=re.compile(order)).click()
    judge(operator)
    operator.get_by_role("button", name="Agree to the return").click()
    phone.reload()
    expect(phone.get_by_text(f"{order}/R1")).to_be_visible()
    judge(phone)
    operator.get_by_role("button", name="It is here").click()
    phone.goto(f"/orders/{order}")
    expect(phone.get_by_text("All of it was sent back")).to_be_visible()
    judge(phone)
