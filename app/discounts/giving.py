"""What a discount code takes off an order, and for whom: looked at while one decides, taken when it is placed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.discounts.tables import Kind
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.infra.money import euro


class NotGiven(Exception):
    """The code gives nothing here; the message says why, to the shopper."""


@dataclass(frozen=True)
class Shopper:
    """Who would use a code: limits count by account and by the order's address, whichever was used more."""

    account: int | None
    email: str = ""  # "" while it is not known

    @property
    def mailbox(self) -> str:
        """The address as it counts: capital letters make no other shopper."""
        return self.email.lower()


@dataclass(frozen=True)
class Discount:
    """What a code takes off an order of these goods and this delivery."""

    id: int
    code: str
    kind: Kind
    amount_minor: int | None
    percent: Decimal | None
    minimum_minor: int

    def off_goods(self, items_minor: int, delivery_minor: int, least_minor: int) -> int:
        """Minor units off the goods; so much at least is left to pay."""
        match self.kind:
            case Kind.AMOUNT:
                off = self.amount_minor or 0
            case Kind.PERCENT:
                exact = Decimal(items_minor) * (self.percent or Decimal(0)) / 100
                off = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
            case Kind.FREE_DELIVERY:
                off = 0
        return max(min(off, items_minor, items_minor + delivery_minor - least_minor), 0)

    def off_delivery(self, prices_minor: Sequence[int], chosen_minor: int) -> int:
        """Minor units off a parcel's delivery: what the cheapest way would cost; a dearer one costs the difference."""
        return min(*prices_minor, chosen_minor) if self.kind == Kind.FREE_DELIVERY and prices_minor else 0


def code_of(typed: str) -> str:
    """As it is kept: without blanks, in capitals; "" for what cannot be a code."""
    code = "".join(typed.split()).upper()
    return code if 0 < len(code) <= 30 and code.isprintable() else ""


async def look(code: str, shopper: Shopper, items_minor: int) -> Discount:
    """The discount that a code gives this shopper for goods of so much, as it is now.

    Raises:
        NotGiven: with the reason.
    """
    row = await fetch_one("SELECT *, now() AS asked_at FROM discount_code WHERE code = $1", code_of(code))
    return await _judged(row, shopper, items_minor)


async def take(discount: Discount, order: int, shopper: Shopper, items_minor: int, off_minor: int) -> None:
    """Use a code for an order, in the transaction that places it.

    A code with limits is one row that its users wait for; so this comes late, just before stock is held.

    Raises:
        NotGiven: it gives something else than the shopper was shown, or nothing; nothing was used.
    """
    locking = "FOR NO KEY UPDATE" if await _has_limits(discount.id) else ""
    row = await fetch_one(f"SELECT *, now() AS asked_at FROM discount_code WHERE id = $1 {locking}", discount.id)  # noqa: S608
    if await _judged(row, shopper, items_minor) != discount:
        raise NotGiven("The discount has changed.")
    if locking:
        await execute("UPDATE discount_code SET used = used + 1 WHERE id = $1", discount.id)
    await execute(
        """INSERT INTO discount_use (discount, "order", account, email, off_minor, used_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        discount.id,
        order,
        shopper.account,
        shopper.mailbox,
        off_minor,
        now(),
    )


async def give_back(order: int) -> None:
    """The order did not come about: somebody else may use the code. Again it changes nothing."""
    await execute(
        """WITH back AS (UPDATE discount_use SET given_back_at = $2 WHERE "order" = $1 AND given_back_at IS NULL
                         RETURNING discount)
           UPDATE discount_code c SET used = used - 1 FROM back
           WHERE c.id = back.discount AND (c.most_uses IS NOT NULL OR c.most_per_shopper IS NOT NULL)""",
        order,
        now(),
    )


async def take_again(order: int) -> bool:
    """An order that had given its code back came about after all, in the caller's transaction: it counts as used again.

    False when, meanwhile, others have used the code as often as it may be; nothing was changed. True, too, for an order
    without a code, or that has it still.
    """
    row = await fetch_one(
        """SELECT c.id, c.most_uses, c.most_per_shopper, c.used, u.account, u.email FROM discount_use u
           JOIN discount_code c ON c.id = u.discount
           WHERE u."order" = $1 AND u.given_back_at IS NOT NULL FOR NO KEY UPDATE OF c""",
        order,
    )
    if row is None:
        return True
    if await _is_used_up(row, Shopper(row["account"], row["email"])):
        return False
    await execute('UPDATE discount_use SET given_back_at = NULL WHERE "order" = $1', order)
    await execute(
        """UPDATE discount_code SET used = used + 1
           WHERE id = $1 AND (most_uses IS NOT NULL OR most_per_shopper IS NOT NULL)""",
        row["id"],
    )
    return True


async def forget(account: int, email: str) -> None:
    """The account is deleted: what was used stays counted, and says no more by whom."""
    await execute(
        "UPDATE discount_use SET account = NULL, email = '' WHERE account = $1 OR email = $2", account, email.lower()
    )


async def _has_limits(discount: int) -> bool:
    return bool(
        await fetch(
            "SELECT FROM discount_code WHERE id = $1 AND (most_uses IS NOT NULL OR most_per_shopper IS NOT NULL)",
            discount,
        )
    )


async def _judged(row: Any, shopper: Shopper, items_minor: int) -> Discount:
    if row is None:
        raise NotGiven("There is no such code.")
    asked_at: datetime = row["asked_at"]
    if asked_at < row["starts_at"]:
        raise NotGiven("This code cannot be used yet.")
    if row["stopped_at"] or (row["ends_at"] and asked_at >= row["ends_at"]):
        raise NotGiven("This code has ended.")
    if items_minor < row["minimum_minor"]:
        raise NotGiven(f"This code is for orders from {euro(row['minimum_minor'])} of goods.")
    if said := await _is_used_up(row, shopper):
        raise NotGiven(said)
    kind = Kind(row["kind"])
    return Discount(row["id"], row["code"], kind, row["amount_minor"], row["percent"], row["minimum_minor"])


async def _is_used_up(row: Any, shopper: Shopper) -> str:
    """Why this shopper cannot use the code once more; "" if he can."""
    if row["most_uses"] is not None and row["used"] >= row["most_uses"]:
        return "This code has been used up."
    if row["most_per_shopper"] is not None and await _uses(row["id"], shopper) >= row["most_per_shopper"]:
        return "You have used this code already."
    return ""


async def _uses(discount: int, shopper: Shopper) -> int:
    row = await fetch_one(
        """SELECT greatest(count(*) FILTER (WHERE account = $2), count(*) FILTER (WHERE email = $3)) AS uses
           FROM discount_use WHERE discount = $1 AND given_back_at IS NULL AND (account = $2 OR email = $3)""",
        discount,
        shopper.account,
        shopper.mailbox,
    )
    return int(row["uses"]) if row else 0
