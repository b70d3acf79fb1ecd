"""The names that suppliers give to their columns, and ours."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Per field of ours the names it goes by, the most telling first. Names are compared in lower case, without
# accents, and with every run of other characters as one space ("Product_Name" is "product name").
_NAMES: dict[str, str] = {
    "sku": "sku, variant sku, seller sku, supplier sku, item sku, merchant sku, product sku, offer id, product id, "
    "item id, article number, article no, artikelnummer, item number, item no, product code, item code, codigo, "
    "referencia, reference, part number, article id, asin, id",
    "title": "title, product title, item title, name, product name, item name, nome, nome do produto, titulo, titel, "
    "nombre, nom, titre, produktname, bezeichnung, denumire, product",
    "description": "description, body html, product description, long description, full description, descricao, "
    "beschreibung, descripcion, descriere, details, body, content, content encoded, summary, short description",
    "brand": "brand, brand name, brands, marca, marke, marque, manufacturer, manufacturer name, hersteller, "
    "fabricante, vendor, maker",
    "category": "product type, category, categories, category path, product category, category name, main category, "
    "categoria, kategorie, categorie, type, department",
    "subcategory": "sub category, subcategory, subcategoria, sub categoria, unterkategorie",
    "google_category": "google product category, google shopping google product category",
    "price": "price, variant price, selling price, unit price, retail price, price amount, current price, preco, "
    "preis, precio, prix, pret, prezzo, verkaufspreis, valor",
    "sale_price": "sale price, discount price, discounted price, special price, offer price, promo price, "
    "promotional price, preco promocional, angebotspreis",
    "sale_period": "sale price effective date",
    "list_price": "list price, actual price, compare at price, variant compare at price, regular price, "
    "original price, old price, was price, mrp, rrp, msrp, uvp, recommended price, suggested price, "
    "preco original, strike price",
    "currency": "currency, currency code, price currency, moeda, wahrung, moneda, devise",
    "gtin": "gtin, ean, ean13, ean 13, ean code, barcode, variant barcode, gtin13, gtin 13, gtin14, gtin12, gtin8, "
    "upc, upc code, isbn, codigo de barras, strichcode, bar code",
    "group": "item group id, group, group id, parent sku, parent id, handle, url handle, variant group, model id, "
    "parent",
    "note": "note, product highlight, highlight, tagline, subtitle, short note",
    "colour": "colour, color, cor, farbe, couleur, culoare",
    "size": "size, tamanho, grosse, taille, talla, marime",
    "options": "options, variant options",
    "attributes": "attributes, specifications, specs, features, atributos, properties, product detail",
    "image": "image, image link, image url, image src, main image, picture, picture url, photo, imagem, bild, img, "
    "images, image 1, image1, thumbnail, product image url, imgurl",
    "availability": "availability, stock status, available, in stock, disponibilidade, verfugbarkeit, instock",
    "stock": "stock, quantity, qty, stock quantity, stock qty, stock level, inventory, inventory quantity, "
    "variant inventory qty, sell on google quantity, quantity available, available quantity, stock on hand, on hand, "
    "estoque, existencias, bestand, lagerbestand, stoc, quantidade",
    "stocks": "stocks, stock by warehouse, warehouse stock, warehouses",
    "handling_days": "handling days, min handling time, handling time, days to ship, dispatch days, handling, "
    "lead time, lead time days, prazo de expedicao",
    "link": "link, url, product url, product link, permalink, product page",
    "Material": "material",
    "Pattern": "pattern",
    "Gender": "gender, google shopping gender",
    "Age group": "age group, google shopping age group",
}
ATTRIBUTE_FIELDS = frozenset({"Material", "Pattern", "Gender", "Age group"})
FIELDS = frozenset(_NAMES) - ATTRIBUTE_FIELDS

_PREFIXED = re.compile(
    r"^\s*(?:(?P<options>options?)|(?P<attributes>attributes?|attr|specs?)|(?P<stocks>stocks?))\s*[:.\[]\s*"
    r"(?P<name>[^\]]*[^\]\s])\s*\]?\s*$",
    re.IGNORECASE,
)


class Meaning(NamedTuple):
    """What one column holds: a field, or with `key` one entry of options, attributes or stocks."""

    field: str
    rank: int
    """The lower, the more telling the name: `sku` beats `id` when a feed has both."""
    key: str = ""


def normal(name: str) -> str:
    """`" Preço_(EUR) "` → `"preco eur"`."""
    bare = unicodedata.normalize("NFKD", name.strip().casefold().replace("ß", "ss"))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(char for char in bare if not unicodedata.combining(char))))


def _index() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for field, names in _NAMES.items():
        for rank, name in enumerate(names.split(", ")):
            found[name] = Meaning(field, rank)
    return found


_MEANINGS = _index()


@lru_cache(maxsize=4096)
def meaning(name: str) -> Meaning | None:
    """What a supplier's column, key or element name stands for, or None when it is not one of ours.

    `g:price` and `Price` mean the same. `stock:LIS`, `option:Colour` and `attributes[Material]` name one entry.
    """
    plain = normal(name)
    known = _MEANINGS.get(plain) or _MEANINGS.get(plain.removeprefix("g ")) or _MEANINGS.get(_split_camel(name))
    if known is not None:
        return known
    prefixed = _PREFIXED.match(name)
    if prefixed is None or prefixed.lastgroup is None:
        return None
    field = next(kind for kind in ("options", "attributes", "stocks") if prefixed.group(kind))
    return Meaning(field, 0, prefixed.group("name").strip())


def _split_camel(name: str) -> str:
    return normal(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name))
