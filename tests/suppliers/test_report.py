"""The report as a file: a supplier's own rows, each with what is wrong with it, to be corrected and sent again."""

import csv
import gzip
import io
import json
from typing import Any

import pytest

from app.infra.database import execute, fetch_one
from app.suppliers.arriving import feeds_folder
from app.suppliers.formats import RawRow, open_feed
from app.suppliers.report_file import OURS, as_csv, defused
from tests.suppliers.line import as_csv as table
from tests.suppliers.line import row, send
from tests.world import World


async def downloaded(feed: int) -> list[list[str]]:
    content = b"".join([chunk async for chunk in as_csv(feed)])
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def rows_of(feed: int) -> list[dict[str, str]]:
    header, *rows = await downloaded(feed)
    return [dict(zip(header, cells, strict=True)) for cells in rows]


async def wrong(feed: int, line: int, reason: str = "It is wrong.", severity: str = "rejected", **more: str) -> None:
    said: dict[str, Any] = {"sku": "", "field": "", "value": "", "advice": "", **more}
    await execute(
        """INSERT INTO feed_problem (feed, line, sku, field, value, reason, advice, severity)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        feed,
        line,
        *[said[name] for name in ("sku", "field", "value")],
        reason,
        said["advice"],
        severity,
    )


async def path_of(feed: int) -> Any:
    found = await fetch_one("SELECT path FROM feed WHERE id = $1", feed)
    assert found
    return feeds_folder() / found["path"]


async def test_the_own_columns_come_first_and_untouched_with_ours_behind_them(world: World) -> None:
    feed = await send(await world.supplier(), [row("A"), row("B", price="free", Größe="XL"), row("C")])
    await wrong(feed, 3, "There is no number.", field="price", value="free", advice="Write a number.")
    header, *rows = await downloaded(feed)
    assert header == ["sku", "title", "price", "stock", "category", "Größe", *OURS]
    own = ["B", "Alcova desk lamp", "free", "5", "Desk lamps", "XL"]
    assert rows == [[*own, "3", "Rejected", "price", "free", "There is no number.", "Write a number."]]


async def test_a_row_comes_once_with_all_that_is_wrong_with_it(world: World) -> None:
    feed = await send(await world.supplier(), [row("A"), row("B")])
    await wrong(feed, 3, "No title.", field="title")
    await wrong(feed, 2, "Odd GTIN.", "warned", field="gtin", value="12")
    await wrong(feed, 3, "No price.", "warned", field="price", value="free", advice="Say one.")
    first, second = await rows_of(feed)
    assert (first["sku"], first["result"], first["problem"], first["what to do"]) == (
        "A",
        "Applied, warned",
        "Odd GTIN.",
        "",
    )
    assert (second["result"], second["field"], second["value"]) == ("Rejected", "title | price", " | free")
    assert second["problem"] == "No title. | No price."


async def test_notes_about_the_whole_file_come_first(world: World) -> None:
    feed = await send(await world.supplier(), [row("A")])
    await wrong(feed, 2, "No title.")
    await wrong(feed, 0, "We have no use for these columns.", "warned", value="oddity")
    await wrong(feed, 0, "There is no SKU column.", "warned")
    assert [(one["row"], one["sku"], one["result"]) for one in await rows_of(feed)] == [
        ("", "", "About the whole file"),
        ("", "", "About the whole file"),
        ("2", "A", "Rejected"),
    ]


ITEMS = [{"sku": f"A{n}", "title": "Lamp", "price": 4.90 + n, "tags": ["x", "y"], "dim": {"w": n}} for n in range(3)]
XML_ITEMS = "".join(f"<item><g:id>A{n}</g:id><title>Lamp</title><tag>x</tag><tag>y</tag></item>" for n in range(3))


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ITEMS),
        json.dumps({"shop": "x", "products": ITEMS}),
        "\n".join(map(json.dumps, ITEMS)),
        gzip.compress(json.dumps(ITEMS).encode()),
    ],
    ids=["json", "json in an object", "json lines", "packed"],
)
async def test_the_fields_of_json_are_columns(world: World, content: str | bytes) -> None:
    feed = await send(await world.supplier(), content if isinstance(content, bytes) else content.encode())
    await wrong(feed, 2)
    (found,) = await rows_of(feed)
    assert [found[name] for name in ("sku", "title", "price", "tags", "dim")] == [
        "A1",
        "Lamp",
        "5.9",
        '["x", "y"]',
        '{"w": "1"}',
    ]


async def test_the_elements_of_xml_are_columns(world: World) -> None:
    content = f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{XML_ITEMS}</channel></rss>'
    feed = await send(await world.supplier(), content.encode())
    await wrong(feed, 1)
    await wrong(feed, 3)
    assert [(one["id"], one["tag"], one["row"]) for one in await rows_of(feed)] == [
        ("A0", "x | y", "1"),
        ("A2", "x | y", "3"),
    ]


async def test_fields_that_come_late_in_a_file_are_not_lost(world: World) -> None:
    lines = [json.dumps({"sku": f"A{n}"} | ({"late": "here"} if n == 150 else {})) for n in range(200)]
    feed = await send(await world.supplier(), "\n".join(lines).encode())
    await wrong(feed, 151)
    (found,) = await rows_of(feed)
    assert (found["sku"], found["other fields"]) == ("A150", "late: here")


async def test_a_row_that_cannot_be_read_comes_with_what_was_seen_of_it(world: World) -> None:
    content = b'sku,title,price\nA,Lamp,1\nB,"open,2\nC,Chair,3\nD,Desk,4,5,6\nE,Shelf,7\n'
    feed = await send(await world.supplier(), content)
    for line, value in ((3, 'B,"open,2'), (5, "D,Desk,4,5,6"), (6, "")):
        await wrong(feed, line, value=value)
    assert [(one["sku"], one["value"]) for one in await rows_of(feed)] == [
        ("", 'B,"open,2'),
        ("", "D,Desk,4,5,6"),
        ("E", ""),
    ]


async def test_a_file_that_breaks_off_still_has_a_report(world: World) -> None:
    feed = await send(await world.supplier(), b'[{"sku": "A"}, {"sku": "B"}, {"sku": ')
    for line in (1, 2, 3):
        await wrong(feed, line)
    assert [one["sku"] for one in await rows_of(feed)] == ["A", "B", ""]


async def test_no_cell_of_ours_or_theirs_runs_as_a_formula(world: World) -> None:
    content = b'sku,=cmd,"+price"\n=1+1,"@SUM(A1)\n;=2","\t=3"\n'
    feed = await send(await world.supplier(), content)
    await wrong(feed, 2, "=HYPERLINK()", field="-f", value="+v", advice="@a")
    for cells in await downloaded(feed):
        assert not [cell for cell in cells if cell.lstrip(" ")[:1] in set("=+-@\t\r\n") - {""}]
    raw = b"".join([chunk async for chunk in as_csv(feed)]).decode("utf-8-sig")
    assert all(line.startswith('"') or line.startswith(";") for line in raw.splitlines())


@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff", "\u3000 ", "\x0b"])
def test_nothing_that_cannot_be_seen_hides_a_formula(before: str) -> None:
    assert defused(before + "=1+1") == "'" + before + "=1+1"
    assert defused(before + "lamp - red") == before + "lamp - red"


async def test_when_the_file_is_gone_the_problems_are_still_there(world: World) -> None:
    feed = await send(await world.supplier(), [row("A")])
    await wrong(feed, 2, sku="A", field="price", value="=1")
    (await path_of(feed)).unlink()
    (found,) = await rows_of(feed)
    assert (found["row"], found["sku"], found["value"], found["result"]) == ("2", "A", "'=1", "Rejected")


async def test_a_file_that_is_no_feed_has_its_problems_alone(world: World) -> None:
    feed = await send(await world.supplier(), b"%PDF-1.7")
    assert len(await downloaded(feed)) == 1


async def test_a_long_report_has_every_row_once_and_in_order(world: World) -> None:
    feed = await send(await world.supplier(), [row(f"S{n}", "x" * 400) for n in range(2500)])
    await execute(
        """INSERT INTO feed_problem (feed, line, reason, severity)
           SELECT $1, n, 'problem ' || again, 'warned'
           FROM generate_series(2501, 2, -1) n, generate_series(1, 2) again""",
        feed,
    )
    chunks = [chunk async for chunk in as_csv(feed)]
    assert max(map(len, chunks)) < 300_000
    found = await rows_of(feed)
    assert [one["sku"] for one in found] == [f"S{n}" for n in range(2500)]
    assert {one["problem"] for one in found} == {"problem 1 | problem 2"}


async def test_what_was_downloaded_and_mended_can_be_sent_again(world: World) -> None:
    """Columns of ours are none that a feed could mean."""
    supplier = await world.supplier()
    feed = await send(supplier, [row("A", price="free")])
    await wrong(feed, 2, field="price", value="free")
    mended = b"".join([chunk async for chunk in as_csv(feed)]).replace(b'"free"', b'"4.90"', 1)
    again = await send(supplier, mended, "delta")
    with open_feed(await path_of(again)) as rows:
        (found,) = [one.fields for one in rows if isinstance(one, RawRow)]
    assert found == row("A", price="4.90")


async def test_a_download_that_is_given_up_ends(world: World) -> None:
    feed = await send(await world.supplier(), table([row(f"S{n}") for n in range(50)]))
    await wrong(feed, 2)
    download: Any = as_csv(feed)
    assert await anext(download)
    await download.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(download)
