"""Catalogues that small suppliers keep in Excel, written here by openpyxl as Excel would."""

import gzip
import io
import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from app.suppliers.cutting import cut
from app.suppliers.formats import BadRow, Limits, RawRow, open_feed, peek
from app.suppliers.formats.workbook_cells import plain_number
from tests.suppliers.formats.reading import fields_of, read
from tests.suppliers.test_whole_feed import CONTEXT

HEADER = ["sku", "title", "price", "gtin", "stock"]


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_of(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, format in (formats or {}).items():
        book.active[place].number_format = format
    return saved(book)


LAMP = sheet_of(HEADER, ["L-1", "Lamp", 48.9, 5601234567892, 5])
LAMP_READ = {"sku": "L-1", "title": "Lamp", "price": "48.9", "gtin": "5601234567892", "stock": "5"}


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("catalogue.xlsx", content)
    return packed.getvalue()


def test_texts_may_stand_in_a_part_of_their_own_and_in_runs(tmp_path: Path) -> None:
    assert fields_of(read(tmp_path, with_shared_texts(LAMP))) == [LAMP_READ]


@pytest.mark.parametrize("content", [LAMP, gzip.compress(LAMP), zipped(LAMP)], ids=["plain", "gzip", "zip"])
def test_a_workbook_is_known_by_its_content_and_may_be_packed(tmp_path: Path, content: bytes) -> None:
    assert fields_of(read(tmp_path, content)) == [LAMP_READ]
    assert [column.guess for column in peek(tmp_path / "feed.bin").columns] == HEADER


def test_columns_may_have_names_of_other_languages(tmp_path: Path) -> None:
    content = sheet_of(["Artikelnummer", "Bezeichnung", "Preis", "EAN", "Bestand"], ["L-1", "Lamp", 48.9, None, 5])
    assert fields_of(read(tmp_path, content)) == [
        {"sku": "L-1", "title": "Lamp", "price": "48.9", "stock": "5"},
    ]


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        (12, "General", "12"),
        (12.0, "0.00", "12"),
        (412, "00000", "00412"),
        (5601234567892, "0.00E+00", "5601234567892"),
        (48.9, "General", "48.9"),
        (0.1 + 0.2, "General", "0.3"),
        (60.1347, '#,##0.00 "€"', "60.13"),
        (60.135, '#,##0.00 "€"', "60.14"),
        (60.1347, "General", "60.1347"),
        (date(2026, 11, 30), "dd/mm/yyyy", "2026-11-30"),
        (datetime(2026, 11, 30, 8, 15), "yyyy-mm-dd hh:mm", "2026-11-30T08:15:00"),
        (True, "General", "TRUE"),
        ("00412", "General", "00412"),
        ("a_x000D_\nb", "General", "a \nb"),
    ],
)
def test_a_cell_is_read_as_its_supplier_sees_it(tmp_path: Path, value: Any, format: str, text: str) -> None:
    content = sheet_of([*HEADER, "attr:Any"], ["L-1", "Lamp", 1, None, 1, value], formats={"F2": format})
    assert fields_of(read(tmp_path, content))[0]["attributes"] == {"Any": text}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("5.601234567892E+12", "5601234567892"),
        ("48.899999999999999", "48.9"),
        ("1.234", "1.2340"),  # not 1234, even where others of the feed write a comma before cents
        ("1E-5", "0.00001"),
        ("1e300", "1e300"),
        ("nan", "nan"),
        ("", ""),
    ],
)
def test_a_number_is_written_without_exponent_or_noise(written: str, text: str) -> None:
    assert plain_number(written) == text


@pytest.mark.parametrize(
    ("moment", "format", "text"),
    [
        (date(1904, 1, 2), "dd/mm/yyyy", "1904-01-02"),
        (date(2026, 11, 30), "dd/mm/yyyy", "2026-11-30"),
        (datetime(2026, 11, 30, 8, 15), "yyyy-mm-dd hh:mm", "2026-11-30T08:15:00"),
        (time(8, 15), "hh:mm", "08:15:00"),
    ],
)
@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904], ids=["1900", "1904"])
def test_a_workbook_may_count_days_from_1900_or_from_1904(
    tmp_path: Path, epoch: datetime, moment: Any, format: str, text: str
) -> None:
    book = Workbook()
    book.epoch = epoch
    book.active.append([*HEADER, "attr:Any"])
    book.active.append(["L-1", "Lamp", 1, None, 1, moment])
    book.active["F2"].number_format = format
    assert fields_of(read(tmp_path, saved(book)))[0]["attributes"] == {"Any": text}


