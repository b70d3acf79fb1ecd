"""VAT: which rate a thing has, and how much it is. Prices contain it, or it comes on top of them: PRICES says so.

A rate belongs to a country and a category with all below it, from a day on; the nearest category counts. Without any,
the rate is VAT_PERCENT. The country that counts is the one that things are delivered to; while that is not known, the
shop's own. SQL asks `vat_percent(category, country, day)`: a cart or an order is priced in one query.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.infra.clock import now, today
from app.infra.database import fetch, fetch_one
from app.infra.money import shares, vat_added, vat_included
from app.infra.settings import settings

MOST_RATES = 500


class Taxed(NamedTuple):
    """An amount in minor units as prices are, and the rate that is in it; or comes on top, if prices are net."""

    percent: Decimal
    amount_minor: int
    is_net: bool = False

    @property
    def vat_minor(self) -> int:
        vat = vat_added if self.is_net else vat_included
        return vat(self.amount_minor, self.percent / 100)


def on_top(amounts: Iterable[Taxed]) -> int:
    """The VAT that is to be paid besides these amounts."""
    return sum(each.vat_minor for each in amounts if each.is_net)


def rate_or_usual(percent: Decimal | None) -> Decimal:
    """What `vat_percent` found."""
    return settings().vat_percent if percent is None else percent


def of_parcel(goods: Sequence[Taxed], delivery_minor: int) -> list[Taxed]:
    """A parcel's goods and their delivery, which is taxed as they are: shared by their worth, to the cent."""
    parts = shares(delivery_minor, [each.amount_minor for each in goods])
    return [*goods, *(each._replace(amount_minor=part) for each, part in zip(goods, parts, strict=True))]


def by_rate(amounts: Iterable[Taxed]) -> list[Taxed]:
    """The sum for each rate, the highest first: VAT is worked out, and rounded, once for each."""
    sums: defaultdict[tuple[Decimal, bool], int] = defaultdict(int)
    for percent, amount, is_net in amounts:
        sums[percent, is_net] += amount
    return [Taxed(percent, sums[percent, is_net], is_net) for percent, is_net in sorted(sums, reverse=True)]


@dataclass(frozen=True)
class Rate:
    id: int
    country: str
    category: str  # its name with that of the one above it; "" is everything else
    percent: Decimal
    valid_from: date
    is_over: bool  # another has taken its place

    @property
    def has_begun(self) -> bool:
        return self.valid_from <= today()


class KnownRate(Exception):
    """There is another rate for the same things from the same day on."""


class TooManyRates(Exception):
    """There are enough."""


async def rates(category: int | None = None) -> list[Rate]:
    """Country by country, the shop's own first; of each category by category, the newest first.

    Args:
        category: only its own ones.
    """
    rows = await fetch(
        """SELECT r.id, r.country, r.percent, r.valid_from,
                  coalesce(nullif(concat_ws(': ', above.name, c.name), ''), '') AS category,
                  EXISTS (SELECT FROM tax_rate later WHERE later.country = r.country
                          AND later.category IS NOT DISTINCT FROM r.category
                          AND later.valid_from > r.valid_from AND later.valid_from <= $2) AS is_over
           FROM tax_rate r LEFT JOIN category c ON c.id = r.category
           LEFT JOIN category above ON above.path <> c.path AND above.path = split_part(c.path, '/', 1)
           WHERE $3::bigint IS NULL OR r.category = $3
           ORDER BY r.country <> $1, r.country, category, r.valid_from DESC""",
        settings().shop_country,
        today(),
        category,
    )
    return [Rate(**dict(row)) for row in rows]


async def set_rate(account: int, country: str, category: int | None, percent: Decimal, valid_from: date) -> None:
    """From a day on, a category (None: everything that has no rate of its own) has this rate in the country.

    The same again: once.

    Raises:
        KnownRate, TooManyRates: nothing was set.
    """
    count = await fetch_one("SELECT count(*) AS n FROM tax_rate")
    if count and count["n"] >= MOST_RATES:
        raise TooManyRates
    row = await fetch_one(
        """INSERT INTO tax_rate (country, category, percent, valid_from, set_by, set_at)
           VALUES ($1, $2::bigint, $3, $4, $5, $6)
           ON CONFLICT (country, coalesce(category, 0), valid_from) DO UPDATE SET percent = tax_rate.percent
           RETURNING percent""",
        country,
        category,
        percent,
        valid_from,
        account,
        now(),
    )
    if row and row["percent"] != percent:
        raise KnownRate


async def take_back(rate: int) -> bool:
    """Remove a rate that has not begun; False when it has, or is gone: orders may have been placed with it."""
    rows = await fetch("DELETE FROM tax_rate WHERE id = $1 AND valid_from > $2 RETURNING id", rate, today())
    return bool(rows)


async def choices() -> list[tuple[int, str]]:
    """Every category with its name, those below another with both names."""
    rows = await fetch(
        """SELECT c.id, concat_ws(': ', above.name, c.name) AS name FROM category c
           LEFT JOIN category above ON above.path <> c.path AND above.path = split_part(c.path, '/', 1)
           ORDER BY coalesce(above.position, c.position), above.id NULLS FIRST, c.position"""
    )
    return [(row["id"], row["name"]) for row in rows]
