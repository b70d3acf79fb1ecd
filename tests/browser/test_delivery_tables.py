"""The tables of delivery in a browser: with JavaScript and without; axe finds nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.demo.world import OPERATOR
from tests.browser.conftest import VISITORS, Shop, new_context
from tests.browser.looking import look
from tests.browser.test_journey import sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "javascript"), VISITORS)
def test_an_operator_sends_postcodes_and_sets_lanes(
    chromium: Browser, shop: Shop, width: int, javascript: bool, tmp_path: Path
) -> None:
    context = new_context(chromium, shop, width=width, javascript=javascript)
    page = context.new_page()
    sign_in(page, OPERATOR, shop.password)
    page.goto("/admin/delivery/postcodes")
    look(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="as CSV").click()
    table = coming.value.path().read_text("utf-8-sig")
    file = tmp_path / "postcodes.csv"
    file.write_text(table + f'"1200-{width % 900 + 100}","Sé","lisboa"\n"46","Braga","minho"\n', "utf-8")
    page.get_by_label("Send a new table").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="postcodes.csv")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Apply the table").click()
    expect(page.get_by_role("alert")).to_contain_text("leave out the lines")
    look(page)
    page.get_by_label("Leave out the").check()
    page.get_by_role("button", name="Apply the table").click()
    expect(page.get_by_text("Applied: 1 new.")).to_be_visible()
    page.goto("/admin/delivery/warehouses/FAO/lanes")
    look(page)
    page.get_by_label("Days to Algarve, To your door", exact=True).fill("99")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("from 0 to 60")
    look(page)
    page.get_by_label("Days to Algarve, To your door", exact=True).fill(str(width % 7 + 2))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Lanes changed: 1.")).to_be_visible()
    page.goto("/admin/delivery/levels")
    look(page)
    page.get_by_label("Code", exact=True).fill(f"night-{width}")
    page.get_by_label("Name", exact=True).fill(f"By night {width}")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name=f"By night {width}").click()
    expect(page.get_by_text("The service level is gone.")).to_be_visible()
    page.goto("/admin")
    look(page)
    context.close()
