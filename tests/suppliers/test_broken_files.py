"""Files as programs and people break them: what still goes in, and the sentence that the supplier reads of the rest."""

import gzip
import json
from pathlib import Path

import pytest

from app.suppliers.cutting import cut
from app.suppliers.formats import FeedUnreadable, Limits
from app.suppliers.row_context import RowContext

CONTEXT = RowContext(
    default_currency="EUR",
    category_of=lambda words: "lighting/desk-lamps",
    warehouses=frozenset({"LIS"}),
    default_category=None,
    currencies=frozenset({"EUR"}),
)
HEAD = "sku,title,price,stock\n"
GOOD = "A1,Lamp,5,1\n"
LAST = "Z9,Lamp,5,1\n"
ITEM = "<item><id>%s</id><title>Lamp</title><price>5 EUR</price><availability>in stock</availability></item>"
RSS = f"<rss><channel>{ITEM % 'A1'}%s{ITEM % 'Z9'}</channel></rss>"
OBJECT = '{"sku": "%s", "title": "Lamp", "price": 5, "stock": 1}'


def read(folder: Path, content: bytes) -> tuple[list[str], list[str], str]:
    """SKUs that go in, "line: reason" of what does not or not quite, and why the reading ended early."""
    path = folder / "feed"
    path.write_bytes(content)
    skus: list[str] = []
    said: list[str] = []
    received = accounted = 0
    ended = ""
    try:
        for portion in cut(path, CONTEXT, Limits()):
            skus += [row.sku for row in portion.rows]
            said += [f"{problem.line}: {problem.reason}" for problem in portion.problems]
            received += portion.received
            accounted += len(portion.rows) + portion.rejected + portion.left_out
    except FeedUnreadable as unreadable:
        assert unreadable.advice
        ended = unreadable.reason
    assert received == accounted
    return skus, said, ended


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A2,Lamp, large,5,1\n", ["3: The row has 5 columns, but the header has 4."]),
        ('A2,"Lamp,5,1\n', ["3: A quotation mark on this row is not closed."]),
        (",Lamp,5,1\n", ["3: There is no SKU."]),
        ("A1,Lamp,6,1\n", ["3: Same SKU as row 2."]),
        ("A2,,5,1\n", ["3: There is no title."]),
        ("A2,Lamp,,1\n", ["3: There is no price."]),
        ("A2,Lamp,five,1\n", ['3: "five" is not a number.']),
        ("A2,Lamp,0,1\n", ["3: A price must be more than zero."]),
        ("A2,Lamp,-5,1\n", ['3: "-5" is negative. A price must be more than zero.']),
        ("A2,Lamp,10-20,1\n", ['3: "10-20" is a range. An offer has one price.']),
        ("A2,Lamp,1.234,1\n", ['3: "1.234" could be 1,234 or 1 and a fraction.']),
        ("A2,Lamp,5 XYZ,1\n", ['3: "XYZ" is not a currency that we know.']),
        ("A2,Lamp,5 USD,1\n", ["3: We have no exchange rate for USD."]),
        ("A2,Lamp,5,lots\n", ["3: The stock is not a whole number."]),
        ("5.60123E+12,Lamp,5,1\n", ["3: A spreadsheet has turned the SKU into a rounded number."]),
        ("A2\0,Lamp,5,1\n", ["3: The row contains NUL bytes."]),
        ("A2,Lamp,five,lots\n", ['3: "five" is not a number.', "3: The stock is not a whole number."]),
        ("\n,,,\n\n", []),
    ],
)  # fmt: skip
def test_a_broken_row_of_a_table_spoils_nothing_but_itself(tmp_path: Path, row: str, said: list[str]) -> None:
    assert read(tmp_path, (HEAD + GOOD + row + LAST).encode()) == (["A1", "Z9"], said, "")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('="A2",Lamp,5,1\n', []),
        ('"A2","Lamp ""large""\nwith a shade",5,1\n', []),
        ("A2,Lamp,5\n", ["3: There is neither stock nor availability, so it counts as out of stock."]),
        ("A2,Lamp,5,1,,\n", []),
        ("  A2 , Lamp , 5 , 1 \r\n", []),
    ],
)
def test_an_odd_row_of_a_table_is_still_a_row(tmp_path: Path, row: str, said: list[str]) -> None:
    assert read(tmp_path, (HEAD + GOOD + row + LAST).encode()) == (["A1", "A2", "Z9"], said, "")


