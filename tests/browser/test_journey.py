"""The whole thread, as people walk it: a supplier sends a feed, a shopper finds it, buys it, and sees the order."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import EVERYBODY, Shop, named

pytestmark = pytest.mark.browser

SETTLE_MS = 60_000  # for a feed on a busy machine


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).not_to_be_visible()


def send_feed(page: Page, path: Path) -> None:
    page.goto("/supplier/feeds")
    page.get_by_label(re.compile("Send a feed")).set_input_files(str(path))
    page.get_by_label(re.compile("Only changes")).check()
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name=path.name)).to_be_visible()


def wait_until_searchable(page: Page, rows: int, javascript: bool) -> None:
    """With JavaScript the page renews itself; without, the supplier reloads it."""
    searchable = page.locator(".feed-counts > div", has_text="Searchable").locator("b")
    finished = page.locator(".live", has_text="Finished")
    if javascript:
        expect(finished).to_be_visible(timeout=SETTLE_MS)
    for _ in range(120):
        if searchable.inner_text() == str(rows) and finished.is_visible():
            break
        page.wait_for_timeout(500)
        if not javascript:
            page.reload()
    expect(searchable).to_have_text(str(rows))


def buy(page: Page, card: str) -> None:
    """From the cart to the bank's page and back."""
    page.goto("/cart")
    page.get_by_role("link", name="Go to checkout").click()
    if page.get_by_label("E-mail").is_visible():
        page.get_by_label("E-mail").fill("ines.duarte@example.pt")
    page.get_by_label("Full name").fill("Inês Duarte")
    page.get_by_label("Street and number").fill("Rua da Boavista 84")
    page.get_by_label("Postcode").fill("1200-109")
    page.get_by_role("button", name="Continue").click()
    take_delivery(page)
    page.get_by_role("button", name=re.compile("^Pay €")).click()
    pay(page, card)


def take_delivery(page: Page) -> None:
    """As it is offered: it is asked about only where a parcel can travel in several ways."""
    going_on = page.get_by_role("button", name="Continue to payment")
    expect(going_on.or_(page.get_by_role("button", name=re.compile("^Pay €")))).to_be_visible()
    if going_on.is_visible():
        going_on.click()


def pay(page: Page, card: str) -> None:
    expect(page.get_by_role("heading", name="Pay by card")).to_be_visible()
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry date").fill("08 / 31")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name=re.compile("^Pay €")).click()


def runs_scripts(page: Page) -> bool:
    try:
        return bool(page.evaluate("Boolean(window.htmx)"))
    except Exception:  # noqa: BLE001 - without JavaScript nothing is evaluated
        return False


@pytest.mark.parametrize("visit", EVERYBODY, ids=named, indirect=True)
def test_from_a_suppliers_file_to_a_paid_order(page: Page, visit: BrowserContext, shop: Shop, tmp_path: Path) -> None:
    name = f"Zambujal garden clock {uuid4().hex[:6]}"
    feed = tmp_path / f"news-{uuid4().hex[:6]}.csv"
    feed.write_text(
        "sku,title,description,brand,category,price,colour,stock:LIS,handling_days\n"
        f"ZG-{uuid4().hex[:8]},{name},Keeps time in any weather.,Zambujal,home/clocks,48.90,Moss,4,0\n"
        f'ZG-BAD,{name} without a price,,Zambujal,home/clocks,"48,9O",Moss,4,0\n'
    )

    sign_in(page, shop.supplier, shop.password)
    javascript = runs_scripts(page)
    send_feed(page, feed)
    wait_until_searchable(page, 1, javascript)
    expect(page.get_by_text("letter O")).to_be_visible()
    page.goto("/account")
    page.get_by_role("button", name="Sign out").first.click()

    page.goto("/")
    page.get_by_label("Your postcode").fill("1200-109")
    page.get_by_role("button", name="Show my dates").click()
    expect(page.locator("header .place").first).to_contain_text("1200-109")
    page.get_by_label("Search Feira").fill(name)
    page.get_by_role("button", name="Search", exact=True).click()
    result = page.locator(".product-card", has_text=name).first
    for _ in range(10):  # a web process takes up what was written within a second or two
        if result.is_visible():
            break
        page.wait_for_timeout(300)
        page.reload()
    expect(result).to_be_visible()
    promised = result.locator(".promise-day").inner_text()
    assert re.fullmatch(r"\w{3} \d{1,2} \w{3}", promised)

    result.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.locator(".promise-box .promise-day")).to_have_text(promised)
    add = page.locator(".buy-row").get_by_role("button", name="Add to cart").last
    expect(add).to_be_in_viewport()  # from the first look, on a phone, too
    add.click()
    expect(page.locator("#cart-count")).to_contain_text("1")
    page.goto("/cart")
    expect(page.locator(".parcel .promise-day").first).to_have_text(promised)

    buy(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", level=1, name=re.compile("^Order F-"))).to_be_visible()
    number = page.get_by_role("heading", level=1).inner_text().removeprefix("Order ")
    expect(page.locator(".parcel .promise-day").first).to_have_text(promised)
    expect(page.get_by_text("€48.90").first).to_be_visible()
    page.goto("/orders")
    expect(page.get_by_role("link", name=number).first).to_be_visible()


def test_a_declined_card_can_be_followed_by_a_good_one(page: Page, shop: Shop) -> None:
    add_something(page)
    buy(page, "4000 0000 0000 0002")
    expect(page.get_by_text("not charged").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Pay|Try again", re.I)).first.click()
    pay(page, "4000 0000 0000 3220")
    page.get_by_role("button", name="Yes, it is me").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Order F-"))).to_be_visible()
    expect(page.get_by_text("Visa", exact=False).first).to_be_visible()


def test_a_signed_in_shopper_keeps_the_cart_of_a_guest(page: Page, shop: Shop) -> None:
    add_something(page)
    sign_in(page, shop.shopper, shop.password)
    expect(page.locator("#cart-count")).to_be_visible()
    page.goto("/cart")
    expect(page.locator(".line").first).to_be_visible()
    page.locator(".line").first.get_by_role("button", name=re.compile("^Remove")).click()


def add_something(page: Page) -> None:
    page.goto("/search?q=mug&stock=in")
    page.locator(".product-card-name a").first.click()
    page.locator(".buy-row").get_by_role("button", name="Add to cart").last.click()
    expect(page.locator("#cart-count")).to_contain_text("1")
