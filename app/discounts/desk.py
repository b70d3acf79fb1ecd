"""Codes as operators make and end them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.discounts.tables import Kind
from app.infra.clock import now
from app.infra.database import fetch, fetch_one

MOST_LISTED = 500


class CodeTaken(Exception):
    """There is such a code, and it gives something else."""


@dataclass(frozen=True)
class NewCode:
    """A code as it is made; None: without that limit."""

    code: str
    kind: Kind
    amount_minor: int | None
    percent: Decimal | None
    minimum_minor: int
    starts_at: datetime
    ends_at: datetime | None
    most_uses: int | None
    most_per_shopper: int | None


async def make(account: int, new: NewCode) -> None:
    """Make a code; the very same once more changes nothing.

    Raises:
        CodeTaken: another one is called so.
    """
    values = tuple(vars(new).values())
    made = await fetch_one(
        """INSERT INTO discount_code (code, kind, amount_minor, percent, minimum_minor, starts_at, ends_at, most_uses,
             most_per_shopper, made_by, made_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (code) DO NOTHING RETURNING id""",
        *values,
        account,
        now(),
    )
    if made is None:
        row = await fetch_one(
            """SELECT code, kind, amount_minor, percent, minimum_minor, starts_at, ends_at, most_uses, most_per_shopper
               FROM discount_code WHERE code = $1""",
            new.code,
        )
        if row is None or tuple(row.values()) != values:
            raise CodeTaken(new.code)


async def stop(code: int) -> bool:
    """End a code at once, for whoever has not placed an order with it; False when it has ended, or there is none."""
    return bool(
        await fetch(
            """UPDATE discount_code SET stopped_at = $2
               WHERE id = $1 AND stopped_at IS NULL AND (ends_at IS NULL OR ends_at > $2) RETURNING id""",
            code,
            now(),
        )
    )


async def listed() -> list[dict[str, Any]]:
    """The newest codes with their uses and what they took off the goods of orders, the newest first."""
    rows = await fetch(
        """SELECT c.*, coalesce(u.uses, 0) AS uses, coalesce(u.off_minor, 0) AS off_minor,
                  (c.stopped_at IS NOT NULL OR coalesce(c.ends_at <= $2, false)) AS is_over,
                  c.starts_at > $2 AS is_to_come
           FROM discount_code c
           LEFT JOIN (SELECT discount, count(*) AS uses, sum(off_minor)::bigint AS off_minor
                      FROM discount_use WHERE given_back_at IS NULL GROUP BY discount) u ON u.discount = c.id
           ORDER BY c.id DESC LIMIT $1""",
        MOST_LISTED,
        now(),
    )
    return [dict(row) for row in rows]
