"""The delivery desk in a browser, at both widths: it works, and axe finds nothing."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import DESK, PHONE, Shop, new_context
from tests.browser.test_journey import sign_in

pytestmark = pytest.mark.browser


def check(page: Page, name: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{page.url} scrolls sideways"
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_operator_sets_a_cut_off_and_a_peak(chromium: Browser, shop: Shop, width: int) -> None:
    context = new_context(chromium, shop, width=width)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    page.goto("/admin/delivery")
    check(page, f"desk-{width}")
    page.get_by_role("link", name="LIS Lisboa").click()
    check(page, f"warehouse-{width}")
    page.get_by_label("Cut-off").fill(f"15:{width % 60:02}")
    page.get_by_label("Handling days").fill("many")
    page.get_by_label("Handling days").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("from 0 to 30")
    check(page, f"warehouse-wrong-{width}")
    page.get_by_label("Handling days").fill("0")
    page.get_by_label("Handling days").press("Enter")
    expect(page).to_have_url(f"{shop.url}/admin/delivery")
    page.get_by_label("First day").fill("2099-11-26")
    page.get_by_label("Last day").fill("2099-11-27")
    page.get_by_label("Working days more").fill("2")
    page.get_by_label("Reason").fill("Black Friday")
    page.get_by_role("button", name="Set them").click()
    expect(page.locator("#surcharges + ul")).to_contain_text("Black Friday")
    check(page, f"desk-changed-{width}")
    page.get_by_role("button", name="Remove Black Friday").first.click()
    expect(page.locator("#surcharges ~ ul")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_operator_sees_how_promises_are_kept_and_holds_a_lane(chromium: Browser, shop: Shop, width: int) -> None:
    context = new_context(chromium, shop, width=width)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    page.goto("/admin/delivery")
    page.get_by_role("link", name="How promises are kept").click()
    expect(page.get_by_role("heading", name="By week")).to_be_visible()
    check(page, f"kept-{width}")
    page.get_by_label("Parcels from").select_option("FAO")
    page.get_by_role("button", name="Show").click()
    rows = page.locator(".kept-lanes tbody tr")
    expect(rows.filter(has_text="LIS to")).to_have_count(0)
    page.get_by_role("button", name="Hold FAO to Algarve, To your door", exact=True).click()
    expect(page.get_by_role("status").or_(page.locator(".flashes"))).to_contain_text("holds the days set by hand")
    page.get_by_role("button", name="Follow FAO to Algarve, To your door", exact=True).click()
    expect(page.get_by_role("button", name="Hold FAO to Algarve, To your door", exact=True)).to_be_visible()
    context.close()
