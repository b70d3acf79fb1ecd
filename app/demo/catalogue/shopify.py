"""A shop's product export from Shopify: one row a variant, the product told only on the first of them."""

import csv
import io
from collections.abc import Sequence
from html import escape
from itertools import groupby

from app.catalog.taxonomy import BEGINNING
from app.demo.catalogue.own_formats import euros
from app.demo.catalogue.specs import OfferSpec, VariantSpec

OPTIONS = range(1, 4)
COLUMNS = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *(f"Option{place} {part}" for place in OPTIONS for part in ("Name", "Value")),
    *("Variant SKU", "Variant Inventory Qty", "Variant Price", "Variant Compare At Price", "Variant Barcode"),
    *("Image Src", "Variant Image", "Status"),
)


def shopify(offers: Sequence[OfferSpec]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for _, group in groupby(offers, key=lambda offer: offer.product.group):
        for place, offer in enumerate(group):
            writer.writerow(_variant(offer) | (_product(offer) if place == 0 else {}))
    return out.getvalue()


def _product(offer: OfferSpec) -> dict[str, str]:
    """Shopify has no columns for facts, so they stand as a list in the body, as its shops do it."""
    product = offer.product
    facts = "".join(f"<li>{escape(name)}: {escape(value)}</li>" for name, value in product.attributes.items())
    leaf = BEGINNING.category(product.category)
    names = {f"Option{place} Name": name for place, (name, _) in enumerate(_options(offer.variant), 1)}
    return names | {
        "Title": product.name,
        "Body (HTML)": f"<p>{escape(product.description, quote=False)}</p><ul>{facts}</ul>",
        "Vendor": product.brand,
        "Product Category": BEGINNING.trail(product.category),
        "Type": leaf.name if leaf else "",
        "Tags": ", ".join(sorted({value for _, value in _options(offer.variant)} | {product.brand})),
        "Published": "true",
        "Image Src": offer.variant.image,
        "Status": "active",
    }


def _variant(offer: OfferSpec) -> dict[str, str]:
    values = {f"Option{place} Value": value for place, (_, value) in enumerate(_options(offer.variant), 1)}
    return values | {
        "Handle": offer.product.group,
        "Variant SKU": offer.sku,
        "Variant Inventory Qty": str(sum(offer.stock.values())),
        "Variant Price": euros(offer.price),
        "Variant Compare At Price": euros(offer.list_price) if offer.list_price else "",
        "Variant Barcode": offer.variant.gtin,
        "Variant Image": offer.variant.image,
    }


def _options(variant: VariantSpec) -> list[tuple[str, str]]:
    """What there is to choose, at most three; Shopify's stand-in where there is nothing."""
    chosen = {"Colour": variant.colour, "Size": variant.size} | variant.options
    return [(name, value) for name, value in chosen.items() if value] or [("Title", "Default Title")]
