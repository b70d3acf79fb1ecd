"""Whatever a feed is written in, each of its rows goes in as it is or is rejected with a reason: none gets lost."""

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from app.suppliers.cutting import cut
from app.suppliers.formats import FeedUnreadable, Limits, RawRow
from app.suppliers.row_context import RowContext
from app.suppliers.rows import Row, validate

CONTEXT = RowContext(
    default_currency="EUR",
    category_of=lambda words: "lighting/desk-lamps",
    warehouses=frozenset({"LIS"}),
    default_category=None,
    currencies=frozenset({"EUR"}),
)
Sent = dict[str, str]
Write = Callable[[list[Sent]], bytes]
COLUMNS = ["sku", "title", "description", "brand", "price", "stock"]
SLOWLY = settings(max_examples=80, deadline=3000)


def as_table(delimiter: str, quoting: int, end: str, codec: str) -> Write:
    def write(rows: list[Sent]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
        writer.writerow(COLUMNS)
        writer.writerows([row[name] for name in COLUMNS] for row in rows)
        return text.getvalue().encode(codec)

    return write


def as_json(codec: str, ascii_only: bool, around: str, between: str) -> Write:
    def write(rows: list[Sent]) -> bytes:
        inside = between.join(json.dumps(row, ensure_ascii=ascii_only) for row in rows)
        return around.replace("%", inside, 1).encode(codec)

    return write


def as_xml(codec: str, around: str, item: str, prefix: str) -> Write:
    def write(rows: list[Sent]) -> bytes:
        items = (
            "".join(f"<{prefix}{name}>{escape(text)}</{prefix}{name}>" for name, text in row.items()) for row in rows
        )
        inside = "".join(f"<{item}>{one}</{item}>" for one in items)
        return (f"<?xml version='1.0' encoding='{codec}'?>\n" + around.replace("%", inside, 1)).encode(codec)

    return write


G = "xmlns:g='http://base.google.com/ns/1.0'"
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
WRITERS = st.one_of(
    st.builds(
        as_table,
        st.sampled_from(",;\t|"),
        st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        st.sampled_from(["\n", "\r\n"]),
        CODECS,
    ),
    # Python's writer leaves a line feed bare where rows end with a carriage return.
    st.builds(as_table, st.sampled_from(",;\t|"), st.just(csv.QUOTE_ALL), st.just("\r"), CODECS),
    st.builds(as_json, CODECS, st.booleans(), st.just("%\n"), st.sampled_from(["\n", "\r\n", "\n\n"])),
    st.builds(
        as_json,
        CODECS,
        st.booleans(),
        st.sampled_from(["[%]", '{"products": [%]}', '{"shop": "x", "items":\n[%], "count": 3}']),
        st.sampled_from([",", " ,\n"]),
    ),
    st.builds(
        as_xml,
        st.sampled_from(["utf-8", "utf-16"]),
        st.sampled_from([f"<rss {G}><channel><title>Shop</title>%</channel></rss>"]),
        st.just("item"),
        st.sampled_from(["", "g:"]),
    ),
    st.builds(as_xml, st.just("utf-8"), st.just(f"<feed {G}>%</feed>"), st.just("entry"), st.just("g:")),
)
# Latin letters and signs, so that UTF-16 without its mark is still to be recognised.
WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=30)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.text("ABCdef0123456789-_./ß", min_size=1, max_size=12),
            "title": WORDS.map(lambda words: f"Lamp {words}"),
            "description": st.lists(WORDS, max_size=3).map("\n".join),
            "brand": WORDS,
            "price": st.sampled_from(["48.90", "1,234.50", "12.00 EUR", "€ 7.30", "free", "0", "", "-1"]),
            "stock": st.sampled_from(["3", "0", "12.0", "many"]),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row["sku"],
)


def taken(content: bytes) -> tuple[int, list[Row], list[int]]:
    """How many rows were received, those that are good, and the number of rejected and left out ones per portion."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed"
        path.write_bytes(content)
        portions = list(cut(path, CONTEXT, Limits()))
    rows = [row for portion in portions for row in portion.rows]
    return sum(one.received for one in portions), rows, [one.rejected + one.left_out for one in portions]


def meant(row: Sent) -> Row | None:
    judged = validate(RawRow(1, {name: text for name, text in row.items() if text}), CONTEXT)
    return judged if isinstance(judged, Row) else None


@SLOWLY
@given(rows=ROWS, write=WRITERS, packed=st.booleans())
def test_every_row_comes_back_as_it_was_meant_or_is_rejected(rows: list[Sent], write: Write, packed: bool) -> None:
    content = write(rows)
    received, good, rejected = taken(gzip.compress(content) if packed else content)
    expected = [row for row in map(meant, rows) if row]
    assert received == len(rows) == len(good) + sum(rejected)
    assert [(row.sku, row.title, row.description, row.brand) for row in good] == [
        (row.sku, row.title, row.description, row.brand) for row in expected
    ]
    assert [(row.price_minor, row.stock) for row in good] == [(row.price_minor, row.stock) for row in expected]


@SLOWLY
@given(rows=ROWS, one=WRITERS, other=WRITERS, order=st.randoms(use_true_random=False))
def test_a_row_is_the_same_wherever_it_stands_and_however_it_is_written(
    rows: list[Sent], one: Write, other: Write, order: Random
) -> None:
    shuffled = rows[:]
    order.shuffle(shuffled)
    first = {row.sku: row.content_hash for row in taken(one(rows))[1]}
    assert {row.sku: row.content_hash for row in taken(other(shuffled))[1]} == first


@SLOWLY
@given(rows=ROWS, write=WRITERS, place=st.floats(0, 1), damage=st.binary(min_size=1, max_size=6))
def test_damage_in_the_middle_never_crashes_and_is_always_accounted_for(
    rows: list[Sent], write: Write, place: float, damage: bytes
) -> None:
    content = write(rows)
    at = int(place * len(content))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed"
        path.write_bytes(content[:at] + damage + content[at + len(damage) :])
        try:
            for portion in cut(path, CONTEXT, Limits()):
                assert portion.received == len(portion.rows) + portion.rejected + portion.left_out
        except FeedUnreadable as unreadable:
            assert unreadable.reason
            assert unreadable.advice
