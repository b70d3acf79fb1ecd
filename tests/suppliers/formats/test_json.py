import json
from pathlib import Path

import pytest

from app.suppliers.formats import BadRow, Limits, RawRow, open_feed
from tests.suppliers.formats.reading import fields_of, read, read_until_broken

PRODUCTS = [{"sku": "A", "title": "Lamp", "price": 48.90}, {"sku": "B", "title": "Chair", "price": "12"}]
EXPECTED = [{"sku": "A", "title": "Lamp", "price": "48.9"}, {"sku": "B", "title": "Chair", "price": "12"}]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "shape", [PRODUCTS, {"products": PRODUCTS}, {"shop": {"name": "X"}, "items": PRODUCTS, "n": 2}]
)
def test_a_list_is_found_wherever_it_stands(tmp_path: Path, shape: object, indent: int | None) -> None:
    assert fields_of(read(tmp_path, json.dumps(shape, indent=indent))) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_lines(tmp_path: Path, encoding: str) -> None:
    text = "\n\n".join(json.dumps(product) for product in PRODUCTS) + "\n"
    rows = read(tmp_path, text.encode(encoding))
    assert fields_of(rows) == EXPECTED
    assert [row.line for row in rows] == [1, 3]


def test_a_bad_line_of_json_lines_spoils_only_itself(tmp_path: Path) -> None:
    rows = read(tmp_path, '{"sku":"A","title":"Lamp"}\n{"sku": "B", oops}\n[1]\n' + "[" * 50_000 + '\n{"sku":"C"}\n')
    assert [isinstance(row, RawRow) for row in rows] == [True, False, False, False, True]


def test_a_price_keeps_its_digits(tmp_path: Path) -> None:
    assert fields_of(read(tmp_path, '[{"sku":"A","title":"L","price":48.900000000000001}]'))[0]["price"] == (
        "48.900000000000001"
    )


def test_nested_values_are_understood(tmp_path: Path) -> None:
    product = {
        "id": 7,
        "name": "Lamp",
        "price": {"amount": "48.90", "currency": "EUR"},
        "brand": {"name": "Norra"},
        "category": ["Lighting", "Desk lamps"],
        "images": [{"src": "https://x.test/a.jpg"}, {"src": "https://x.test/b.jpg"}],
        "options": [{"name": "Colour", "value": "Red"}],
        "attributes": {"Material": "Steel", "Dimmable": True},
        "stock": {"LIS": 3, "OPO": 0},
        "in_stock": True,
        "handlingDays": 2,
        "gtin": None,
    }
    assert fields_of(read(tmp_path, json.dumps([product]))) == [
        {
            "sku": "7",
            "title": "Lamp",
            "price": "48.90 EUR",
            "brand": "Norra",
            "category": "Lighting > Desk lamps",
            "image": "https://x.test/a.jpg",
            "options": {"Colour": "Red"},
            "attributes": {"Material": "Steel", "Dimmable": "true"},
            "stocks": {"LIS": "3", "OPO": "0"},
            "availability": "true",
            "handling_days": "2",
        }
    ]


def test_a_list_longer_than_any_buffer_is_read_as_a_stream(tmp_path: Path) -> None:
    many = [{"sku": f"A{number}", "title": "Lâmpada " * 20, "price": number} for number in range(5000)]
    rows = fields_of(read(tmp_path, json.dumps(many, ensure_ascii=False)))
    assert [row["sku"] for row in rows] == [f"A{number}" for number in range(5000)]


def test_items_before_the_place_where_the_file_breaks_off_are_kept(tmp_path: Path) -> None:
    text = json.dumps(PRODUCTS * 1000, indent=1)
    rows, broken = read_until_broken(tmp_path, text[: len(text) // 2])
    assert len(rows) == 1000
    assert broken is not None
    assert "ends too early" in broken.reason
    assert broken.line is not None


def test_items_before_a_syntax_error_are_kept_and_the_line_is_named(tmp_path: Path) -> None:
    rows, broken = read_until_broken(tmp_path, '[{"sku":"A"},\n{"sku":"B"},\n{"sku" "C"},\n' + '{"sku":"D"},' * 9000)
    assert len(rows) == 2
    assert broken is not None
    assert broken.line == 3


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"products":[' + '{"a":' * 100_000])
def test_deep_nesting_is_refused(tmp_path: Path, text: str) -> None:
    rows, broken = read_until_broken(tmp_path, text)
    assert rows == []
    assert broken is not None
    assert "too deeply" in broken.reason


def test_entries_that_are_no_products_are_rejected_one_by_one(tmp_path: Path) -> None:
    bad, good = read(tmp_path, '[12, {"sku": "A", "title": "Lamp"}]')
    assert isinstance(bad, BadRow)
    assert (good.line, isinstance(good, RawRow)) == (2, True)


def test_an_object_without_products_is_refused(tmp_path: Path) -> None:
    _, broken = read_until_broken(tmp_path, '{"status": "ok", "count": 3}\n')
    assert broken is None or "no list of products" in broken.reason
    _, broken = read_until_broken(tmp_path, '{\n"status": "ok",\n"count": 3}\n')
    assert broken is not None
    assert "no list of products" in broken.reason


def test_something_after_the_list_is_not_overlooked(tmp_path: Path) -> None:
    rows, broken = read_until_broken(tmp_path, '[{"sku":"A"}]\n[{"sku":"B"}]')
    assert len(rows) == 1
    assert broken is not None


def test_an_endless_value_is_refused_in_little_memory(tmp_path: Path) -> None:
    _, broken = read_until_broken(tmp_path, '[{"sku":"' + "x" * 3_000_000, Limits(max_row_bytes=100_000))
    assert broken is not None
    assert "longer than" in broken.reason


def test_bytes_of_another_encoding_stop_at_their_line(tmp_path: Path) -> None:
    start = "".join(f'{{"sku":"A{n}","title":"Lâmpada"}},\n' for n in range(100)).encode()
    rows, broken = read_until_broken(tmp_path, b"[" + start + b'{"sku":"B","title":"L\xe2mpada"}]')
    assert len(rows) == 100
    assert broken is not None
    assert broken.line == 101


def test_the_reader_says_what_it_counts(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text(json.dumps(PRODUCTS))
    with open_feed(path) as feed:
        assert (feed.format, [row.line for row in feed]) == ("json", [1, 2])


def test_an_empty_sku_is_not_replaced_by_another_number(tmp_path: Path) -> None:
    first, second = fields_of(read(tmp_path, '[{"id": 1, "sku": "", "title": "L"}, {"id": 2, "title": "L"}]'))
    assert "sku" not in first
    assert second["sku"] == "2"


@pytest.mark.parametrize(
    "text", ['{"products": [%s,\n%s]}', '{"products": [\n%s,\n%s\n]}\n', '{"shop": "x",\n"items": [%s\n,\n%s\n]}']
)
def test_an_object_over_several_lines_is_one_whatever_its_lines_begin_with(tmp_path: Path, text: str) -> None:
    rows = fields_of(read(tmp_path, text % ('{"sku": "A"}', '{"sku": "B"}')))
    assert [row["sku"] for row in rows] == ["A", "B"]
