"""What other shop systems and programs for stock-keeping export, as they write it."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.suppliers.formats import BadRow, FeedUnreadable, open_feed, peek
from app.suppliers.formats.column_names import NAMES, NET_PRICES
from app.suppliers.formats.vocabulary import Meaning, meaning, normal
from tests.suppliers.formats.reading import fields_of, read

HEUREKA = """<?xml version="1.0"?><SHOP><SHOPITEM><ITEM_ID>A</ITEM_ID><PRODUCTNAME>Lampa</PRODUCTNAME>
<PRODUCT>Lampa + dárek</PRODUCT><PRICE_VAT>1 299,50</PRICE_VAT><MANUFACTURER>Lucis</MANUFACTURER>
<IMGURL>https://x.test/a.jpg</IMGURL><PARAM><PARAM_NAME>Výška</PARAM_NAME><VAL>40 cm</VAL></PARAM>
<DELIVERY><DELIVERY_PRICE>120</DELIVERY_PRICE></DELIVERY></SHOPITEM></SHOP>"""
CENEO = """<offers version="1"><group name="other"><o id="A" price="1299.50" stock="12"><name>Lampa</name>
<imgs><main url="https://x.test/a.jpg"/><i url="https://x.test/b.jpg"/></imgs>
<attrs><a name="Producent">Lucis</a><a name="Wysokość">40 cm</a></attrs></o></group></offers>"""
OWN_XML = """<products><product id="A" type="simple"><name>Lampa</name><price>1299.50</price><brand><id>7</id>
<name>Lucis</name></brand><images><image>https://x.test/a.jpg</image><image>https://x.test/b.jpg</image></images>
<attributes><attribute><name>Height</name><value>40 cm</value></attribute><depth>9 cm</depth>
</attributes></product></products>"""
WOO_DE = (
    'ID,Typ,Artikelnummer,"GTIN, UPC, EAN oder ISBN",Name,Veröffentlicht,"Ist hervorgehoben?",Beschreibung,'
    '"Datum, an dem Angebotspreis beginnt","Datum, an dem Angebotspreis endet",Vorrätig?,Bestand,Angebotspreis,'
    "Regulärer Preis,Kategorien,Bilder,Übergeordnet,Name des Attributs 1,Wert(e) des Attributs 1\n"
    '44,variable,T,,Tasse,1,0,Schön\\nund groß,,,1,,,,"Küche > Tassen",https://x.test/a.jpg,,Farbe,"Blau, Rot"\n'
    '45,variation,T-B,4006381333931,Tasse - Blau,1,0,,2026-01-01,,1,7,"9,90","12,90",,,T,Farbe,Blau\n'
    '46,variation,T-R,,Tasse - Rot,0,0,,,,1,7,,"12,90",,,id:44,Farbe,Rot\n'
)
SCHEMA_ORG = {
    "@type": "Product", "sku": "A", "name": "Lamp", "brand": {"@type": "Brand", "name": "Lucis"},
    "image": [{"@type": "ImageObject", "url": "https://x.test/a.jpg"}],
    "offers": {"@type": "Offer", "price": "48.90", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"},
}  # fmt: skip


def test_no_name_of_a_column_stands_for_two_fields() -> None:
    names = [normal(name) for listed in (*NAMES.values(), NET_PRICES) for name in listed.split(", ")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert all(names)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Price (USD)", ("price", "USD")),
        ("price-EUR", ("price", "EUR")),
        ("Preis €", ("price", "EUR")),
        ("name-en_US", ("title", "")),
        ("description-de_DE-ecommerce", ("description", "")),
        ("Product Image File - 1", ("image", "")),
        ("¿Existencias?", ("availability", "")),
        ("Satış Fiyatı", ("price", "")),
        ("Наименование", ("title", "")),
        ("在庫数", ("stock", "")),
        ("Prix (TTC)", ("price", "")),
        ("Prix (HT)", None),
        ("price history", None),
        ("name in", None),
    ],
)
def test_names_in_many_languages_are_known(name: str, expected: tuple[str, str] | None) -> None:
    found = meaning(name)
    assert (found and (found.field, found.currency)) == expected


def test_of_the_columns_for_each_language_english_counts(tmp_path: Path) -> None:
    text = "sku,name-de_DE,name-en_US,price-USD\nA,Lampe,Lamp,10\nB,Stuhl,,€ 20\n"
    assert [(row["title"], row["price"]) for row in fields_of(read(tmp_path, text))] == [
        ("Lamp", "10 USD"),
        ("Stuhl", "€ 20"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "skus"),
    [
        ("Price list of Luz Lda;;;\nDate: 2026-01-01;;;\nReferência;Nome;PVP;Stock\nA;Luz;49,90;3\n", 4, ["A"]),
        ("Seller SKU\tItem Name\tPrice\nitem_sku\titem_name\tstandard_price\nA\tLamp\t9\n", 3, ["A"]),
        ("# A unique number,# A title,# A price\nid,title,price\nA,Lamp,9 EUR\n", 3, ["A"]),
    ],
)
def test_what_stands_above_the_names_of_the_columns_is_left_out(
    tmp_path: Path, text: str, line: int, skus: list[str]
) -> None:
    rows = read(tmp_path, text)
    assert [row["sku"] for row in fields_of(rows)] == skus
    assert rows[0].line == line


def test_a_description_is_the_title_where_there_is_no_other(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text("Código;Descrição;PVP;Stock\nA;Candeeiro;49,90;3\n")
    with open_feed(path) as feed:
        assert feed.notes == ("There is no column with a title: “Descrição” was taken for it.",)
        assert [row["title"] for row in fields_of(list(feed))] == ["Candeeiro"]
    assert [column.guess for column in peek(path).columns] == ["sku", "title", "price", "stock"]


def test_a_price_without_tax_is_not_what_a_shopper_pays(tmp_path: Path) -> None:
    header = "Product ID;Name *;Price tax excluded;Quantity;Unit price"
    with pytest.raises(FeedUnreadable) as refused:
        read(tmp_path, f"{header}\n1;Mug;11.90;3;0.00\n")
    assert refused.value.kind == "columns"
    assert "without tax: Price tax excluded" in refused.value.reason
    (row,) = fields_of(read(tmp_path, "Nom;Prix (HT);Prix (TTC)\nBol;10,00;12,00\n"))
    assert row["price"] == "12,00"


@pytest.mark.parametrize(
    ("column", "hidden", "shown"),
    [
        ("Active (0/1)", "0", "1"),
        ("Product Visible?", "N", "Y"),
        ("Ativo", "Não", "Sim"),
        ("enabled", "false", ""),
        ("status", "Draft", "new"),
    ],
)
def test_what_is_not_for_sale_in_the_supplier_s_shop_is_left_out(
    tmp_path: Path, column: str, hidden: str, shown: str
) -> None:
    first, second = read(tmp_path, f"sku,title,price,{column}\nA,Lamp,1,{hidden}\nB,Lamp,1,{shown}\n")
    assert isinstance(first, BadRow)
    assert (first.sku, first.severity) == ("A", "warned")
    assert [row["sku"] for row in fields_of([second])] == ["B"]


def test_a_german_woocommerce_has_products_and_variations_too(tmp_path: Path) -> None:
    blue, red = read(tmp_path, WOO_DE)
    assert isinstance(red, BadRow)
    assert (red.sku, red.severity) == ("T-R", "warned")
    assert fields_of([blue]) == [
        {
            "sku": "T-B",
            "group": "T",
            "title": "Tasse",
            "description": "Schön\nund groß",
            "category": "Küche > Tassen",
            "image": "https://x.test/a.jpg",
            "gtin": "4006381333931",
            "availability": "1",
            "stock": "7",
            "price": "9,90",
            "list_price": "12,90",
            "sale_period": "2026-01-01T00:00+00:00/2999-12-31T23:59+00:00",
            "attributes": {},
            "options": {"Farbe": "Blau"},
        }
    ]


MAGENTO = """sku,store_view_code,attribute_set_code,product_type,categories,name,product_online,visibility,price,\\
special_price,special_price_from_date,special_price_to_date,additional_attributes,qty,is_in_stock,configurable_variations
BAG,,Bag,simple,"Default Category/Gear,Default Category/Gear/Bags",Duffle Bag,1,"Catalog, Search",34,30,1/2/26,,\\
"activity=Gym|Hiking,color=Blue",100,1,
T-S,,Top,simple,Default Category/Tops,Hoodie-S,1,Not Visible Individually,52,,,,"color=Black,size=S",3,1,
T,,Top,configurable,Default Category/Tops,Hoodie,1,"Catalog, Search",,,,,,0,1,"sku=T-S,size=S|sku=T-M,size=M"
T-M,,Top,simple,Default Category/Tops,Hoodie-M,1,Not Visible Individually,52,,,,"color=Black,size=M",0,0,
T-M,de,,simple,,Kapuzenpulli,,,,,,,,,,
OLD,,Top,simple,,Old,2,"Catalog, Search",9,,,,,3,1,
""".replace("\\\n", "")


def test_variants_of_magento_find_their_product_above_and_below_it(tmp_path: Path) -> None:
    *offers, old = read(tmp_path, MAGENTO)
    assert isinstance(old, BadRow)
    assert (old.sku, old.severity, old.reason) == ("OLD", "warned", "Not enabled in Magento.")
    bag, *variants = fields_of(offers)
    assert (bag["category"], bag["colour"], bag["attributes"]) == ("Gear > Bags", "Blue", {"Activity": "Gym, Hiking"})
    assert (bag["price"], bag["sale_period"]) == ("30", "2026-01-02T00:00+00:00/2999-12-31T23:59+00:00")
    assert [(row["sku"], row["title"], row["group"], row["options"], row["stock"]) for row in variants] == [
        ("T-S", "Hoodie", "T", {"Size": "S"}, "3"),
        ("T-M", "Hoodie", "T", {"Size": "M"}, "0"),
    ]


@pytest.mark.parametrize(("content", "height"), [(HEUREKA, "Výška"), (CENEO, "Wysokość"), (OWN_XML, "Height")])
def test_products_in_other_xml_than_google_s(tmp_path: Path, content: str, height: str) -> None:
    (row,) = fields_of(read(tmp_path, content))
    assert (row["sku"], row["title"], row["brand"]) == ("A", "Lampa", "Lucis")
    assert row["price"].replace(" ", "").replace(",", ".") == "1299.50"
    assert row["image"].split("\n")[0] == "https://x.test/a.jpg"
    assert row["attributes"].items() >= {height: "40 cm"}.items()


@pytest.mark.parametrize(
    "shape",
    [
        SCHEMA_ORG,
        [SCHEMA_ORG],
        {"@context": "https://schema.org", "@graph": [SCHEMA_ORG]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": SCHEMA_ORG}]},
        {"data": {"products": {"edges": [{"node": SCHEMA_ORG}]}}},
    ],
)
def test_products_of_schema_org_wherever_they_stand(tmp_path: Path, shape: Any) -> None:
    (row,) = fields_of(read(tmp_path, json.dumps(shape)))
    assert row == {
        "sku": "A",
        "title": "Lamp",
        "brand": "Lucis",
        "image": "https://x.test/a.jpg",
        "price": "48.90",
        "currency": "EUR",
        "availability": "https://schema.org/InStock",
    }


def test_a_mark_in_the_middle_and_cells_too_many_spoil_nothing(tmp_path: Path) -> None:
    text = 'sku;title;price\nA;Lamp;1\n\ufeffB;"Two\nlines";2;\n'
    assert [row["sku"] for row in fields_of(read(tmp_path, text))] == ["A", "B"]


def test_what_is_no_name_of_ours_is_nothing() -> None:
    assert meaning("unit price") == Meaning("price", len(NAMES["price"].split(", ")) - 2)
