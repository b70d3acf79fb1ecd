"""Money is an integer of minor units plus an ISO 4217 currency; the shop sells in one currency."""

from decimal import Decimal

SHOP_CURRENCY = "EUR"
VAT_RATE = Decimal("0.23")


def cents(minor: int) -> str:
    """4890 -> "48.90", with thousands marks: 123456 -> "1,234.56"."""
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def euro(minor: int) -> str:
    """4890 -> "€48.90"."""
    return f"-€{cents(-minor)}" if minor < 0 else f"€{cents(minor)}"


def vat_included(gross_minor: int, rate: Decimal = VAT_RATE) -> int:
    """The VAT inside a gross amount, in minor units, rounded half up."""
    return int((Decimal(gross_minor) * rate / (1 + rate)).quantize(Decimal(1), rounding="ROUND_HALF_UP"))
