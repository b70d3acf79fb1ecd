"""An Excel workbook goes every way that a feed can go."""

from app.suppliers import progress, pulling
from app.suppliers.reading import read_feed
from tests.accounts.people import Client
from tests.infra.stranger import Stranger, page
from tests.suppliers.formats.test_workbooks import sheet_of
from tests.suppliers.line import offers, take_all
from tests.suppliers.programs import Program
from tests.suppliers.sources import feeds_of, stated
from tests.world import World

HEADER = ["sku", "title", "price", "stock", "category"]
BOOK = sheet_of(
    HEADER, ["L-1", "Alcova desk lamp", 48.9, 5, "Desk lamps"], ["L-2", "Castelo desk lamp", "#N/A", 1, "Desk lamps"]
)


async def test_a_workbook_is_fetched_from_its_suppliers_server(supplier: int, server: Stranger) -> None:
    server.pages["/export?id=7"] = page(BOOK)
    await stated(supplier, server.url("/export?id=7"))
    assert await pulling.pull_due() == 1
    (feed,) = await feeds_of(supplier)
    await read_feed(feed["id"])
    await take_all()
    found = await progress.of(feed["id"])
    assert (found.state, found.received, found.rejected, found.applied) == ("finished", 2, 1, 1)
    assert (await offers(supplier))["L-1"]["price_minor"] == 4890


async def test_a_program_sends_a_workbook_and_is_told_of_the_row_in_its_sheet(world: World, oficina: Program) -> None:
    sent = (await oficina.call("POST", "/feeds", content=BOOK)).json()
    await read_feed(sent["id"])
    await take_all()
    (wrong,) = (await oficina.call("GET", f"/feeds/{sent['id']}/problems")).json()["problems"]
    assert (wrong["line"], wrong["reason"]) == (3, "The cell under “price” has an error: #N/A")
    assert (await oficina.call("GET", "/offers/L-1")).json()["price"] == "48.90"


async def test_a_dry_run_of_a_workbook_shows_what_it_would_change(
    world: World, client: Client, oficina: Program
) -> None:
    sent = (await oficina.call("POST", "/feeds?dry_run=true", content=BOOK)).json()
    await read_feed(sent["id"])
    followed = (await oficina.call("GET", f"/feeds/{sent['id']}")).json()
    assert followed["would"] == {"add": 1, "change": 0, "stay": 0, "withdraw": 0, "wait": False}
    assert (followed["rejected"], followed["applied"]) == (1, 0)
