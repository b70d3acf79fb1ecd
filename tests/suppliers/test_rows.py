from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.suppliers.formats import RawRow
from app.suppliers.rows import Problem, Rejection, Row, RowContext, validate

CATEGORIES = {
    "lighting": "lighting",
    "desk lamps": "lighting/desk-lamps",
    "lamp": "lighting/desk-lamps",
    "pendant": "lighting/pendants",
}
CONTEXT = RowContext(
    default_currency="EUR",
    category_of=lambda words: CATEGORIES.get(words.lower()),
    warehouses=frozenset({"LIS", "OPO"}),
    default_category=None,
    currencies=frozenset({"EUR", "USD"}),
    default_warehouse="OPO",
    first_leaves={"lighting": "lighting/desk-lamps"},
)
LAMP = {"sku": "A1", "title": "Lamp", "price": "48.90", "category": "Desk lamps", "stock": "3"}


def judge(line: int = 2, **fields: Any) -> Row | Rejection:
    return validate(RawRow(line, {**LAMP, **fields}), CONTEXT)


def accepted(**fields: Any) -> Row:
    row = judge(**fields)
    assert isinstance(row, Row), row
    return row


def warned(**fields: Any) -> tuple[Row, Problem]:
    row = accepted(**fields)
    (warning,) = row.warnings
    assert warning.severity == "warned"
    return row, warning


def rejected(**fields: Any) -> Problem:
    found = judge(**fields)
    assert isinstance(found, Rejection)
    (problem,) = (problem for problem in found.problems if problem.severity == "rejected")
    return problem


def test_a_good_row_has_no_warnings() -> None:
    row = accepted(gtin="4006381333931", list_price="60", options={"Color": "Red"}, handling_days="2")
    assert row.warnings == ()
    assert (row.price_minor, row.currency, row.list_price_minor) == (4890, "EUR", 6000)
    assert (row.stock, row.available, row.handling_days) == ({"OPO": 3}, True, 2)
    assert (row.category_path, row.gtin, row.options) == ("lighting/desk-lamps", "4006381333931", {"Colour": "Red"})


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("sku", "", "no SKU"),
        ("sku", "x" * 101, "longer than 100"),
        ("sku", "a\x00b", "invisible"),
        ("sku", "5.60123E+12", "rounded number"),
        ("sku", "5,60123E+12", "rounded number"),
        ("title", " <b></b> ", "no title"),
        ("price", "48,9O", "letter O"),
        ("price", "", "no price"),
        ("price", "12 GBP", "no exchange rate for GBP"),
        ("stock", "many", "whole number"),
        ("stock", "1.5", "whole number"),
        ("stock", "1000001", "from 0 to 1,000,000"),
        ("handling_days", "31", "0 to 30"),
        ("handling_days", "soon", "0 to 30"),
    ],
)
def test_a_row_that_cannot_be_sold_is_rejected(field: str, value: str, said: str) -> None:
    problem = rejected(**{field: value})
    assert problem.field == field
    assert said in problem.reason


@pytest.mark.parametrize(
    ("sent", "stock", "available", "warned_of"),
    [
        ("-2,00", {"OPO": 0}, False, ["stock"]),
        ("> 10", {"OPO": 10}, True, []),
        ("10+", {"OPO": 10}, True, []),
        ("5 szt.", {"OPO": 5}, True, []),
        ("în stoc", None, True, []),
        ("esaurito", None, False, []),
    ],
)
def test_stock_is_read_as_programs_for_stock_keeping_write_it(
    sent: str, stock: dict[str, int] | None, available: bool, warned_of: list[str]
) -> None:
    row = accepted(stock=sent)
    assert (row.stock, row.available) == (stock, available)
    assert [warning.field for warning in row.warnings] == warned_of


