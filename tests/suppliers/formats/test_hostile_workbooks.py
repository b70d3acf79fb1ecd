"""Workbooks made to take our memory or time, and such as broke on the way."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from app.suppliers.formats import FeedUnreadable, Limits, open_feed
from tests.suppliers.formats.reading import fields_of, read, read_until_broken
from tests.suppliers.formats.test_workbooks import HEADER, LAMP, LAMP_READ, rewritten, sheet_of, with_shared_texts

MIB = 1024 * 1024
SHARED = with_shared_texts(LAMP)
SHEET, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
MANY = sheet_of(HEADER, *([f"L-{number}", "Lamp", 5, None, 1] for number in range(10_000)))
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst '


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (rewritten(SHARED, TEXTS, b"<sst ", DOCTYPE), "declares a document type"),
        (rewritten(SHARED, TEXTS, b"<sst ", b"<!--" + b" " * 70_000 + b"-->" + DOCTYPE), "damaged"),
        (rewritten(SHARED, TEXTS, b"</sst>", b"<si><t>" + b"x" * 3 * MIB + b"</t></si></sst>"), "more than 1,024 KB"),
        (rewritten(LAMP, SHEET, b"</row>", b"<c/>" * 1_000_000 + b"</row>"), "more than 1,024 KB"),
        (rewritten(LAMP, SHEET, b"</row>", b"<c t='n'><v>1</v></c>" * 600 + b"</row>"), "more than 500 columns"),
        (rewritten(LAMP, SHEET, b"<sheetData>", b"<sheetData><"), "damaged"),
        (rewritten(LAMP, BOOK, b"<sheets>", b"<sheets></sheets><x>"), "damaged"),
        (sheet_of(), "nothing in the sheets"),
        (LAMP[: len(LAMP) // 2], "Excel workbook is damaged"),
        (LAMP[:-30], "damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "an old Excel or Word document"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",
)
def test_a_workbook_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, content: bytes, said: str) -> None:
    rows, refused = read_until_broken(tmp_path, content)
    assert rows == []
    assert refused is not None
    assert said in refused.reason
    assert refused.advice


def test_rows_before_a_broken_place_are_kept(tmp_path: Path) -> None:
    rows, broken = read_until_broken(tmp_path, rewritten(MANY, SHEET, b"</sheetData>", b"</oops>"))
    assert len(rows) > 1_000
    assert broken is not None
    assert "damaged" in broken.reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"'),
        (b'<row r="2"', b'<row r="99999999999"'),
        (b'<row r="2"', b'<row r="-1"'),
        (b"</row></sheetData>", b'<c r="XFD2"><v>1</v></c><c r="ZZZ2"><v>1</v></c></row></sheetData>'),
        (b"</sheetData>", b"</sheetData><hyperlinks>" + b"<hyperlink/>" * 200_000 + b"</hyperlinks>"),
    ],
    ids=["dimension", "row number", "negative row", "far columns", "links"],
)
def test_a_lie_about_the_size_of_a_sheet_changes_nothing(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert fields_of(read(tmp_path, rewritten(LAMP, SHEET, old, new))) == [LAMP_READ]


def test_a_text_that_is_missing_spoils_its_row_alone(tmp_path: Path) -> None:
    content = rewritten(SHARED, SHEET, b'<c r="B2" t="s"><v>6</v>', b'<c r="B2" t="s"><v>-6</v>')
    (row,) = read(tmp_path, content)
    assert "not in the workbook" in getattr(row, "reason", "")


def test_texts_beyond_what_is_held_in_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.suppliers.formats.workbook.TEXTS_BYTES", MIB)
    content = rewritten(SHARED, TEXTS, b"</sst>", b"<si><t>abc</t></si>" * 100_000 + b"</sst>")
    _, refused = read_until_broken(tmp_path, content)
    assert "larger than 1 MB unpacked" in str(refused)


@pytest.mark.parametrize("content", [MANY, gzip.compress(MANY)], ids=["plain", "gzip"])
def test_a_workbook_larger_than_a_feed_may_be_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(content)
    with (
        pytest.raises(FeedUnreadable, match="larger than 1 MB unpacked"),
        open_feed(path, Limits(max_bytes=MIB)) as feed,
    ):
        list(feed)


def test_a_sheet_that_unpacks_to_far_too_much_is_stopped_in_little_memory(tmp_path: Path) -> None:
    content = rewritten(LAMP, SHEET, b"</sheetData>", (b"<row/>" + b" " * 994) * 40_000 + b"</sheetData>")
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with (
            pytest.raises(FeedUnreadable, match="unpacks to far more"),
            open_feed(path, Limits(ratio_grace=MIB)) as feed,
        ):
            list(feed)
        assert tracemalloc.get_traced_memory()[1] < 10 * MIB
    finally:
        tracemalloc.stop()


def test_rows_without_end_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.suppliers.formats.workbook_rows.MOST_ROWS", 1_000)
    rows, refused = read_until_broken(
        tmp_path, rewritten(LAMP, SHEET, b"</sheetData>", b"<row/>" * 999 + b"</sheetData>")
    )
    assert len(rows) == 1
    assert "more than 1,000 rows" in str(refused)


def test_thousands_of_sheets_are_not_all_looked_at(tmp_path: Path) -> None:
    sheet = (
        b'<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" name="S" r:id="rId1"/>'
    )
    content = rewritten(LAMP, BOOK, b"</sheets>", sheet * 20_000 + b"</sheets>")
    assert fields_of(read(tmp_path, content)) == [LAMP_READ]
    with open_feed(tmp_path / "feed.bin") as feed:
        assert len(feed.notes[0]) < 300
