"""Exchange rates as operators see and set them. What is made of them is in `currency.py`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import get_currency_name, get_currency_precision

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.money import SHOP_CURRENCY

LEAP = Decimal("0.1")  # currencies seldom move so far before a rate is set anew; a slip of the hand does


class Leaps(Exception):
    """The rate is further than LEAP from the one `before` it, and nobody said that it is meant."""

    def __init__(self, before: Decimal) -> None:
        super().__init__(before)
        self.before = before


class HasOffers(Exception):
    """Offers on sale have prices in the currency."""


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


@dataclass(frozen=True)
class Change:
    """Of the currency's rate, by an operator. None: there was, or is, no rate."""

    operator: str
    currency: str
    before: Decimal | None
    after: Decimal | None
    changed_at: datetime

    @property
    def words(self) -> str:
        if self.before is None:
            return f"{written(self.after or Decimal(0))}, the first one"
        return (
            f"{written(self.before)}, removed"
            if self.after is None
            else f"{written(self.before)} → {written(self.after)}"
        )


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


async def changes(limit: int = 20) -> list[Change]:
    """The newest first."""
    rows = await fetch(
        """SELECT a.name AS operator, c.currency, c.before, c.after, c.changed_at
           FROM exchange_rate_change c JOIN account a ON a.id = c.account ORDER BY c.id DESC LIMIT $1""",
        limit,
    )
    return [Change(**dict(row)) for row in rows]


async def set_rate(account_id: int, currency: str, per_unit: Decimal, as_of: date, *, is_meant: bool = False) -> None:
    """What one unit of the shop's currency buys of another, in place of the rate that it had. Offers that are there are
    converted anew when their suppliers send them again.

    Raises:
        Leaps: see there; with `is_meant` never.
    """
    async with transaction():
        before = await _locked(currency)
        if before and not is_meant and abs(per_unit - before) > LEAP * before:
            raise Leaps(before)
        await execute(
            """INSERT INTO exchange_rate (currency, per_unit, as_of) VALUES ($1, $2, $3)
               ON CONFLICT (currency) DO UPDATE SET per_unit = excluded.per_unit, as_of = excluded.as_of""",
            currency,
            per_unit,
            as_of,
        )
        if per_unit != before:
            await _write_down(account_id, currency, before, per_unit)


async def remove(account_id: int, currency: str) -> bool:
    """Rows with prices in the currency are refused from now on. False: it had no rate.

    Raises:
        HasOffers: see there.
    """
    async with transaction():
        before = await _locked(currency)
        if before is None:
            return False
        if await fetch("SELECT id FROM offer WHERE withdrawn_at IS NULL AND source_currency = $1 LIMIT 1", currency):
            raise HasOffers
        await execute("DELETE FROM exchange_rate WHERE currency = $1", currency)
        await _write_down(account_id, currency, before, None)
    return True


async def _locked(currency: str) -> Decimal | None:
    """The rate that it has. Other operators wait until the end of the transaction; who reads rates does not."""
    await execute("LOCK TABLE exchange_rate IN SHARE ROW EXCLUSIVE MODE")
    row = await fetch_one("SELECT per_unit FROM exchange_rate WHERE currency = $1 AND per_unit > 0", currency)
    return row["per_unit"] if row else None


async def _write_down(account_id: int, currency: str, before: Decimal | None, after: Decimal | None) -> None:
    await execute(
        "INSERT INTO exchange_rate_change (account, currency, before, after, changed_at) VALUES ($1, $2, $3, $4, $5)",
        account_id,
        currency,
        before,
        after,
        now(),
    )