def test_everything_that_is_wrong_with_a_row_is_said_at_once() -> None:
    found = judge(sku="", price="x", stock="y")
    assert isinstance(found, Rejection)
    assert [problem.field for problem in found.problems] == ["sku", "price", "stock"]


def test_an_unknown_warehouse_is_rejected_with_the_known_ones() -> None:
    problem = rejected(stocks={"XXX": "3", "LIS": "1"})
    assert problem.value == "XXX"
    assert problem.advice == "Use one of LIS, OPO."


def test_stock_by_warehouse_is_kept_apart() -> None:
    assert accepted(stocks={"OPO": "0", "LIS": "2.0"}).stock == {"LIS": 2, "OPO": 0}


def test_a_currency_column_counts_where_the_price_names_none() -> None:
    assert accepted(currency="usd").currency == "USD"
    assert "currency column says EUR" in rejected(price="5 USD", currency="EUR").reason
    assert rejected(currency="Euros").field == "currency"


@pytest.mark.parametrize("list_price", ["48.90", "10", "abc", "60 USD"])
def test_a_list_price_that_makes_no_sense_is_ignored(list_price: str) -> None:
    row, warning = warned(list_price=list_price)
    assert row.list_price_minor is None
    assert warning.field == "list_price"


def test_a_sale_price_counts_only_in_its_period() -> None:
    sale = {**LAMP, "price": "40", "list_price": "50", "sale_period": "2026-11-01T00:00+0000/2026-11-10T00:00+0000"}
    prices = []
    for day in (5, 20):
        context = RowContext(
            "EUR", CATEGORIES.get, frozenset({"OPO"}), None, frozenset({"EUR"}), now=datetime(2026, 11, day, tzinfo=UTC)
        )
        row = validate(RawRow(2, sale), context)
        assert isinstance(row, Row)
        prices.append(row.price_minor)
    assert prices == [4000, 5000]


@pytest.mark.parametrize(
    ("gtin", "kept"),
    [
        ("4006381333931", "4006381333931"),
        ("036000291452", "0036000291452"),
        ("04006381333931", "4006381333931"),
        ('="4006381333931"', "4006381333931"),
    ],
)
def test_a_gtin_has_one_form_however_it_is_sent(gtin: str, kept: str) -> None:
    assert accepted(gtin=gtin).gtin == kept


@pytest.mark.parametrize(
    "gtin", ["4006381333932", "4.00638E+12", "4,00638E+12", "123", "0000000000000", "2000000000008", "n/a"]
)
def test_a_gtin_that_is_not_sure_is_dropped_and_the_row_stays(gtin: str) -> None:
    row, warning = warned(gtin=gtin)
    assert row.gtin is None
    assert warning.field == "gtin"


@pytest.mark.parametrize("words", ["in stock", "in_stock", "Em stock", "Disponível", "auf Lager", "în stoc", "yes"])
def test_words_for_available(words: str) -> None:
    row = accepted(stock="", availability=words)
    assert (row.stock, row.available, row.warnings) == (None, True, ())


@pytest.mark.parametrize("words", ["out of stock", "Esgotado", "ausverkauft", "https://schema.org/OutOfStock"])
def test_words_for_not_available(words: str) -> None:
    row = accepted(stock="", availability=words)
    assert (row.stock, row.available, row.warnings) == (None, False, ())


@pytest.mark.parametrize("words", ["preorder", "perhaps"])
def test_what_cannot_be_shipped_now_counts_as_out_of_stock(words: str) -> None:
    row, warning = warned(stock="", availability=words)
    assert not row.available
    assert warning.field == "availability"


def test_without_any_word_on_stock_nothing_is_sold() -> None:
    row, warning = warned(stock="")
    assert (row.available, warning.field) == (False, "stock")


def test_out_of_stock_beats_a_number() -> None:
    row, _ = warned(stock="5", availability="out of stock")
    assert (row.stock, row.available) == ({"OPO": 0}, False)


