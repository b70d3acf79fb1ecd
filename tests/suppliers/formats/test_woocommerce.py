import csv
import io
from pathlib import Path

from app.suppliers.formats import BadRow, open_feed
from tests.suppliers.formats.reading import fields_of, read

COLUMNS = [
    *("ID", "Type", "SKU", "Name", "Published", "Short description", "In stock?", "Stock", "Sale price"),
    *("Regular price", "Categories", "Images", "Parent", "Brands"),
    *("Attribute 1 name", "Attribute 1 value(s)", "Attribute 1 visible", "Attribute 2 name", "Attribute 2 value(s)"),
]
SHIRT = {
    "ID": "10", "Type": "variable", "SKU": "SH", "Name": "Shirt", "Published": "1", "Short description": "Soft",
    "Categories": "Clothing > Shirts", "Images": "https://x.test/1.jpg, https://x.test/2.jpg",
    "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Red, Blue", "Attribute 2 name": "Material",
    "Attribute 2 value(s)": "Linen",
}  # fmt: skip
RED = {
    "ID": "11", "Type": "variation", "SKU": "SH-R", "Name": "Shirt - Red", "Published": "1", "In stock?": "1",
    "Stock": "4", "Regular price": "30", "Parent": "SH", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Red",
}  # fmt: skip
BLUE = RED | {"ID": "12", "SKU": "", "Stock": "", "Sale price": "25", "Parent": "id:10", "Attribute 1 value(s)": "Blue"}
LAMP = {
    "ID": "13", "Type": "simple", "SKU": "L", "Name": "Lamp", "Published": "1", "In stock?": "0", "Regular price": "9",
    "Attribute 1 name": "Material", "Attribute 1 value(s)": "Steel",
}  # fmt: skip


def export(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_variations_are_offers_with_the_words_of_their_product(tmp_path: Path) -> None:
    red, blue = fields_of(read(tmp_path, export(SHIRT, RED, BLUE)))
    shared = {
        "title": "Shirt",
        "description": "Soft",
        "category": "Clothing > Shirts",
        "image": "https://x.test/1.jpg, https://x.test/2.jpg",
        "attributes": {"Material": "Linen"},
        "availability": "1",
    }
    assert red == shared | {"sku": "SH-R", "group": "SH", "price": "30", "stock": "4", "options": {"Colour": "Red"}}
    assert blue == shared | {
        "sku": "id:12",
        "group": "SH",
        "price": "25",
        "list_price": "30",
        "options": {"Colour": "Blue"},
    }


def test_attributes_of_a_simple_product_describe_it(tmp_path: Path) -> None:
    (lamp,) = fields_of(read(tmp_path, export(LAMP)))
    assert lamp == {
        "sku": "L",
        "title": "Lamp",
        "price": "9",
        "availability": "0",
        "attributes": {"Material": "Steel"},
    }


def test_what_is_not_published_is_left_out_with_a_warning(tmp_path: Path) -> None:
    rows = read(tmp_path, export(SHIRT | {"Published": "-1"}, RED, LAMP | {"Published": "0"}))
    left_out = [(row.sku, row.reason, row.severity) for row in rows if isinstance(row, BadRow)]
    assert left_out == [(sku, "Not published in WooCommerce.", "warned") for sku in ("SH-R", "L")]


def test_the_columns_of_attributes_are_not_called_useless(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text(export(LAMP))
    with open_feed(path) as feed:
        assert feed.ignored == ()
