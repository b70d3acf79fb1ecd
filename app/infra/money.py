"""Money is an integer of minor units plus an ISO 4217 currency; the shop sells in one currency."""

from collections.abc import Sequence
from decimal import Decimal

SHOP_CURRENCY = "EUR"


def cents(minor: int) -> str:
    """4890 -> "48.90", with thousands marks: 123456 -> "1,234.56"."""
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def euro(minor: int) -> str:
    """4890 -> "€48.90"."""
    return f"-€{cents(-minor)}" if minor < 0 else f"€{cents(minor)}"


def vat_included(gross_minor: int, rate: Decimal) -> int:
    """The VAT inside a gross amount, in minor units, rounded half up; `rate` 0.23 is 23 %."""
    return int((Decimal(gross_minor) * rate / (1 + rate)).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def vat_added(net_minor: int, rate: Decimal) -> int:
    """The VAT that comes on top of a net amount, in minor units, rounded half up; `rate` 0.23 is 23 %."""
    return int((Decimal(net_minor) * rate).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def shares(total_minor: int, weights: Sequence[int]) -> list[int]:
    """A total in parts as large as the weights say, to the cent: what rounding leaves goes to the largest remainders.

    Args:
        weights: none negative. If all are 0 they count alike.
    """
    if not weights:
        return []
    whole = sum(weights)
    wanted = [total_minor * weight for weight in weights] if whole else [total_minor] * len(weights)
    parts = [each // (whole or len(weights)) for each in wanted]
    remainders = sorted(range(len(weights)), key=lambda n: (-(wanted[n] % (whole or len(weights))), n))
    for n in remainders[: total_minor - sum(parts)]:
        parts[n] += 1
    return parts
