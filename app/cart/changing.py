"""Changes of a cart. Each is one statement, so two at once give the sum; the stock caps it, an order decides it.

Adding is relative: two tabs that add give both. A quantity that is set is absolute, as it stood on the shopper's
page: the last one set counts, and the same form sent twice is one more. What is removed is set aside: see `aside`.
"""

from dataclasses import dataclass
from typing import Literal

from app.accounts.owners import Owner
from app.cart import merging
from app.cart.contents import AVAILABLE, MOST_LINES, MOST_PER_LINE, OWNED
from app.infra.clock import now
from app.infra.database import execute, fetch_one

LARGEST = 2**31 - 1  # that a column of prices and pieces holds


class NotForSale(Exception):
    """The offer cannot be put into a cart."""

    def __init__(self, reason: Literal["unknown", "withdrawn", "sold out", "full"], name: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


@dataclass(frozen=True)
class Change:
    """What a line is after a change: `quantity` pieces; `wanted` was asked for, `available` is there."""

    name: str
    quantity: int
    wanted: int
    available: int

    @property
    def capped(self) -> bool:
        return self.quantity < self.wanted


_OFFER = f"""
SELECT product.name, offer.price_minor, offer.withdrawn_at IS NOT NULL AS withdrawn, {AVAILABLE} AS available,
       (SELECT line.quantity FROM cart_line AS line JOIN cart ON cart.id = line.cart
        WHERE line.offer = offer.id AND {OWNED}) AS held,
       (SELECT count(*) FROM cart JOIN cart_line AS line ON line.cart = cart.id WHERE {OWNED})
       + (SELECT count(*) FROM cart JOIN aside_line AS line ON line.cart = cart.id AND line.kind = 'saved'
          WHERE {OWNED}) AS lines
FROM offer JOIN variant ON variant.id = offer.variant JOIN product ON product.id = variant.product
WHERE offer.id = $3"""  # noqa: S608 - only constants are put in

_ADD = """
WITH mine AS (
    INSERT INTO cart (account, visitor, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT ({owner}) DO UPDATE SET updated_at = excluded.updated_at
    RETURNING id, xmax = 0 AS is_new
)
INSERT INTO cart_line AS line (cart, offer, quantity, added_price_minor, added_at)
SELECT mine.id, $4, least($5::int, $6::int), $7, $3 FROM mine
ON CONFLICT (cart, offer) DO UPDATE SET
    quantity = greatest(line.quantity, least(line.quantity + $5::int, $6::int)),
    added_price_minor = excluded.added_price_minor, added_at = excluded.added_at, wanted = NULL
RETURNING quantity, (SELECT is_new FROM mine) AS is_new_cart"""

_SET = f"""
UPDATE cart_line AS line SET quantity = least($4::int, $5::int, {AVAILABLE}), wanted = NULL
FROM cart, offer, variant, product
WHERE line.id = $3 AND cart.id = line.cart AND {OWNED} AND offer.id = line.offer AND variant.id = offer.variant
      AND product.id = variant.product AND offer.withdrawn_at IS NULL AND {AVAILABLE} > 0
RETURNING line.quantity, product.name, {AVAILABLE} AS available"""  # noqa: S608 - only constants are put in

_SEEN = f"""
UPDATE cart_line AS line SET told_price_minor = $4, told_stock = $5, wanted = NULL
FROM cart WHERE line.id = $3 AND cart.id = line.cart AND {OWNED}"""  # noqa: S608 - only constants are put in


async def add(owner: Owner, offer_id: int, quantity: int) -> Change:
    """Put pieces of an offer into the cart, at most what is there and `MOST_PER_LINE`.

    Raises:
        NotForSale: there is no such offer, or it is withdrawn or sold out, or the cart holds as much as it can.
    """
    offer = await fetch_one(_OFFER, owner.account, owner.visitor, offer_id)
    if offer is None:
        raise NotForSale("unknown")
    if offer["withdrawn"] or not offer["available"]:
        raise NotForSale("withdrawn" if offer["withdrawn"] else "sold out", offer["name"])
    if offer["held"] is None and offer["lines"] >= MOST_LINES:
        raise NotForSale("full", offer["name"])
    row = await fetch_one(
        _ADD.format(owner="visitor" if owner.account is None else "account"),
        owner.account,
        owner.visitor,
        now(),
        offer_id,
        min(quantity, MOST_PER_LINE),
        min(offer["available"], MOST_PER_LINE),
        offer["price_minor"],
    )
    assert row is not None
    if row["is_new_cart"] and owner.visitor is not None:
        await merging.follow(owner.visitor)
    return Change(offer["name"], row["quantity"], (offer["held"] or 0) + quantity, offer["available"])


async def set_quantity(owner: Owner, line_id: int, quantity: int) -> Change | None:
    """Make the line `quantity` (from 1) pieces, at most what is there; None if it is not theirs or not for sale now."""
    wanted = min(quantity, 10 * MOST_PER_LINE)
    row = await fetch_one(_SET, owner.account, owner.visitor, line_id, wanted, MOST_PER_LINE)
    return Change(row["name"], row["quantity"], quantity, row["available"]) if row else None


async def seen(owner: Owner, line_id: int, price_minor: int | None, stock: int | None) -> None:
    """The shopper has read a line's news of this price and stock: they are not said again until they change."""
    told = [min(value, LARGEST) if value is not None else None for value in (price_minor, stock)]
    await execute(_SEEN, owner.account, owner.visitor, line_id, *told)
