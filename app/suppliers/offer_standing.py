"""What the shop has of one offer of a supplier: its price, its stock, and whether shoppers see it."""

from decimal import Decimal
from typing import Any
from urllib.parse import quote

from babel.numbers import get_currency_precision

from app.infra.database import fetch, fetch_one
from app.infra.money import SHOP_CURRENCY
from app.infra.settings import settings
from app.suppliers.offer_fields import SKU_CHARS


async def standing_of(supplier_id: int, sku: str) -> dict[str, Any] | None:
    """As programs get it, amounts as text; None when the supplier has never offered `sku`."""
    if not sku.isprintable() or not 0 < len(sku) <= SKU_CHARS:
        return None
    offer = await fetch_one(
        """SELECT o.*, v.sku AS our_sku, p.name, p.slug
           FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           WHERE o.supplier = $1 AND o.supplier_sku = $2""",
        supplier_id,
        sku,
    )
    if offer is None:
        return None
    stock = await fetch(
        """SELECT w.code, s.on_hand, s.reserved FROM stock s JOIN warehouse w ON w.id = s.warehouse
           WHERE s.offer = $1 ORDER BY w.code""",
        offer["id"],
    )
    return {
        "sku": sku,
        "state": _state(offer, stock),
        "title": offer["name"],
        "product": f"{settings().public_url}/p/{quote(offer['slug'])}",
        "variant": offer["our_sku"],
        "price": _amount(offer["source_price_minor"], offer["source_currency"]),
        "currency": offer["source_currency"],
        "shown_price": _amount(offer["price_minor"], SHOP_CURRENCY),
        "shown_list_price": _amount(offer["list_price_minor"], SHOP_CURRENCY) if offer["list_price_minor"] else None,
        "shown_currency": SHOP_CURRENCY,
        "handling_days": offer["handling_days"],
        "stocks": {row["code"]: row["on_hand"] for row in stock},
        "reserved": {row["code"]: row["reserved"] for row in stock if row["reserved"]},
        "feed": offer["feed"],
        "updated_at": offer["updated_at"],
    }


def _state(offer: Any, stock: list[Any]) -> str:
    if offer["withdrawn_at"] is not None:
        return "withdrawn"
    return "on_sale" if any(row["on_hand"] > row["reserved"] for row in stock) else "sold_out"


def _amount(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-get_currency_precision(currency)):f}"
