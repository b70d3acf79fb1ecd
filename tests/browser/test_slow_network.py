"""A shopper on a slow phone presses on before the shop has answered: nothing is lost, and the page ends up true."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import PHONE, Shop, new_context
from tests.browser.looking import check
from tests.browser.test_cart import COUNT, put_in
from tests.browser.test_journey import sign_in, take_delivery
from tests.browser.test_lists import held_in

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(chromium: Browser, shop: Shop) -> Iterator[BrowserContext]:
    context = new_context(chromium, shop, width=PHONE)
    yield context
    context.close()


def until_wait(page: Page, waiting: list[Route], count: int) -> None:
    while len(waiting) < count:
        page.wait_for_timeout(50)


def let_go(page: Page, waiting: list[Route], count: int = 1) -> None:
    """Let `count` requests that wait go on, the first first."""
    until_wait(page, waiting, count)
    for route in waiting[:count]:
        route.continue_()
    del waiting[:count]


def quantities(page: Page) -> list[str]:
    fields = page.get_by_role("textbox", name=re.compile("^Quantity of"))
    return [fields.nth(number).input_value() for number in range(fields.count())]


def more(page: Page, line: int = 0) -> None:
    page.get_by_role("button", name=re.compile("^One more")).nth(line).click()


def test_every_press_counts_and_shows_at_once(phone: BrowserContext) -> None:
    page = put_in(phone, "mug", 1)
    page.goto("/cart")
    waiting: list[Route] = []
    page.route("**/cart/lines/*", held_in(waiting))
    for number in ("2", "3", "4"):
        more(page)
        assert quantities(page) == [number]
    page.get_by_role("button", name=re.compile("^One fewer")).click()
    let_go(page, waiting, 4)
    expect(page.locator(COUNT)).to_contain_text("3")
    assert quantities(page) == ["3"]
    expect(page.locator("#cart .qty :focus")).to_have_attribute("name", "less")


def test_on_a_products_page_every_press_counts_and_what_is_added_is_said(phone: BrowserContext) -> None:
    page = put_in(phone, "mug", 1)
    waiting: list[Route] = []
    page.route("**/p/*quantity=*", held_in(waiting))
    page.route("**/cart/lines", held_in(waiting))
    quantity = page.get_by_role("textbox", name="Quantity")
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="One more").click()
    expect(quantity).to_have_value("3")
    page.locator(".buy-row").get_by_role("button", name="Add to cart").last.click()
    page.evaluate("document.getElementById('less').dataset.before = ''")
    let_go(page, waiting, 2)
    expect(page.locator("#less:not([data-before])")).to_be_enabled()  # the first answer has come
    let_go(page, waiting)
    expect(page.locator(COUNT)).to_contain_text("4")
    expect(page.locator("#added")).to_contain_text("Your cart has 4 of it")
    expect(quantity).to_have_value("3")


def with_two_lines(phone: BrowserContext) -> tuple[Page, list[Route]]:
    """A cart with a lamp and a mug, and the changes of it that wait for an answer."""
    put_in(phone, "lamp", 1).close()
    page = put_in(phone, "mug", 2)
    page.goto("/cart")
    waiting: list[Route] = []
    page.route("**/cart/lines/*", held_in(waiting))
    return page, waiting


def test_two_lines_changed_before_the_first_answer_are_both_right(phone: BrowserContext) -> None:
    page, waiting = with_two_lines(phone)
    more(page, 0)
    more(page, 1)
    let_go(page, waiting)
    expect(page.locator(COUNT)).to_contain_text("3")
    let_go(page, waiting)
    expect(page.locator(COUNT)).to_contain_text("4")
    assert quantities(page) == ["2", "2"]
    total = page.locator(".sums .total").last.inner_text()
    more(page, 0)
    page.get_by_role("button", name=re.compile("^Remove")).nth(1).click()
    let_go(page, waiting, 2)
    expect(page.get_by_role("button", name=re.compile("^Undo removing"))).to_be_visible()
    assert quantities(page) == ["3"]
    page.unroute("**/cart/lines/*")
    page.get_by_role("button", name=re.compile("^Undo removing")).click()
    expect(page.get_by_role("textbox", name=re.compile("^Quantity of"))).to_have_count(2)
    page.get_by_role("button", name=re.compile("^One fewer")).first.click()
    expect(page.locator(".sums .total").last).to_have_text(total)


def test_a_change_that_fails_is_said_though_the_answer_to_another_one_has_renewed_the_cart(
    phone: BrowserContext,
) -> None:
    page, waiting = with_two_lines(phone)
    for pieces, said in ((3, "There is no answer"), (4, "The shop is busy")):
        more(page, 0)
        more(page, 1)
        let_go(page, waiting)
        expect(page.locator(COUNT)).to_contain_text(str(pieces))
        if pieces == 3:
            waiting.pop().abort("internetdisconnected")
        else:
            waiting.pop().fulfill(status=503, body=f"<p>{said}</p>")
        expect(page.locator("#flashes")).to_contain_text(said)
        assert quantities(page) == [str(pieces - 1), "1"]


def test_of_two_changes_the_one_that_failed_stays_said_until_the_next_change(phone: BrowserContext) -> None:
    page, waiting = with_two_lines(phone)
    more(page, 0)
    more(page, 1)
    until_wait(page, waiting, 2)
    waiting.pop(0).fulfill(status=503, body="<p>The shop is busy</p>")
    expect(page.locator("#flashes")).to_contain_text("The shop is busy")
    let_go(page, waiting)
    expect(page.locator(COUNT)).to_contain_text("3")
    expect(page.locator("#flashes")).to_contain_text("The shop is busy")
    assert quantities(page) == ["1", "2"]
    more(page, 0)
    let_go(page, waiting)
    expect(page.locator(COUNT)).to_contain_text("4")
    expect(page.locator("#flashes")).to_be_empty()
    more(page, 0)
    more(page, 1)
    until_wait(page, waiting, 2)
    waiting.pop(0).fulfill(status=503, body="<p>The shop is busy now</p>")
    expect(page.locator("#flashes")).to_contain_text("The shop is busy now")
    waiting.pop().abort("internetdisconnected")
    expect(page.locator("#flashes")).to_contain_text("There is no answer")
    expect(page.locator("#flashes")).to_contain_text("The shop is busy now")


def test_a_number_that_the_shop_has_not_heard_of_goes_back(phone: BrowserContext) -> None:
    page = put_in(phone, "mug", 1)
    page.goto("/cart")
    phone.set_offline(True)
    more(page)
    expect(page.locator("#flashes")).to_contain_text("There is no answer")
    assert quantities(page) == ["1"]


def test_an_address_typed_in_a_tunnel_is_not_lost(phone: BrowserContext) -> None:
    page = put_in(phone, "mug", 1)
    page.goto("/checkout/address")
    typed = {"E-mail": "ines@example.pt", "Full name": "Inês Duarte", "Street and number": "Rua do Mercado 3"}
    for label, text in {**typed, "Postcode": "1200-109"}.items():
        page.get_by_label(label).fill(text)
    phone.set_offline(True)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#flashes")).to_contain_text("There is no answer")
    expect(page.locator("#flashes")).to_be_in_viewport()
    for label, text in typed.items():
        expect(page.get_by_label(label)).to_have_value(text)
    phone.set_offline(False)
    page.get_by_role("button", name="Continue").click()
    take_delivery(page)
    expect(page.get_by_role("button", name=re.compile("^Pay €"))).to_be_visible()


def test_a_file_on_its_way_shows_how_far_it_has_come_and_can_be_stopped(
    phone: BrowserContext, shop: Shop, tmp_path: Path
) -> None:
    page = phone.new_page()
    sign_in(page, shop.supplier, shop.password)
    file = tmp_path / "gauges.csv"
    rows = "".join(f"SLOW-{number},Rain gauge,free,1\n" for number in range(20_000))  # of no price: none is taken
    file.write_text(f"sku,title,price,stock\n{rows}")
    network = phone.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
    page.goto("/supplier/feeds")
    network.send("Network.emulateNetworkConditions", slow)
    page.get_by_label(re.compile("Send a feed")).set_input_files(file)
    page.get_by_label(re.compile("Only changes")).check()
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".sending")).to_contain_text(re.compile(r"0\.\d of 0\.6 MB"))
    check(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".sending")).to_be_hidden()
    expect(page).to_have_url(re.compile("/supplier/feeds$"))
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="gauges.csv")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/supplier/feeds/\d+$"))
    page.get_by_role("button", name="Upload").click()  # with nothing chosen
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_role("link", name="Choose a file to send")).to_be_visible()