@pytest.mark.parametrize(
    "head",
    [
        "sep=;\r\nsku;title;price;stock\r\nA1;Lamp;5;1\r\n",
        '\ufeff"SKU";"Title";"Price";"Stock"\r\n"A1";"Lamp";"5";"1"\r\n',
        "\r\n\r\nsku\ttitle\tprice\tstock\nA1\tLamp\t5\t1\n",
        "sku|title|price|stock|\nA1|Lamp|5|1|\n",
        "sku,,title,price,stock,,\nA1,,Lamp,5,1,,\n",
        "sku,title,title,price,stock\nA1,Lamp,,5,1\n",
        "sku,title,price,stock\rA1,Lamp,5,1\r",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_headers_of_many_programs(tmp_path: Path, head: str, codec: str, packed: bool) -> None:
    content = head.encode(codec)
    content = gzip.compress(content[:9]) + gzip.compress(content[9:]) if packed else content
    assert read(tmp_path, content) == (["A1"], [], "")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("7", "2: This entry is not an object with fields."),
        ("null", "2: This entry is not an object with fields."),
        ('{"sku": "A2", "title": "Lamp", "stock": 1}', "2: There is no price."),
        ('{"sku": "A2", "title": "Lamp", "price": {"amount": "x"}, "stock": 1}', '2: "x" is not a number.'),
        ('{"sku": "A2", "title": ["Lamp"], "price": NaN, "stock": 1}', '2: "NaN" is not a number.'),
        ('{"sku": "A2", "title": "Lamp", "price": 5, "stock": {"XXX": 1}}', '2: "XXX" is not one of our warehouses.'),
    ],
)
def test_a_broken_entry_of_json_spoils_nothing_but_itself(tmp_path: Path, entry: str, said: str) -> None:
    first, last = OBJECT % "A1", OBJECT % "Z9"
    array = f"[{first}, {entry}, {last}]".encode()
    assert read(tmp_path, array) == (["A1", "Z9"], [said], "")
    assert read(tmp_path, f"{first}\n{entry}\n{last}\n".encode()) == (["A1", "Z9"], [said], "")


def test_a_broken_line_of_json_lines_spoils_nothing_but_itself(tmp_path: Path) -> None:
    content = f"{OBJECT % 'A1'}\n{{'sku': 1}}\n\n{OBJECT % 'Z9'}".encode()
    said = "2: The line is not valid JSON: expecting property name enclosed in double quotes (character 2)."
    assert read(tmp_path, content) == (["A1", "Z9"], [said], "")


@pytest.mark.parametrize(
    ("content", "ended"),
    [
        (f"[{OBJECT % 'A1'}, ", "The file ends too early, on line 1: the end of the JSON is missing."),
        (f"[{OBJECT % 'A1'}; 5]", 'Found ";" where , should be, on line 1.'),
        (f"[{OBJECT % 'A1'}] x", "There is something after the end of the JSON, on line 1."),
        (f"<rss><channel>{ITEM % 'A1'}<item>", "The XML ends too early, on line 1, after 1 complete item."),
        (RSS % "<item>&nbsp;</item>", "XML does not know &nbsp;, on line 1, after 1 complete item."),
    ],
)  # fmt: skip
def test_what_comes_before_a_break_goes_in_and_the_break_is_told(tmp_path: Path, content: str, ended: str) -> None:
    assert read(tmp_path, content.encode()) == (["A1"], [], ended)


def test_a_broken_item_of_xml_spoils_nothing_but_itself(tmp_path: Path) -> None:
    content = RSS % "<item><id>A2</id><price>5 EUR</price></item><item/>"
    skus, said, ended = read(tmp_path, content.encode())
    assert (skus, ended) == (["A1", "Z9"], "")
    assert said[0] == "2: There is no title."
    assert {one.partition(":")[0] for one in said} == {"2", "3"}


def test_the_same_number_in_two_scripts_is_no_stock(tmp_path: Path) -> None:
    content = json.dumps([{"sku": "A1", "title": "Lamp", "price": 5, "stock": "٣"}]).encode()
    assert read(tmp_path, content) == ([], ["1: The stock is not a whole number."], "")
