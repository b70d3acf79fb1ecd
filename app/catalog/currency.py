"""Suppliers' prices in the shop's currency, at today's rate."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from app.infra.database import fetch
from app.infra.money import SHOP_CURRENCY


class RateMissing(LookupError):
    """There is no exchange rate for a currency."""


async def rates() -> dict[str, Decimal]:
    """Currency → its units for one unit of the shop's."""
    rows = await fetch("SELECT currency, per_unit FROM exchange_rate WHERE per_unit > 0")
    return {**{row["currency"]: row["per_unit"] for row in rows}, SHOP_CURRENCY: Decimal(1)}


def in_shop_currency(minor: int, currency: str, known: Mapping[str, Decimal]) -> int:
    """Minor units of the shop's currency, rounded half up, at least 1.

    Raises:
        RateMissing: `known` has no rate for `currency`.
    """
    if currency == SHOP_CURRENCY:
        return minor
    if currency not in known:
        raise RateMissing(f"no exchange rate for {currency}")
    amount = Decimal(minor).scaleb(get_currency_precision(SHOP_CURRENCY) - get_currency_precision(currency))
    return max(1, int((amount / known[currency]).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
