"""Our own formats: delimited text, a JSON array and JSON Lines, with the columns that the supplier guide names."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from app.demo.catalogue.specs import WAREHOUSES, OfferSpec

Offers = Sequence[OfferSpec]


def delimited(offers: Offers, delimiter: str) -> str:
    """One offer a row. Columns that no offer of this supplier fills are left out."""
    rows = [_flat(offer) for offer in offers]
    used = {column for row in rows for column, value in row.items() if value}
    columns = [column for column in _columns(rows) if column in used]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def json_array(offers: Offers) -> str:
    return json.dumps([_nested(offer) for offer in offers], ensure_ascii=False, indent=1) + "\n"


def json_lines(offers: Offers) -> str:
    return "".join(json.dumps(_nested(offer), ensure_ascii=False) + "\n" for offer in offers)


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _columns(rows: Iterable[dict[str, str]]) -> list[str]:
    """Every column in the order of first sight, with those of a kind side by side."""
    seen = dict.fromkeys(column for row in rows for column in row)
    return sorted(seen, key=lambda column: (_KINDS.index(column.partition(":")[0]), column.startswith("attr")))


_KINDS = (
    *("sku", "title", "description", "brand", "category", "price", "currency", "list_price", "gtin", "group", "note"),
    *("colour", "size", "option", "attr", "image", "stock", "handling_days"),
)


def _plain(offer: OfferSpec) -> dict[str, str]:
    product, variant = offer.product, offer.variant
    return {
        "sku": offer.sku,
        "title": product.name,
        "description": product.description,
        "brand": product.brand,
        "category": product.category,
        "price": euros(offer.price),
        "currency": "EUR",
        "list_price": euros(offer.list_price) if offer.list_price else "",
        "gtin": variant.gtin,
        "group": product.group,
        "note": variant.note,
        "colour": variant.colour or "",
        "size": variant.size or "",
        "image": variant.image,
        "handling_days": str(offer.handling_days),
    }


def _flat(offer: OfferSpec) -> dict[str, str]:
    row = _plain(offer)
    row |= {f"option:{name}": value for name, value in offer.variant.options.items()}
    row |= {f"attr:{name}": value for name, value in offer.product.attributes.items()}
    return row | {f"stock:{code}": str(offer.stock.get(code, 0)) for code in WAREHOUSES}


def _nested(offer: OfferSpec) -> dict[str, Any]:
    row: dict[str, Any] = {name: value for name, value in _plain(offer).items() if value}
    if offer.variant.options:
        row["options"] = offer.variant.options
    return row | {
        "attributes": offer.product.attributes,
        "stock": offer.stock,
        "handling_days": offer.handling_days,
    }
