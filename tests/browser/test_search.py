"""Searching as a person does it: by mouse, by keyboard alone, without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE, Shop, new_context
from tests.browser.looking import check

pytestmark = pytest.mark.browser


@pytest.fixture(params=[PHONE, DESK])
def page(request: pytest.FixtureRequest, chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = new_context(chromium, shop, width=request.param)
    yield context.new_page()
    context.close()


def test_suggestions_are_gone_through_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Search Feira")
    field.focus()
    page.keyboard.type("desk la")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    check(page)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("^s-"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("desk la")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.route("**/search/suggestions?*", lambda _: None)  # an answer that does not come yet
    with page.expect_request("**/search/suggestions?*"):
        page.keyboard.type("m")
    with page.expect_event("requestfailed"):  # it is not waited for: it would change the list under the finger
        page.keyboard.press("ArrowUp")  # the last one is a product
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/p/"))


def test_enter_searches_for_what_was_typed(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="Search Feira").fill("dessk lamp")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Showing results for desk lamp")).to_be_visible()
    check(page)


def test_the_last_searches_are_offered_and_can_be_forgotten(page: Page) -> None:
    page.goto("/search?q=teapot")
    page.goto("/search")
    expect(page.get_by_role("heading", name="Your last searches")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Forget all").click()
    expect(page.get_by_role("heading", name="Your last searches")).to_have_count(0)


def test_a_postcode_without_delivery_is_said(page: Page) -> None:
    page.goto("/")
    page.context.add_cookies([{"name": "feira_postcode", "value": "0000-000", "url": page.url}])
    page.goto("/search?q=lamp")
    expect(page.get_by_text("We do not deliver to 0000-000 yet")).to_be_visible()
    check(page)


def test_without_javascript_filters_and_search_are_plain_forms(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=DESK, javascript=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Search Feira").fill("lamp")
    page.get_by_role("button", name="Search").click()
    page.locator("#more-colour summary").click()
    page.get_by_label(re.compile("^In stock now")).check()
    page.get_by_role("button", name="Show products").click()  # how many nobody can say yet
    expect(page).to_have_url(re.compile("stock=in"))
    expect(page.get_by_role("list", name="Filters on")).to_contain_text("In stock now")
    context.close()
