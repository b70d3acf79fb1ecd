"""A guest's cart becomes the account's at sign-in: no line is lost, quantities of the same offer add up."""

from app.cart.contents import MOST_PER_LINE
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction


async def merge(visitor: bytes, account: int) -> None:
    """Move the visitor's lines into the account's cart; a second time there is nothing to move.

    Joins the transaction of the sign-in. A line of both carts keeps the price at which the account added it.
    """
    async with transaction():
        guest = await fetch_one("SELECT id FROM cart WHERE visitor = $1 FOR UPDATE", visitor)
        if guest is None or await _taken_over(guest["id"], account):
            return
        mine = await fetch_one("SELECT id FROM cart WHERE account = $1 FOR UPDATE", account)
        assert mine is not None
        await execute(
            """INSERT INTO cart_line AS line (cart, offer, quantity, added_price_minor, added_at)
               SELECT $2, offer, quantity, added_price_minor, added_at FROM cart_line WHERE cart = $1 ORDER BY offer
               ON CONFLICT (cart, offer) DO UPDATE SET quantity = least($3, line.quantity + excluded.quantity)""",
            guest["id"],
            mine["id"],
            MOST_PER_LINE,
        )
        await execute("DELETE FROM cart WHERE id = $1", guest["id"])
        await execute("UPDATE cart SET updated_at = $2 WHERE id = $1", mine["id"], now())


async def _taken_over(guest: int, account: int) -> bool:
    """An account without a cart takes the guest's as it is, with the checkout that may have begun on it."""
    row = await fetch_one(
        """UPDATE cart SET account = $2, visitor = NULL, updated_at = $3
           WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM cart WHERE account = $2) RETURNING id""",
        guest,
        account,
        now(),
    )
    return row is not None