def test_a_name_in_a_merged_cell_is_that_of_its_first_column(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Our goods", None, None, "For sale", None])
    sheet.append(["sku", "title", None, "price", "stock"])
    sheet.append(["L-1", "Lamp", "our best", 48.9, 5])
    for cells in ("A1:C1", "D1:E1", "B2:C2"):
        sheet.merge_cells(cells)
    assert fields_of(read(tmp_path, saved(book))) == [{"sku": "L-1", "title": "Lamp", "price": "48.9", "stock": "5"}]


def test_the_report_names_the_rows_of_the_sheet(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "Our catalogue"
    sheet.merge_cells("A1:E1")
    for place, name in enumerate(HEADER, 1):
        sheet.cell(3, place, name)
    sheet.append(["L-1", "Lamp", 48.9])
    sheet["A9"], sheet["B9"], sheet["C9"], sheet["H9"] = "L-2", "Large lamp", 50, "ask Rita"
    sheet.row_dimensions[9].hidden = True
    rows = read(tmp_path, saved(book))
    assert [(row.line, row.fields["sku"]) for row in rows if isinstance(row, RawRow)] == [(4, "L-1"), (9, "L-2")]
    with open_feed(tmp_path / "feed.bin") as feed:
        assert "The names of the columns were taken from row 3; what stands above was left out." in feed.notes


def test_an_error_of_a_formula_rejects_its_row_only_where_the_column_is_used(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append([*HEADER, "our margin"])
    for row in (["L-1", "Lamp", "#N/A", None, 1, 1], ["L-2", "Lamp", 5, None, 1, "#DIV/0!"]):
        book.active.append(row)
    first, second = read(tmp_path, saved(book))
    assert isinstance(first, BadRow)
    assert first.line == 2
    assert first.reason == "The cell under “price” has an error: #N/A"
    assert isinstance(second, RawRow)


def test_the_first_visible_sheet_that_we_understand_is_read_and_named(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Conditions"
    book.active.append(["Delivery within two days"])
    for name, state in (("Old", "hidden"), ("Products", "visible"), ("Spare parts", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(HEADER)
        sheet.append([name, "Lamp", 5, None, 1])
    assert [one["sku"] for one in fields_of(read(tmp_path, saved(book)))] == ["Products"]
    with open_feed(tmp_path / "feed.bin") as feed:
        assert "The sheet “Products” was read. Left out: “Conditions”, “Old”, “Spare parts”." in feed.notes


def test_what_a_formula_came_to_is_its_value(tmp_path: Path) -> None:
    content = rewritten(LAMP, "xl/worksheets/sheet1.xml", b"<v>48.9</v>", b"<f>40+8.9</f><v>48.9</v>")
    assert fields_of(read(tmp_path, content)) == [LAMP_READ]


def test_reading_begun_again_goes_on_after_the_rows_that_were_counted(tmp_path: Path) -> None:
    path = tmp_path / "feed.bin"
    path.write_bytes(sheet_of(HEADER, *([f"L-{number}", "Lamp", 5, None, 1] for number in range(5))))
    (rest,) = cut(path, CONTEXT, Limits(), skip=3)
    assert [row.sku for row in rest.rows] == ["L-3", "L-4"]


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        assert old in source.read(part)
        for info in source.infolist():
            data = source.read(info)
            target.writestr(info.filename, data.replace(old, new) if info.filename == part else data)
    return made.getvalue()


def with_shared_texts(content: bytes) -> bytes:
    """As Excel itself writes it: texts stand in a part of their own, and cells refer to them by number."""
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        texts = re.findall(rb"<is><t>([^<]*)</t></is>", source.read(sheet))
    for number, text in enumerate(texts):
        content = rewritten(content, sheet, b"<is><t>%b</t></is>" % text, b"<v>%d</v>" % number)
    content = rewritten(content, sheet, b't="inlineStr"', b't="s"')
    relation = b'<Relationship Id="rIdT" Target="sharedStrings.xml" Type="http://x/relationships/sharedStrings"/>'
    content = rewritten(content, "xl/_rels/workbook.xml.rels", b"</Relationships>", relation + b"</Relationships>")
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as target:
        items = b"".join(
            b"<si><r><t>%b</t></r><r><t>%b</t></r><rPh><t>aloud</t></rPh></si>" % (text[:1], text[1:]) for text in texts
        )
        target.writestr("xl/sharedStrings.xml", b'<sst xmlns="http://x/main">' + items + b"</sst>")
    return made.getvalue()
