"""What a supplier says about his columns counts more than what we guess from their names."""

import json
from pathlib import Path

import pytest

from app.suppliers.formats import FeedUnreadable, open_feed
from app.suppliers.formats.mapping import column_key, meaning_of, meanings_with, target_of
from app.suppliers.formats.raw import Fields
from app.suppliers.formats.vocabulary import meaning
from tests.suppliers.formats.reading import fields_of

MAPPING = {"kennung": "sku", "wie es heisst": "title", "vk": "price", "werkstoff": "attributes:Material"}


def read(folder: Path, content: str, mapping: dict[str, str] | None = None) -> list[Fields]:
    path = folder / "feed"
    path.write_text(content)
    with open_feed(path, mapping=mapping) as feed:
        return fields_of(list(feed))


def test_columns_with_names_of_their_own_are_read_as_their_supplier_says(tmp_path: Path) -> None:
    content = "Kennung;Wie es heißt;VK;Werkstoff\nA-1;Lampe;48,90;Holz\n"
    expected = {"sku": "A-1", "title": "Lampe", "price": "48,90", "attributes": {"Material": "Holz"}}
    assert read(tmp_path, content, MAPPING) == [expected]


@pytest.mark.parametrize("wrap", ["[{}]", '{{"products": [{}]}}', "{}", "{}\n{}"])
def test_the_fields_of_json_are_read_as_their_supplier_says(tmp_path: Path, wrap: str) -> None:
    entry = json.dumps(
        {"Kennung": "A-1", "wieEsHeisst": "x", "Wie es heißt": "Lampe", "VK": "48.90", "Werkstoff": "Holz"}
    )
    rows = read(tmp_path, wrap.format(entry, entry.replace("A-1", "A-2")), MAPPING)
    assert rows[0] == {"sku": "A-1", "title": "Lampe", "price": "48.90", "attributes": {"Material": "Holz"}}


def test_the_elements_of_xml_are_read_as_their_supplier_says_whatever_their_namespace(tmp_path: Path) -> None:
    item = "<g:id>9</g:id><kennung>A-1</kennung><title>Lampe</title><g:price>50</g:price><vk>48.90</vk>"
    content = f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item>{item}</item></channel></rss>'
    rows = read(tmp_path, content, {"kennung": "sku", "vk": "price"})
    assert rows == [{"sku": "A-1", "title": "Lampe", "price": "48.90"}]


def test_what_a_supplier_says_beats_our_guess_and_the_guess_fills_in_where_it_is_empty(tmp_path: Path) -> None:
    content = "sku,title,price,b2c\nA,Lamp,10,12\nB,Chair,20,\n"
    rows = read(tmp_path, content, {"b2c": "price"})
    assert [row["price"] for row in rows] == ["12", "20"]


def test_of_two_columns_the_sku_is_the_one_that_was_said_even_where_it_is_empty(tmp_path: Path) -> None:
    rows = read(tmp_path, "sku,title,price,intern\nA,Lamp,10,X1\nB,Chair,20,\n", {"intern": "sku"})
    assert [row.get("sku") for row in rows] == ["X1", None]


def test_an_ignored_column_is_not_read_and_not_complained_of(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text("sku,title,price,brand,mystery\nA,Lamp,10,internal,x\n")
    with open_feed(path, mapping={"brand": ""}) as feed:
        assert fields_of(list(feed)) == [{"sku": "A", "title": "Lamp", "price": "10"}]
        assert feed.ignored == ("mystery",)


@pytest.mark.parametrize("header", ["kennung;bezeichnung;vk\nA;Lampe;1", "kennung;vk\nA;2", "foo;bar\n1;2"])
def test_a_table_without_title_or_price_asks_what_its_columns_mean(tmp_path: Path, header: str) -> None:
    with pytest.raises(FeedUnreadable) as refused:
        read(tmp_path, header)
    assert refused.value.kind == "columns"
    assert "Tell us what your columns mean" in refused.value.advice


def test_a_file_that_is_no_table_of_products_is_not_a_matter_of_columns(tmp_path: Path) -> None:
    for content in ("", ",".join(f"c{n}" for n in range(600)), "%PDF-1.4"):
        with pytest.raises(FeedUnreadable) as refused:
            read(tmp_path, content)
        assert refused.value.kind == ""


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (" Preço_(EUR) ", "preco eur"),
        ("GRÖSSE", "grosse"),
        ("Цена", "цена"),
        ("価格 1", "価格 1"),
        ("#", "#"),
        ("", ""),
        ("  ", ""),
        ("x" * 201, ""),
    ],
)
def test_a_column_is_remembered_by_its_letters_and_digits_in_any_script(name: str, key: str) -> None:
    assert column_key(name) == key


def test_every_guess_can_be_said_as_a_mapping_and_back() -> None:
    for name in ("sku", "Material", "option:Colour", "stock:LIS", "attributes[Weight]", "Preis"):
        target = target_of(meaning(name))
        assert target_of(meaning_of(target)) == target != ""
    assert meaning_of("") is None


@pytest.mark.parametrize("target", ["nothing", "price:x", "Material", ":", "attributes :x"])
def test_a_field_that_does_not_exist_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="no field"):
        meanings_with({"a": target})
