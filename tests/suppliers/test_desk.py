"""What a supplier sees and may do at the desk, with JavaScript off."""

import csv
import io
import re
from typing import Any

import pytest

from app.infra.settings import settings
from app.suppliers.arriving import feeds_folder
from app.suppliers.reading import read_feed
from app.suppliers.report_file import defused
from tests.accounts.people import Client, person, sign_in
from tests.suppliers.desks import desk
from tests.suppliers.line import as_csv, row, send, send_and_take, take_all
from tests.world import World

FORM = "multipart/form-data"


async def upload(client: Client, content: bytes, filename: str = "catalogue.csv", **fields: str) -> Any:
    return await client.post(
        "/supplier/feeds", files={"file": (filename, content)}, data=fields, follow_redirects=False
    )


def number(text: str, name: str) -> str:
    found = re.search(rf"<dt>{name}</dt><dd><b>([\d,]+)</b>", text)
    assert found, name
    return found[1]


async def test_the_desk_is_for_suppliers(client: Client) -> None:
    answer = await client.get("/supplier/feeds", follow_redirects=False)
    assert answer.status_code in (302, 303)
    assert answer.headers["location"].startswith("/sign-in")
    await person()
    await sign_in(client)
    assert (await client.get("/supplier/feeds")).status_code == 403
    assert (await upload(client, b"sku\n")).status_code == 403


async def test_an_uploaded_file_is_taken_and_its_page_shows_the_counts(world: World, client: Client) -> None:
    await desk(world, client)
    answer = await upload(client, as_csv([row("A"), row("B", price="48,9O")]), mode="full")
    assert answer.status_code == 303
    path = answer.headers["location"]
    waiting = await client.get(path)
    assert "Waiting for its turn" in waiting.text and 'hx-trigger="every 1s"' in waiting.text
    await read_feed(int(path.rpartition("/")[2]))
    await take_all()
    done = (await client.get(path)).text
    assert [number(done, name) for name in ("Received", "Rejected", "Applied")] == ["2", "1", "1"]
    assert "letter O" in done
    assert "catalogue.csv" in (await client.get("/supplier/feeds")).text


async def test_a_settled_feed_is_no_longer_asked_for(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    content = as_csv([row("A")])
    await send_and_take(supplier, content)
    again = await send_and_take(supplier, content)
    text = (await client.get(f"/supplier/feeds/{again.id}")).text
    assert "This is the same file as" in text
    assert "hx-trigger" not in text


async def test_htmx_gets_the_counts_alone(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, [row("A")])
    answer = await client.get(f"/supplier/feeds/{feed}", headers={"hx-request": "true"})
    assert answer.text.strip().startswith("<section") and "<html" not in answer.text


async def test_the_report_comes_with_the_last_counts_where_it_is_shown(world: World, client: Client) -> None:
    feed = await send_and_take(await desk(world, client), [row("A", price="48,9O")])
    address = f"/supplier/feeds/{feed.id}"
    for shown_on, comes in ((f"{address}?show=rejected#report", True), ("/supplier/feeds", False)):
        headers = {"hx-request": "true", "hx-current-url": f"http://testserver{shown_on}"}
        text = (await client.get(address, headers=headers)).text
        assert 'id="counts"' in text and ('id="report"' in text) is comes


async def test_only_changes_means_a_delta(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    await send_and_take(supplier, [row("A"), row("B")])
    answer = await upload(client, as_csv([row("A", price="9.00")]), mode="delta")
    assert "only changes" in (await client.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("filename", "fields", "sentence"),
    [("", {}, "Choose a file to send"), ("a.csv", {"mode": "half"}, "Choose what the file is")],
)
async def test_a_form_that_cannot_be_taken_says_why(
    world: World, client: Client, filename: str, fields: dict[str, str], sentence: str
) -> None:
    await desk(world, client)
    boundary = "frontier"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\nx\r\n']
    parts += [f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    answer = await client.post(
        "/supplier/feeds",
        content="".join([*parts, f"--{boundary}--\r\n"]).encode(),
        headers={"content-type": f"multipart/form-data; boundary={boundary}"},
    )
    assert answer.status_code == 422
    assert sentence in answer.text and "<title>Error:" in answer.text


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=frontier", "multipart/form-data"]
)
async def test_a_broken_upload_is_refused_with_words_and_leaves_nothing(
    world: World, client: Client, content_type: str
) -> None:
    await desk(world, client)
    broken = b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nsku,title'
    answer = await client.post("/supplier/feeds", content=broken, headers={"content-type": content_type})
    assert answer.status_code == 422
    assert not list((feeds_folder() / "arriving").glob("*"))


async def test_a_file_above_the_limit_is_refused_with_words(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk(world, client)
    monkeypatch.setattr(settings(), "feed_max_bytes", 2000)
    answer = await upload(client, b"x" * 2500)
    assert answer.status_code == 413
    assert "larger than 1.95 KB" in answer.text
    assert not list((feeds_folder() / "arriving").glob("*"))


async def test_a_supplier_does_not_see_the_feeds_of_another(world: World, client: Client) -> None:
    theirs = await send(await world.supplier("Casa Pratas"), [row("A")])
    await desk(world, client)
    for path in (f"/supplier/feeds/{theirs}", f"/supplier/feeds/{theirs}/report.csv", "/supplier/feeds/99999"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post(f"/supplier/feeds/{theirs}/withdrawal")).status_code == 404
    assert (await client.get(f"/supplier/feeds/{10**30}")).status_code == 404


async def test_the_report_is_shown_by_kind_and_page_by_page(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    rejected = [row(f"R{n}", price="free") for n in range(60)]
    feed = await send_and_take(supplier, [*rejected, row("W", gtin="123")])
    path = f"/supplier/feeds/{feed.id}"
    everything = (await client.get(path)).text
    assert "All, 61" in everything and "Rejected, 60" in everything and "Warned, 1" in everything
    assert everything.count(">Rejected</span>") == 50
    assert (await client.get(f"{path}?show=rejected&page=2")).text.count(">Rejected</span>") == 10
    assert (await client.get(f"{path}?show=warned")).text.count(">Warned</span>") == 1
    for odd in ("?page=0", "?page=x", "?page=99999999999", "?show=<b>", "?page=²"):
        assert (await client.get(path + odd)).status_code == 200


async def test_the_report_as_csv_has_every_problem_and_runs_no_formula(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send_and_take(supplier, [row("=1+1", price="@SUM(A1)"), row("B", price="free")])
    answer = await client.get(f"/supplier/feeds/{feed.id}/report.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["sku"] for line in lines] == ["'=1+1", "B"]
    assert lines[0]["value"] == "'@SUM(A1)"
    assert lines[1]["result"] == "Rejected"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert defused(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "A-1", "48.90", "Olá"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell


async def test_a_withdrawal_is_confirmed_by_a_button(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    await send_and_take(supplier, [row(f"S{n}") for n in range(40)])
    short = await send_and_take(supplier, [row("S1")])
    path = f"/supplier/feeds/{short.id}"
    assert "would withdraw 39 products" in (await client.get(path)).text
    answer = await client.post(f"{path}/withdrawal", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    await take_all()
    assert "39 products no longer listed were withdrawn" in (await client.get(path)).text
