"""A guest's cart becomes the account's at sign-in: no line is lost, quantities of the same offer add up."""

from app.cart.contents import MOST_PER_LINE
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction


async def merge(visitor: bytes, account: int) -> None:
    """Move the visitor's lines into the account's cart; a second time there is nothing to move.

    Joins the transaction of the sign-in. A line of both carts keeps the price at which the account added it; a
    checkout that has begun on the guest's cart goes on, unless the account has begun one of its own.
    """
    async with transaction():
        guest = await fetch_one("SELECT id FROM cart WHERE visitor = $1 FOR UPDATE", visitor)
        if guest is None:
            return
        mine = await _cart_of(account)
        await execute(
            """INSERT INTO cart_line AS line (cart, offer, quantity, added_price_minor, added_at)
               SELECT $2, offer, quantity, added_price_minor, added_at FROM cart_line WHERE cart = $1 ORDER BY offer
               ON CONFLICT (cart, offer) DO UPDATE SET quantity = least($3, line.quantity + excluded.quantity)""",
            guest["id"],
            mine,
            MOST_PER_LINE,
        )
        await execute(
            """UPDATE checkout SET cart = $2
               WHERE cart = $1 AND NOT EXISTS (SELECT 1 FROM checkout WHERE cart = $2)""",
            guest["id"],
            mine,
        )
        await execute("DELETE FROM cart WHERE id = $1", guest["id"])


async def _cart_of(account: int) -> int:
    """The account's cart, made when new, locked: two browsers that sign in at once come one after the other."""
    row = await fetch_one(
        """INSERT INTO cart (account, updated_at) VALUES ($1, $2)
           ON CONFLICT (account) DO UPDATE SET updated_at = excluded.updated_at RETURNING id""",
        account,
        now(),
    )
    assert row is not None
    return int(row["id"])
