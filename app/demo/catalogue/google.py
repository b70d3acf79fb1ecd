"""Google Merchant feeds, as RSS 2.0 and as Atom."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from app.catalog.taxonomy import BEGINNING
from app.demo.catalogue.own_formats import euros
from app.demo.catalogue.specs import OfferSpec, SupplierSpec

NAMESPACE = 'xmlns:g="http://base.google.com/ns/1.0"'
Tags = Iterator[tuple[str, str]]


def rss(supplier: SupplierSpec, offers: Sequence[OfferSpec]) -> str:
    items = "\n".join(f"<item>\n{_item(offer)}\n</item>" for offer in offers)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {NAMESPACE}>\n<channel>\n'
        f"<title>{escape(supplier.name)}</title>\n<description>{escape(supplier.about)}</description>\n"
        f"{items}\n</channel>\n</rss>\n"
    )


def atom(supplier: SupplierSpec, offers: Sequence[OfferSpec]) -> str:
    entries = "\n".join(f"<entry>\n{_item(offer)}\n</entry>" for offer in offers)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACE}>\n'
        f"<title>{escape(supplier.name)}</title>\n<subtitle>{escape(supplier.about)}</subtitle>\n{entries}\n</feed>\n"
    )


def _item(offer: OfferSpec) -> str:
    lines = [f"<{tag}>{escape(text)}</{tag}>" for tag, text in _tags(offer)]
    return "\n".join(lines + [_detail(name, value) for name, value in offer.product.attributes.items()])


def _tags(offer: OfferSpec) -> Tags:
    product, variant = offer.product, offer.variant
    yield "g:id", offer.sku
    yield "g:title", product.name
    yield "g:description", product.description
    yield "g:item_group_id", product.group
    yield "g:brand", product.brand
    yield "g:gtin", variant.gtin
    yield from _price(offer)
    pieces = sum(offer.stock.values())
    yield "g:availability", "in_stock" if pieces else "out_of_stock"
    yield "g:quantity", str(pieces)
    yield "g:condition", "new"
    yield "g:product_type", BEGINNING.trail(product.category)
    if variant.colour:
        yield "g:color", variant.colour
    if variant.size:
        yield "g:size", variant.size
    yield "g:image_link", variant.image
    yield "g:product_highlight", variant.note
    yield "g:min_handling_time", str(offer.handling_days)


def _price(offer: OfferSpec) -> Tags:
    """Google's price is the regular one; what is asked today stands beside it while it is lower."""
    yield "g:price", f"{euros(offer.list_price or offer.price)} EUR"
    if offer.list_price:
        yield "g:sale_price", f"{euros(offer.price)} EUR"


def _detail(name: str, value: str) -> str:
    return (
        "<g:product_detail><g:section_name>Facts</g:section_name>"
        f"<g:attribute_name>{escape(name)}</g:attribute_name>"
        f"<g:attribute_value>{escape(value)}</g:attribute_value></g:product_detail>"
    )
