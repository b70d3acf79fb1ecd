"""The delivery desk in a browser: it works, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import PHONE, Shop, new_context
from tests.browser.looking import look
from tests.browser.test_journey import sign_in

pytestmark = pytest.mark.browser


def test_an_operator_sets_a_cut_off_and_a_peak(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    page.goto("/admin/delivery")
    look(page)
    page.get_by_role("link", name="LIS Lisboa").click()
    look(page)
    page.get_by_label("Cut-off").fill("15:30")
    page.get_by_label("Handling days").fill("many")
    page.get_by_label("Handling days").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("from 0 to 30")
    look(page)
    page.get_by_label("Handling days").fill("0")
    page.get_by_label("Handling days").press("Enter")
    expect(page).to_have_url(f"{shop.url}/admin/delivery")
    page.get_by_label("First day").fill("2099-11-26")
    page.get_by_label("Last day").fill("2099-11-27")
    page.get_by_label("Working days more").fill("2")
    page.get_by_label("Reason").fill("Black Friday")
    page.get_by_role("button", name="Set them").click()
    expect(page.locator("#surcharges + ul")).to_contain_text("Black Friday")
    look(page)
    page.get_by_role("button", name="Remove Black Friday").first.click()
    expect(page.locator("#surcharges ~ ul")).to_have_count(0)
    context.close()


def test_an_operator_sees_how_promises_are_kept_and_holds_a_lane(chromium: Browser, shop: Shop) -> None:
    context = new_context(chromium, shop, width=PHONE)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    page.goto("/admin/delivery")
    page.get_by_role("link", name="How promises are kept").click()
    expect(page.get_by_role("heading", name="By week")).to_be_visible()
    look(page)
    page.get_by_label("Parcels from").select_option("FAO")
    page.get_by_role("button", name="Show").click()
    rows = page.locator(".kept-lanes tbody tr")
    expect(rows.filter(has_text="LIS to")).to_have_count(0)
    page.get_by_role("button", name="Hold FAO to Algarve, To your door", exact=True).click()
    expect(page.get_by_role("status").or_(page.locator(".flashes"))).to_contain_text("holds the days set by hand")
    page.get_by_role("button", name="Follow FAO to Algarve, To your door", exact=True).click()
    expect(page.get_by_role("button", name="Hold FAO to Algarve, To your door", exact=True)).to_be_visible()
    context.close()
