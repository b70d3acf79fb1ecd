"""A look at the beginning of a file shows its columns, whatever they are called and whatever the file is."""

import gzip
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.suppliers.formats import BadRow, FeedUnreadable, Limits, Preview, RawRow, peek, read_beginning
from tests.suppliers.formats.test_hostile import SCRAPS, STARTS

MIB = 1024 * 1024


def look(folder: Path, content: bytes | str) -> Preview:
    path = folder / "feed"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return peek(path)


def test_the_columns_of_a_table_come_with_our_guess_and_some_values(tmp_path: Path) -> None:
    seen = look(tmp_path, "SKU;Bezeichnung;VK;Material\n" + "".join(f"A{n};Lampe;{n},50;Holz\n" for n in range(40)))
    assert seen.format == "csv"
    assert [(one.name, one.guess) for one in seen.columns] == [
        ("SKU", "sku"),
        ("Bezeichnung", "title"),
        ("VK", ""),
        ("Material", "attributes:Material"),
    ]
    assert seen.columns[0].samples == ["A0", "A1", "A2", "A3", "A4"]
    assert seen.columns[1].samples == ["Lampe"]
    assert seen.rows[0] == ["A0", "Lampe", "0,50", "Holz"]
    assert len(seen.rows) == 10


@pytest.mark.parametrize(
    "content",
    [
        '[{"Kennung": "A", "VK": 4.90}, {"Kennung": "B", "Maße": {"b": "3"}}]',
        '{"products": [{"Kennung": "A", "VK": 4.90}, {"Kennung": "B", "Maße": {"b": "3"}}]}',
        '{"Kennung": "A", "VK": 4.90}\n{"Kennung": "B", "Maße": {"b": "3"}}',
        "<rss><item><Kennung>A</Kennung><VK>4.90</VK></item><item><Kennung>B</Kennung><Maße>3</Maße></item></rss>",
    ],
    ids=["json", "json in an object", "json lines", "xml"],
)
def test_the_fields_of_other_formats_are_columns_too(tmp_path: Path, content: str) -> None:
    seen = look(tmp_path, content)
    assert [one.name for one in seen.columns] == ["Kennung", "VK", "Maße"]
    assert seen.rows[0] == ["A", "4.90", ""]
    assert [row[0] for row in seen.rows] == ["A", "B"]


def test_the_end_of_a_large_file_is_not_read(tmp_path: Path) -> None:
    row = b'{"sku": "A", "title": "Lamp", "price": "1"}\n'
    packed = gzip.compress(row * (40 * MIB // len(row)))
    tracemalloc.start()
    try:
        seen = look(tmp_path, packed[: len(packed) - 100])  # its end is missing: nobody sees that
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(seen.rows) == 10
    assert peak < 15 * MIB


def test_columns_that_cannot_be_told_apart_are_one(tmp_path: Path) -> None:
    seen = look(tmp_path, "price,Price,PRICE,,,x\n1,2,3,4,5,6\n")
    assert [(one.key, one.times) for one in seen.columns] == [("price", 3), ("", 2), ("x", 1)]
    assert seen.rows == [["1", "4", "6"]]


def test_a_header_of_hostile_names_is_shown_as_text_and_in_bounds(tmp_path: Path) -> None:
    names = ["sku", "<script>alert(1)</script>", "x" * 5000, "a\u202eb", "=1+1"]
    seen = look(tmp_path, ",".join(names) + "\n1,2,3,4,5\n")
    assert [len(one.name) <= 200 for one in seen.columns] == [True] * 5
    assert seen.columns[2].key == ""
    assert all(one.name.isprintable() for one in seen.columns)


def test_more_columns_than_a_page_can_show_are_counted(tmp_path: Path) -> None:
    seen = look(tmp_path, ",".join(f"c{n}" for n in range(450)) + "\n")
    assert len(seen.columns) == 300
    assert seen.left_out == 150


@pytest.mark.parametrize(
    "content",
    [
        b",".join(b"c%d" % n for n in range(10_000)),
        b"x" * (5 * MIB),
        b",".join([b"name"] * MIB),
        b"",
        b"%PDF-1.4",
        b"<rss></rss>",
        b"[]",
    ],
    ids=["10,000 columns", "5 MB", "5 MB of names", "empty", "pdf", "no items", "empty list"],
)
def test_what_is_no_feed_is_refused_with_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FeedUnreadable) as refused:
        look(tmp_path, content)
    assert refused.value.reason and refused.value.advice


def test_the_read_beginning_are_read_with_what_the_supplier_says(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text("sku,was es ist,vk\n" + '"A"x,"y\n'.join(["A1,Lamp,5\n"] * 3))
    rows = read_beginning(path, Limits(), {"was es ist": "title", "vk": "price"}, 2)
    assert rows[0] == RawRow(2, {"sku": "A1", "title": "Lamp", "price": "5", "stock_unsaid": "yes"})
    assert len(rows) == 2


@settings(max_examples=300, deadline=2000)
@given(
    start=st.sampled_from(STARTS),
    rest=st.one_of(
        st.binary(max_size=500), st.lists(st.one_of(SCRAPS, st.binary(max_size=6)), max_size=60).map(b"".join)
    ),
    packed=st.booleans(),
)
@example(start=b"[", rest=b'{"a":' + b"[" * 900 + b"]" * 900 + b"}]", packed=False)
def test_no_bytes_do_more_than_be_refused(start: bytes, rest: bytes, packed: bool) -> None:
    content = gzip.compress(start + rest) if packed else start + rest
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed"
        path.write_bytes(content)
        try:
            assert peek(path).columns
        except FeedUnreadable as refused:
            assert refused.reason
        try:
            assert all(isinstance(row, RawRow | BadRow) for row in read_beginning(path, Limits(), {"sku": "title"}))
        except FeedUnreadable as refused:
            assert refused.reason
