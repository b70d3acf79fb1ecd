"""Shops export a product as one object with its variants inside: each variant is an offer."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.suppliers.formats import BadRow, RawRow
from app.suppliers.formats.json_variants import MOST_VARIANTS
from tests.suppliers.formats.reading import fields_of, read

SHIRT: dict[str, Any] = {
    "id": 7001,
    "title": "Shirt",
    "handle": "shirt",
    "body_html": "<p>Soft</p>",
    "vendor": "Norra",
    "product_type": "Tops",
    "options": [{"name": "Size", "position": 1, "values": ["S", "M"]}, {"name": "Colour", "values": ["Red"]}],
    "images": [{"src": "https://x.test/1.jpg"}, {"src": "https://x.test/2.jpg"}],
    "variants": [
        {"id": 1, "product_id": 7001, "title": "S / Red", "option1": "S", "option2": "Red", "sku": "SH-S",
         "price": "50.00", "compare_at_price": "60.00", "available": True, "barcode": "4006381333931"},
        {"id": 2, "product_id": 7001, "title": "M / Red", "option1": "M", "option2": "Red", "sku": None,
         "price": "55.00", "compare_at_price": None, "available": False,
         "featured_image": {"src": "https://x.test/2.jpg"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("around", ['{"products": [%s]}', "[%s]", "%s\n", "%s\n%s\n"])
def test_each_variant_is_an_offer_with_the_words_of_its_product(tmp_path: Path, around: str) -> None:
    rows = fields_of(read(tmp_path, around.replace("%s", json.dumps(SHIRT))))
    small, medium = rows[0], rows[1]
    assert len(rows) == 2 * around.count("%s")
    shared = {"title": "Shirt", "description": "<p>Soft</p>", "brand": "Norra", "category": "Tops", "group": "shirt"}
    assert small == shared | {
        "sku": "SH-S",
        "options": {"Size": "S", "Colour": "Red"},
        "price": "50.00",
        "list_price": "60.00",
        "availability": "true",
        "gtin": "4006381333931",
        "image": "https://x.test/1.jpg",
    }
    assert medium == shared | {
        "sku": "2",
        "options": {"Size": "M", "Colour": "Red"},
        "price": "55.00",
        "availability": "false",
        "image": "https://x.test/2.jpg",
    }


def test_a_variant_replaces_what_its_product_says_of_price_and_stock(tmp_path: Path) -> None:
    product = {"sku": "P", "name": "Lamp", "price": "9", "sale_price": "8", "stock": 4, "gtin": "4006381333931"}
    variants = [{"sku": "A"}, {"sku": "B", "price": "7", "availability": "out of stock", "colour": "Red"}]
    first, second = fields_of(read(tmp_path, json.dumps([product | {"variants": variants}])))
    assert first == {"sku": "A", "group": "P", "title": "Lamp", "price": "8", "list_price": "9", "stock": "4"}
    assert (second["price"], second.get("list_price"), second["colour"]) == ("7", None, "Red")
    assert (second.get("stock"), second["availability"]) == (None, "out of stock")


def test_a_product_with_one_nameless_variant_has_no_options(tmp_path: Path) -> None:
    lamp = {"title": "Lamp", "handle": "lamp", "options": [{"name": "Title"}]}
    variant = {"id": 5, "title": "Default Title", "option1": "Default Title", "price": "20"}
    untracked = variant | {"inventory_management": None, "inventory_quantity": 0}
    for sent, said in ((variant, {}), (untracked, {"availability": "in stock"})):
        (found,) = fields_of(read(tmp_path, json.dumps({"products": [lamp | {"variants": [sent]}]})))
        assert found == {"sku": "5", "title": "Lamp", "group": "lamp", "price": "20"} | said


def test_variants_of_a_graphql_answer_are_found(tmp_path: Path) -> None:
    node = {"node": {"sku": "A", "price": "3", "selectedOptions": [{"name": "Size", "value": "S"}]}}
    (found,) = fields_of(read(tmp_path, json.dumps([{"title": "Lamp", "variants": {"edges": [node]}}])))
    assert found == {"sku": "A", "title": "Lamp", "price": "3", "options": {"Size": "S"}}


def test_what_is_no_variant_becomes_a_row_that_is_missed_by_nobody(tmp_path: Path) -> None:
    rows = read(tmp_path, json.dumps([{"title": "Lamp", "price": "1", "variants": [{"sku": "A"}, None, "B"]}]))
    assert [row.fields.get("sku") for row in rows if isinstance(row, RawRow)] == ["A", None, None]
    assert [row.line for row in rows] == [1, 1, 1]


def test_a_list_of_variants_without_a_product_is_a_list_of_offers(tmp_path: Path) -> None:
    rows = fields_of(read(tmp_path, '{"variants": [{"sku": "A", "title": "Lamp"}, {"sku": "B", "title": "Chair"}]}'))
    assert [row["title"] for row in rows] == ["Lamp", "Chair"]


def test_more_variants_than_any_product_has_are_refused(tmp_path: Path) -> None:
    products = [{"title": "Lamp", "variants": [{}] * (MOST_VARIANTS + 1)}, {"sku": "A", "title": "Chair"}]
    bad, good = read(tmp_path, json.dumps(products))
    assert isinstance(bad, BadRow)
    assert bad.reason == "The product has more than 2,500 variants."
    assert isinstance(good, RawRow)