def test_a_foreign_category_falls_back_to_the_title_and_then_to_other_goods() -> None:
    row, warning = warned(category="Shades")
    assert row.category_path == "lighting/desk-lamps"
    assert warning.reason == "“Shades” is not a category; used lighting/desk-lamps instead."
    row, _ = warned(category="Shades", title="Thing")
    assert row.category_path == "other/other-goods"
    assert accepted(category="").warnings == ()


@pytest.mark.parametrize(("title", "leaf"), [("Pendant", "lighting/pendants"), ("Thing", "lighting/desk-lamps")])
def test_a_department_leads_to_one_of_its_categories_with_a_warning(title: str, leaf: str) -> None:
    row, warning = warned(category="Lighting", title=title)
    assert row.category_path == leaf
    assert warning.reason == f"“Lighting” is a department; used {leaf}, which is in it."


def test_texts_lose_markup_and_invisible_characters() -> None:
    row = accepted(
        title="  Tom &amp;\tJerry\u202e ",
        description="<p>One <b>bold</b> word</p><script>alert(1)</script><ul><li>Cafe\u0301</li></ul>\x00",
    )
    assert row.title == "Tom & Jerry"
    assert row.description == "One bold word\n\nCafé"


@pytest.mark.parametrize("title", ["", "  ", "\u200b\u200b", "---", "\u202e", "<b></b>"])
def test_a_title_that_shows_nothing_is_no_title(title: str) -> None:
    assert rejected(title=title).reason == "There is no title."


@pytest.mark.parametrize("title", ["\U0001fa91\U0001fa91", "\u0645\u0635\u0628\u0627\u062d", "7"])
def test_a_title_in_any_script_is_one(title: str) -> None:
    assert accepted(title=title).title == title


def test_a_long_title_is_cut_with_a_warning() -> None:
    row, warning = warned(title="x" * 301, category="Desk lamps")
    assert (len(row.title), warning.field) == (300, "title")


@pytest.mark.parametrize("image", ["https://x.test/a.jpg", "/art/lamps/desk-1.svg"])
def test_images_with_an_address_are_kept(image: str) -> None:
    assert accepted(image=image).image == image


@pytest.mark.parametrize("more", [", https://x.test/b.jpg", "|https://x.test/b.jpg", "\nhttps://x.test/b.jpg"])
def test_of_several_images_the_first_is_kept(more: str) -> None:
    assert accepted(image="https://x.test/a,1.jpg" + more).image == "https://x.test/a,1.jpg"


@pytest.mark.parametrize(
    "image", ["javascript:alert(1)", "C:\\a.jpg", "/art/../secret.svg", "https://", "https://x.test/a b", "https://[x"]
)
def test_other_images_are_dropped_with_a_warning(image: str) -> None:
    row, warning = warned(image=image)
    assert (row.image, warning.field) == (None, "image")


def test_attributes_have_limits() -> None:
    row = accepted(attributes={f"Name {number}": "x" * 600 for number in range(100)})
    assert len(row.attributes) == 60
    assert {len(value) for value in row.attributes.values()} == {500}


def test_the_hash_is_of_what_the_row_says_not_of_where_it_stands() -> None:
    assert accepted(line=2, gtin="x").content_hash == accepted(line=9, gtin="x").content_hash
    assert accepted().content_hash != accepted(stock="4").content_hash


def test_a_row_survives_json() -> None:
    row = accepted(category="Shades", stocks={"LIS": "1"})
    assert msgspec.json.decode(msgspec.json.encode(row), type=Row) == row


@given(st.dictionaries(st.sampled_from([*LAMP, "description", "image", "gtin", "brand", "availability"]), st.text()))
def test_any_text_in_any_field_gives_a_storable_result(fields: dict[str, str]) -> None:
    result = validate(RawRow(2, {**LAMP, **fields}), CONTEXT)
    stored = msgspec.json.encode(result)
    assert b"\\u0000" not in stored
