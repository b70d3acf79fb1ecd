import gzip
from pathlib import Path

import pytest

from app.suppliers.formats import BadRow, Limits, RawRow, open_feed
from tests.suppliers.formats.reading import fields_of, read

LAMP = {"sku": "A1", "title": "Lâmpada, azul", "price": "48,90"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_in_any_encoding_gives_the_same_row(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f'sku{delimiter}title{delimiter}price\r\nA1{delimiter}"Lâmpada, azul"{delimiter}"48,90"\r\n'
    assert fields_of(read(tmp_path, text.encode(encoding))) == [LAMP]


def test_accents_that_come_late_in_the_file_are_still_recognised(tmp_path: Path) -> None:
    many = "".join(f"A{number},Lamp,1.00\n" for number in range(10_000))
    rows = fields_of(read(tmp_path, ("sku,title,price\n" + many + "Z,Lâmpada,1.00\n").encode("cp1252")))
    assert rows[-1]["title"] == "Lâmpada"


def test_one_row_in_another_encoding_spoils_only_itself(tmp_path: Path) -> None:
    good = "".join(f"A{number},Lâmpada,1\n" for number in range(50))
    rows = read(tmp_path, ("sku,title,price\n" + good).encode() + "B,Lâmpada,1\n".encode("cp1252") + b"C,Lamp,1\n")
    assert [row.line for row in rows if isinstance(row, BadRow)] == [52]
    assert len(rows) == 52


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_counts_lines(tmp_path: Path, end: str) -> None:
    rows = read(tmp_path, end.join(["sku,title,price", "A,Lamp,1", "", "B,Lamp,2", ""]))
    assert [row.line for row in rows] == [2, 4]


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    rows = read(tmp_path, gzip.compress(b"sku,title,price\nA,Lamp,1\n"))
    assert fields_of(rows) == [{"sku": "A", "title": "Lamp", "price": "1"}]


def test_several_gzip_members_are_one_feed(tmp_path: Path) -> None:
    packed = gzip.compress(b"sku,title,price\n") + gzip.compress(b"A,Lamp,1\n")
    assert len(read(tmp_path, packed)) == 1


def test_names_of_many_shops_mean_the_same(tmp_path: Path) -> None:
    header = "Product_ID;Product Name;Preço;Manufacturer;EAN;Qty;Main Category;Sub-Category;Color;Image URL;Nonsense"
    row = "1;Lamp;48,90;Norra;4006381333931;3;Lighting;Desk lamps;Red;https://x.test/a.jpg;?"
    path = tmp_path / "feed"
    path.write_text(f"{header}\n{row}\n")
    with open_feed(path) as feed:
        (found,) = fields_of(list(feed))
        assert feed.ignored == ("Nonsense",)
    assert found == {
        "sku": "1",
        "title": "Lamp",
        "price": "48,90",
        "brand": "Norra",
        "gtin": "4006381333931",
        "stock": "3",
        "category": "Lighting > Desk lamps",
        "colour": "Red",
        "image": "https://x.test/a.jpg",
    }


def test_options_attributes_and_warehouses_have_columns_of_their_own_or_share_one(tmp_path: Path) -> None:
    text = (
        "sku,title,price,option:Colour,attribute:Material,stock:LIS,stock:OPO,attributes\n"
        'A,Lamp,1,Red,Steel,3,0,"Weight: 2 kg; Cable: 1.5 m"\n'
    )
    (found,) = fields_of(read(tmp_path, text))
    assert found["options"] == {"Colour": "Red"}
    assert found["attributes"] == {"Material": "Steel", "Weight": "2 kg", "Cable": "1.5 m"}
    assert found["stocks"] == {"LIS": "3", "OPO": "0"}


@pytest.mark.parametrize(
    ("prices", "asked", "listed"),
    [
        ("10,8,", "8", "10"),
        ("10,,", "10", None),
        (",8,12", "8", "12"),
        (",,12", "12", None),
        ("10,,12", "10", "12"),
        ("10,0,0.00", "10", None),
        (",0,12", "0", "12"),
    ],
)
def test_the_sale_price_is_asked_and_the_usual_one_is_struck_through(
    tmp_path: Path, prices: str, asked: str, listed: str | None
) -> None:
    (found,) = fields_of(read(tmp_path, f"sku,title,price,discount_price,actual_price\nA,Lamp,{prices}\n"))
    assert (found["price"], found.get("list_price")) == (asked, listed)


def test_a_sku_never_comes_from_a_second_column(tmp_path: Path) -> None:
    with_sku, without = fields_of(read(tmp_path, "id,sku,title,price\n7,A,Lamp,1\n8,,Lamp,1\n"))
    assert with_sku["sku"] == "A"
    assert "sku" not in without


def test_a_feed_without_skus_gets_the_same_ones_every_time(tmp_path: Path) -> None:
    text = "name,price,link\nLamp,1,https://x.test/lamp?visit=1\nChair,2,\n"
    first = [row["sku"] for row in fields_of(read(tmp_path, text))]
    again = [row["sku"] for row in fields_of(read(tmp_path, text.replace("visit=1", "visit=2")))]
    assert first == again
    assert len(set(first)) == 2


def test_a_row_with_too_many_columns_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    bad, good = read(tmp_path, "sku,title,price\nA,Lamp, blue,1\nB,Lamp,1\n")
    assert isinstance(bad, BadRow)
    assert bad.reason == "The row has 4 columns, but the header has 3."
    assert isinstance(good, RawRow)
    assert good.line == 3


def test_missing_cells_at_the_end_of_a_row_are_empty(tmp_path: Path) -> None:
    assert fields_of(read(tmp_path, "sku,title,price,brand\nA,Lamp,1\n")) == [
        {"sku": "A", "title": "Lamp", "price": "1"}
    ]


def test_a_file_cut_off_in_a_row_does_not_sell_half_of_it(tmp_path: Path) -> None:
    good, cut = read(tmp_path, "sku,title,price,stock\nA,Lamp,10,1\nB,Lamp,1")
    assert isinstance(good, RawRow)
    assert isinstance(cut, BadRow)
    assert cut.reason == "The file ends in the middle of this row."


def test_a_text_over_several_lines_is_one_row(tmp_path: Path) -> None:
    rows = read(tmp_path, 'sku,title,price,description\nA,Lamp,1,"Two\nlines, and a ""word"""\nB,Lamp,1,\n')
    assert [row.line for row in rows] == [2, 4]
    assert fields_of(rows)[0]["description"] == 'Two\nlines, and a "word"'


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rest = "".join(f"B{number},Lamp,1\n" for number in range(5000))
    bad, *others = read(tmp_path, f'sku,title,price\nA,"Lamp,1\n{rest}')
    assert isinstance(bad, BadRow)
    assert bad.line == 2
    assert [row.line for row in others] == list(range(3, 5003))
    assert all(isinstance(row, RawRow) for row in others)


def test_quotation_marks_that_swallow_every_row_are_reported_and_come_to_an_end(tmp_path: Path) -> None:
    rows = read(tmp_path, "sku,title,price\n" + 'a","b\n' * 20_000, Limits(max_row_bytes=20_000))
    assert rows
    assert all(isinstance(row, BadRow) for row in rows)


def test_backslashes_before_quotation_marks_are_understood(tmp_path: Path) -> None:
    assert fields_of(read(tmp_path, 'sku,title,price\nA,"27\\" screen",1\n'))[0]["title"] == '27" screen'


def test_excel_s_hint_about_the_separator_is_not_the_header(tmp_path: Path) -> None:
    assert len(fields_of(read(tmp_path, "sep=;\nsku;title;price\nA;Lamp;1\n"))) == 1


def test_too_long_a_row_or_field_is_rejected_and_reading_goes_on(tmp_path: Path) -> None:
    limits = Limits(max_row_bytes=2000, max_field_chars=500)
    long_row, long_field, good = read(
        tmp_path, f"sku,title,price\nA,{'x' * 50_000},1\nB,{'x' * 600},1\nC,Lamp,1\n", limits
    )
    assert isinstance(long_row, BadRow)
    assert isinstance(long_field, BadRow)
    assert long_field.reason == "A field is longer than 500 characters."
    assert (good.line, isinstance(good, RawRow)) == (4, True)
