from pathlib import Path

from app.suppliers.formats import BadRow
from tests.suppliers.formats.reading import fields_of, read

HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,"
    "Variant Image,Status\n"
)


def test_variants_have_the_columns_of_their_product(tmp_path: Path) -> None:
    first, second = fields_of(
        read(
            tmp_path,
            HEADER
            + "shirt,Shirt,<p>Soft</p>,Norra,Tops,true,Size,Small,Color,Sea Blue,,"
            + "shopify,3,50,60,,https://x.test/1.jpg,,active\n"
            + "shirt,,,,,,,Large,,Red,SKU-2,shopify,-1,55,,4006381333931,,https://x.test/2.jpg,\n"
            + "shirt,,,,,,,,,,,,,,,,https://x.test/3.jpg,,\n",
        )
    )
    assert first == {
        "sku": "shirt-small-sea-blue",
        "group": "shirt",
        "title": "Shirt",
        "description": "<p>Soft</p>",
        "brand": "Norra",
        "category": "Tops",
        "options": {"Size": "Small", "Color": "Sea Blue"},
        "price": "50",
        "list_price": "60",
        "stock": "3",
        "image": "https://x.test/1.jpg",
    }
    assert (second["sku"], second["title"], second["price"], second["stock"]) == ("SKU-2", "Shirt", "55", "0")
    assert second["options"] == {"Size": "Large", "Color": "Red"}
    assert second["image"] == "https://x.test/2.jpg"


def test_a_product_without_options_is_sold_under_its_handle(tmp_path: Path) -> None:
    row = "lamp,Lamp,,,,true,Title,Default Title,,,,,,20,,,,,\n"
    assert fields_of(read(tmp_path, HEADER + row)) == [
        {"sku": "lamp", "group": "lamp", "title": "Lamp", "price": "20", "availability": "in stock"}
    ]


def test_what_shopify_does_not_show_is_left_out_with_a_warning(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        HEADER
        + "a,A,,,,false,Size,S,,,,,1,20,,,,,\na,,,,,,,M,,,,,1,20,,,,,\n"
        + "b,B,,,,true,Title,Default Title,,,,,1,20,,,,,draft\n"
        + "c,C,,,,true,Title,Default Title,,,,,1,20,,,,,active\n",
    )
    hidden = [row for row in rows if isinstance(row, BadRow)]
    assert [(row.sku, row.reason, row.severity) for row in hidden] == [
        (sku, "Not published in Shopify.", "warned") for sku in ("a-s", "a-m", "b")
    ]
    assert len(rows) == 4


def test_the_newer_names_of_shopify_s_columns_are_known(tmp_path: Path) -> None:
    text = (
        "Title,URL handle,Description,Vendor,Status,SKU,Option1 name,Option1 value,Price,Compare-at price,"
        "Inventory quantity,Product image URL\n"
        "Lamp,lamp,Bright,Norra,Active,L-1,Color,Red,20,25,4,https://x.test/1.jpg\n"
    )
    (found,) = fields_of(read(tmp_path, text))
    assert (found["sku"], found["group"], found["price"], found["list_price"]) == ("L-1", "lamp", "20", "25")
    assert (found["options"], found["stock"], found["image"]) == ({"Color": "Red"}, "4", "https://x.test/1.jpg")


def test_a_quantity_that_nobody_counts_says_nothing(tmp_path: Path) -> None:
    rows = "a,A,,,,true,Size,S,,,,,0,20,,,,,\nb,B,,,,true,Size,S,,,,shopify,0,20,,,,,\n"
    untracked, counted = fields_of(read(tmp_path, HEADER + rows))
    assert (untracked["availability"], untracked.get("stock")) == ("in stock", None)
    assert (counted.get("availability"), counted["stock"]) == (None, "0")
