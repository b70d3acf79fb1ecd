import csv
import gzip
import io
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.suppliers.formats import FeedUnreadable, Limits, open_feed
from tests.suppliers.formats.reading import fields_of, read, read_until_broken

MIB = 1024 * 1024
ROWS = b"sku,title,price\n" + b"".join(b"A%d,Lamp,1.00\n" % number for number in range(20_000))


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (gzip.compress(b""), "empty"),
        (b" \n\t\r\n" * 100, "nothing but blanks"),
        (b"\0" * 1000, "nothing but zero bytes"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture (PNG)"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture (JPEG)"),
        (b"GIF89a....", "picture (GIF)"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture (WebP)"),
        (b"%PDF-1.7\n", "PDF"),
        (zipped("word/document.xml", "[Content_Types].xml"), "a document of Office"),
        (zipped("xl/workbook.bin"), "binary Excel workbook"),
        (gzip.compress(gzip.compress(ROWS)), "gzip twice"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture (SVG)"),
        (bytes(range(256)) * 100, "not text"),
        (b"foo,bar\n1,2\n", "No column"),
        (b"sku,price\n1,2\n", "title"),
        (b"sku,title\n1,2\n", "price"),
        (b"x" * 100_000, "longer than 20,000"),
        (b"x" * 200_000, "too long"),
        (",".join(["sku", "title", "price", *["x"] * 600]).encode(), "more than 500 columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",  # not the bytes: gzip's differ by the second
)
def test_a_file_that_is_no_feed_is_refused_with_its_reason(tmp_path: Path, content: bytes, said: str) -> None:
    rows, refused = read_until_broken(tmp_path, content)
    assert rows == []
    assert refused is not None
    assert said in refused.reason
    assert refused.advice


def test_a_cut_gzip_gives_its_rows_and_then_says_that_it_is_cut(tmp_path: Path) -> None:
    packed = gzip.compress(ROWS)
    rows, broken = read_until_broken(tmp_path, packed[: len(packed) // 2])
    assert len(rows) > 1000
    assert broken is not None
    assert "ends too early" in broken.reason


def test_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(ROWS))
    packed[len(packed) // 2] ^= 0xFF
    packed[-6] ^= 0xFF
    _, broken = read_until_broken(tmp_path, bytes(packed))
    assert broken is not None


def test_a_gzip_that_unpacks_to_far_too_much_is_stopped(tmp_path: Path) -> None:
    bomb = gzip.compress(b"sku,title,price\n" + b"A,Lamp,1\n" * 400_000)
    _, broken = read_until_broken(tmp_path, bomb, Limits(ratio_grace=1 * MIB))
    assert broken is not None
    assert "far more than it should" in broken.reason


def test_a_feed_over_the_limits_is_stopped(tmp_path: Path) -> None:
    rows, broken = read_until_broken(tmp_path, ROWS, Limits(max_bytes=100_000))
    assert rows
    assert broken is not None
    rows, broken = read_until_broken(tmp_path, ROWS, Limits(max_rows=100))
    assert len(rows) == 100
    assert broken is not None


@pytest.mark.parametrize("start", [b"", b"sku,title,price\nA,Lamp,1\n", b"[", b"{", b"<rss>", b'{"sku":"A"}\n'])
@pytest.mark.parametrize("filling", [b"\0", b" ", b"\n", b"x", b'"', b"["])
def test_much_of_nothing_is_refused_in_little_memory(tmp_path: Path, start: bytes, filling: bytes) -> None:
    path = tmp_path / "feed"
    path.write_bytes(start + filling * (20 * MIB))
    # Blank lines end a file when they are as many as a row may have bytes: a million takes long where each is traced.
    limits = Limits(max_row_bytes=100_000) if filling == b"\n" else Limits()
    tracemalloc.start()
    try:
        with open_feed(path, limits) as feed:
            assert sum(1 for _ in feed) < 50
    except FeedUnreadable as refused:
        assert refused.reason
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 25 * MIB


STARTS = [b"", b"sku,title,price\n", b"[", b'{"products":[', b'{"sku":"A"}\n', b"<rss><item>", b"<?xml version='1.0'?>"]
STARTS += [b"Handle,Title,Option1 Name,Option1 Value,Variant Price\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08"]
SCRAPS = st.sampled_from(
    [b'"', b",", b";", b"\n", b"\r", b"\0", b"\\", b"{", b"}", b"[", b"]", b"<item>", b"</item>", b"&x;"]
)


@settings(max_examples=400, deadline=2000)
@given(
    start=st.sampled_from(STARTS),
    rest=st.one_of(
        st.binary(max_size=500), st.lists(st.one_of(SCRAPS, st.binary(max_size=6)), max_size=60).map(b"".join)
    ),
    packed=st.booleans(),
)
@example(start=b"\xff\xfe", rest=b"s", packed=False)
@example(start=b"[", rest=b'"\\ud800"]', packed=False)
def test_no_bytes_do_more_than_be_refused(start: bytes, rest: bytes, packed: bool) -> None:
    content = gzip.compress(start + rest) if packed else start + rest
    with tempfile.TemporaryDirectory() as folder:
        rows, refused = read_until_broken(Path(folder), content, Limits(max_row_bytes=300, max_field_chars=100))
    assert refused is None or (refused.reason and refused.advice)
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(max_examples=150, deadline=2000)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=10),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_csv_that_is_written_comes_back_as_it_was(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str, quoting: int
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["sku", "title", "price"])
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        found = fields_of(read(Path(folder), written.getvalue().encode(encoding)))
    assert [(row["sku"], row["title"], row["price"]) for row in found] == rows
