"""Lines that leave the cart and may come back: saved for later, or removed a moment ago.

A line keeps its pieces and the price at which it was added. Saving what is saved already adds up; removing replaces
what could be brought back of the same offer. Each change locks the cart first, as an order and a merge do.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from app.accounts.owners import Owner
from app.cart.changing import Change, NotForSale
from app.cart.contents import AVAILABLE, LOCK, MOST_PER_LINE, MOST_SAVED, UNDO_MINUTES
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction

Kind = Literal["saved", "removed"]


@dataclass(frozen=True)
class Kept:
    """What is set aside now: `quantity` pieces of it."""

    name: str
    quantity: int


_TAKE_OUT = """
DELETE FROM cart_line AS line USING offer, variant, product
WHERE line.id = $1 AND line.cart = $2 AND offer.id = line.offer AND variant.id = offer.variant
      AND product.id = variant.product
RETURNING line.offer, line.quantity, line.added_price_minor, line.added_at, product.name"""

_KEEP = """
INSERT INTO aside_line AS line (cart, offer, kind, quantity, added_price_minor, added_at, moved_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (cart, offer, kind) DO UPDATE SET moved_at = excluded.moved_at,
    quantity = CASE excluded.kind WHEN 'saved' THEN least($8, line.quantity + excluded.quantity)
                                  ELSE excluded.quantity END
RETURNING quantity"""

_FIND = f"""
SELECT line.id, line.kind, line.offer, line.quantity, line.added_price_minor, line.added_at, product.name,
       offer.withdrawn_at IS NOT NULL AS withdrawn, coalesce(mine.quantity, 0) AS held, {AVAILABLE} AS available
FROM aside_line AS line JOIN offer ON offer.id = line.offer JOIN variant ON variant.id = offer.variant
     JOIN product ON product.id = variant.product
     LEFT JOIN cart_line AS mine ON mine.cart = line.cart AND mine.offer = line.offer
WHERE line.id = $1 AND line.cart = $2"""  # noqa: S608 - only a constant is put in

_PUT_BACK = """
INSERT INTO cart_line AS line (cart, offer, quantity, added_price_minor, added_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (cart, offer) DO UPDATE SET quantity = excluded.quantity, wanted = NULL"""


async def save(owner: Owner, line_id: int) -> Kept | None:
    """Out of the cart, kept for later, however much of it there is; None if it is not in their cart (any more)."""
    return await _set_aside(owner, line_id, "saved")


async def remove(owner: Owner, line_id: int) -> str | None:
    """Take the line out, to be brought back for a few minutes; its name, None if it is not there (any more)."""
    gone = await _set_aside(owner, line_id, "removed")
    return gone.name if gone else None


async def _set_aside(owner: Owner, line_id: int, kind: Kind) -> Kept | None:
    async with transaction():
        cart = await fetch_one(LOCK, owner.account, owner.visitor)
        line = await fetch_one(_TAKE_OUT, line_id, cart["id"]) if cart else None
        if cart is None or line is None:
            return None
        row = await fetch_one(
            _KEEP,
            cart["id"],
            line["offer"],
            kind,
            line["quantity"],
            line["added_price_minor"],
            line["added_at"],
            now(),
            MOST_SAVED,
        )
        await execute(
            "DELETE FROM aside_line WHERE cart = $1 AND kind = 'removed' AND moved_at < $2",
            cart["id"],
            now() - timedelta(minutes=UNDO_MINUTES),
        )
    assert row is not None
    return Kept(line["name"], row["quantity"])


async def bring_back(owner: Owner, aside_id: int) -> Change | None:
    """Into the cart again; None if it is not set aside (any more), so a double click is one.

    What was removed comes back as it was, even if it is sold out by now: its line says so. What was saved comes like
    something that is added: at most what is there, and never fewer pieces than the cart has.

    Raises:
        NotForSale: it was saved, and is withdrawn or sold out; it stays saved.
    """
    async with transaction():
        cart = await fetch_one(LOCK, owner.account, owner.visitor)
        line = await fetch_one(_FIND, aside_id, cart["id"]) if cart else None
        if cart is None or line is None:
            return None
        if line["kind"] == "saved" and (line["withdrawn"] or not line["available"]):
            raise NotForSale("withdrawn" if line["withdrawn"] else "sold out", line["name"])
        wanted = line["held"] + line["quantity"]
        quantity = _bounded(line, wanted)
        await execute("DELETE FROM aside_line WHERE id = $1", aside_id)
        await execute(_PUT_BACK, cart["id"], line["offer"], quantity, line["added_price_minor"], line["added_at"])
    return Change(line["name"], quantity, wanted, line["available"])


def _bounded(line: Any, wanted: int) -> int:
    most = MOST_PER_LINE if line["kind"] == "removed" else min(line["available"], MOST_PER_LINE)
    return max(line["held"], min(wanted, most))


async def forget(owner: Owner, aside_id: int) -> str | None:
    """No longer kept, nor to be brought back; the name of what it was, None if it is not there (any more)."""
    async with transaction():
        cart = await fetch_one(LOCK, owner.account, owner.visitor)
        line = await fetch_one(_FIND, aside_id, cart["id"]) if cart else None
        if line is not None:
            await execute("DELETE FROM aside_line WHERE id = $1", aside_id)
    return str(line["name"]) if line else None
