"""Exchange rates as operators see and set them. What is made of them is in `currency.py`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_name, get_currency_precision

from app.infra.database import execute, fetch
from app.infra.money import SHOP_CURRENCY


@dataclass(frozen=True)
class Rate:
    currency: str
    per_unit: Decimal  # units of the currency for one unit of the shop's
    as_of: date
    offers: int  # on sale, with a price in it

    @property
    def name(self) -> str:
        return get_currency_name(self.currency, locale="en")

    @property
    def written(self) -> str:
        return written(self.per_unit)


def written(per_unit: Decimal) -> str:
    """Without zeros at the end: 1.15850000 -> "1.1585"."""
    return f"{per_unit.normalize():f}"


def least(currency: str) -> Decimal:
    """The lowest rate of a currency: with less, the dearest price that a feed may name is too much for an offer.

    0.05 for one with cents, 5 for one without; no currency that is in use comes near.
    """
    return Decimal(5).scaleb(-get_currency_precision(currency))


async def rates() -> list[Rate]:
    """By the currencies' codes."""
    rows = await fetch(
        """SELECT r.currency, r.per_unit, r.as_of, coalesce(o.offers, 0) AS offers
           FROM exchange_rate r LEFT JOIN (
             SELECT source_currency, count(*) AS offers FROM offer
             WHERE withdrawn_at IS NULL AND source_currency <> $1 GROUP BY source_currency
           ) o ON o.source_currency = r.currency
           WHERE r.per_unit > 0 AND r.currency <> $1 ORDER BY r.currency""",
        SHOP_CURRENCY,
    )
    return [Rate(**dict(row)) for row in rows]


async def set_rate(currency: str, per_unit: Decimal, as_of: date) -> None:
    """What one unit of the shop's currency buys of another, in place of the rate that it had. Offers that are there are
    converted anew when their suppliers send them again.
    """
    await execute(
        """INSERT INTO exchange_rate (currency, per_unit, as_of) VALUES ($1, $2, $3)
           ON CONFLICT (currency) DO UPDATE SET per_unit = excluded.per_unit, as_of = excluded.as_of""",
        currency,
        per_unit,
        as_of,
    )
