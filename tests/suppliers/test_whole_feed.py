"""Some things about a row are only to be seen in the whole feed: its decimal mark, and whether it speaks of stock."""

import json
from pathlib import Path

import pytest

from app.suppliers.cutting import Portion, cut
from app.suppliers.formats import FeedUnreadable, Limits
from app.suppliers.formats.first_rows import LOOKED_AT_ROWS
from app.suppliers.problems import SINGLE_WARNINGS, Problem, Repeats
from app.suppliers.row_context import RowContext

CONTEXT = RowContext(
    default_currency="EUR",
    category_of=lambda words: "lighting/desk-lamps",
    warehouses=frozenset({"LIS"}),
    default_category=None,
    currencies=frozenset({"EUR", "BRL"}),
)


def taken(folder: Path, text: str) -> Portion:
    """All of a feed in one portion."""
    path = folder / "feed"
    path.write_text(text)
    (portion,) = cut(path, CONTEXT, Limits())
    return portion


def prices(folder: Path, *sent: str) -> tuple[list[int], list[str]]:
    """The prices that were taken, and the fields that were rejected or warned about."""
    rows = "".join(f'A{place},Lamp,"{price}",1\n' for place, price in enumerate(sent))
    portion = taken(folder, f"sku,title,price,stock\n{rows}")
    return [row.price_minor for row in portion.rows], [f"{one.severity} {one.value}" for one in portion.problems]


def test_a_point_before_three_digits_is_no_decimal_mark_where_others_have_a_comma(tmp_path: Path) -> None:
    assert prices(tmp_path, "12,50", "1.234", "950") == ([1250, 123400, 95000], ["warned 1.234"])


def test_a_price_that_could_be_two_is_refused_where_the_feed_does_not_tell(tmp_path: Path) -> None:
    assert prices(tmp_path, "950", "1.234") == ([95000], ["rejected 1.234"])
    assert prices(tmp_path, "12,50", "12.50", "1.234") == ([1250, 1250], ["rejected 1.234"])
    assert prices(tmp_path, "12.50", "1.234") == ([1250], ["rejected 1.234"])


def test_a_comma_before_three_digits_is_refused_where_others_have_a_comma_before_cents(tmp_path: Path) -> None:
    assert prices(tmp_path, "12.50", "1,234") == ([1250, 123400], [])
    assert prices(tmp_path, "12,50", "1,234") == ([1250], ["rejected 1,234"])


def test_some_currencies_are_never_written_with_a_decimal_point_and_three_digits(tmp_path: Path) -> None:
    assert prices(tmp_path, "R$ 1.234") == ([123400], ["warned R$ 1.234"])


@pytest.mark.parametrize(
    "feed",
    [
        "sku,title,price\nA,Lamp,1\nB,Lamp,2\n",
        json.dumps([{"sku": "A", "title": "Lamp", "price": 1}, {"sku": "B", "title": "Lamp", "price": 2}]),
        "<rss><channel><item><id>A</id><title>Lamp</title><price>1</price></item>"
        "<item><id>B</id><title>Lamp</title><price>2</price></item></channel></rss>",
    ],
)
def test_a_feed_that_never_speaks_of_stock_is_for_sale_and_told_so_once(tmp_path: Path, feed: str) -> None:
    portion = taken(tmp_path, feed)
    assert [(row.stock, row.available, row.warnings) for row in portion.rows] == [(None, True, ())] * 2
    (note,) = portion.problems
    assert (note.line, note.severity) == (0, "warned")
    assert (
        note.reason == "There is neither stock nor availability in this feed, so all its products count as available."
    )


def test_a_feed_that_speaks_of_stock_is_out_of_it_where_it_says_nothing(tmp_path: Path) -> None:
    portion = taken(tmp_path, "sku,title,price,stock\nA,Lamp,1,\nB,Lamp,2,\n")
    assert [row.available for row in portion.rows] == [False, False]
    mixed = [{"sku": "A", "title": "Lamp", "price": 1}, {"sku": "B", "title": "Lamp", "price": 2, "stock": 3}]
    assert [row.available for row in taken(tmp_path, json.dumps(mixed)).rows] == [False, True]


def test_what_is_said_late_counts_for_its_own_row(tmp_path: Path) -> None:
    entries = [{"sku": f"A{number}", "title": "Lamp", "price": 1} for number in range(LOOKED_AT_ROWS)]
    late = {"sku": "B", "title": "Lamp", "price": 1, "availability": "out of stock"}
    rows = taken(tmp_path, json.dumps([*entries, late])).rows
    assert [row.available for row in rows] == [True] * LOOKED_AT_ROWS + [False]


def test_a_break_among_the_first_rows_comes_after_those_before_it(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text('[{"sku": "A", "title": "Lamp", "price": 1}, {"sku": ')
    portions = cut(path, CONTEXT, Limits())
    assert [row.sku for row in next(portions).rows] == ["A"]
    with pytest.raises(FeedUnreadable, match="ends too early"):
        next(portions)


@pytest.mark.parametrize("start", ["[", '[{"sku": "A", "title": "Lamp", "price": 1},'])
def test_a_file_of_nothing_usable_is_not_read_to_its_end(tmp_path: Path, start: str) -> None:
    path = tmp_path / "feed"
    path.write_text(start + ",".join(["{}"] * 3_000) + "]")
    received = 0
    with pytest.raises(FeedUnreadable) as unreadable:
        for portion in cut(path, CONTEXT, Limits(max_useless_rows=1_000)):
            received += portion.received
    assert received == 1_000 + (start != "[")
    assert unreadable.value.reason == f"We stopped on row {received:,}: 1,000 rows in succession cannot be used."


def test_good_rows_now_and_then_keep_a_feed_alive(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text("sku,title,price\n" + (",Lamp,1\n" * 900 + "A,Lamp,1\n") * 3)
    portions = list(cut(path, CONTEXT, Limits(max_useless_rows=1_000)))
    assert sum(portion.received for portion in portions) == 2_703


def warning(line: int, reason: str = "There is no category.", severity: str = "warned") -> Problem:
    return Problem(line, f"A{line}", "category", "", reason, "Send one.", severity)  # type: ignore[arg-type]


def test_a_warning_that_every_row_has_is_summed_up() -> None:
    repeats = Repeats()
    shown = [line for line in range(2, 11_216) if repeats.is_news(warning(line))]
    assert shown == [2, 3, 4]
    (total,) = repeats.totals()
    assert (total.line, total.sku, total.field, total.advice) == (0, "", "category", "Send one.")
    assert total.reason == "There is no category. This is so in 11,214 rows, the first of them row 2."


def test_few_warnings_and_all_rejections_are_reported_one_by_one() -> None:
    repeats = Repeats()
    problems = [warning(line) for line in range(SINGLE_WARNINGS)]
    problems += [warning(line, "No price.", "rejected") for line in range(500)]
    assert all(map(repeats.is_news, problems))
    assert repeats.totals() == []


def test_very_many_kinds_of_warnings_are_summed_up_together() -> None:
    repeats = Repeats()
    shown = [line for line in range(1, 3_001) if repeats.is_news(warning(line, f"“{line}” is not a category."))]
    assert len(shown) == 1_000 + SINGLE_WARNINGS
    (total,) = repeats.totals()
    assert "2,000 rows" in total.reason
