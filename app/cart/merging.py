"""A guest's cart becomes the account's at sign-in. The rules, all of them:

- No line is lost: a line of the guest's comes to the account's cart, sold out or not, and what was saved for later
  to what is saved there. Something in the cart and saved for later stays both.
- Pieces of the same offer add up, to at most `MOST_PER_LINE`; a line that was cut says so until that
  was read.
- Stock cuts nothing here: a line over the stock stays, and says how many an order will have.
- A line of both carts keeps the price at which the account added it.
- A checkout that has begun on the guest's cart goes on, unless the account has begun one of its own.
- Who had things in both carts is told so at once: nobody pays for what they had forgotten.
- A second time there is nothing to move, so twice is once. What a request that was under way at sign-in puts into the
  guest's cart afterwards follows at once (`follow`), for `FOLLOWS_HOURS`.
"""

from datetime import timedelta

from app.cart.contents import MOST_PER_LINE, MOST_SAVED
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction

FOLLOWS_HOURS = 1

# Waits for a merge of the same visitor that has not committed.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(encode($1::bytea, 'hex'), 0))"


async def merge(visitor: bytes, account: int) -> str:
    """Move the visitor's lines into the account's cart; what their owner should know of it, "" if nothing. Joins the
    transaction of the sign-in."""
    async with transaction():
        await execute(_ONE_AT_A_TIME, visitor)
        await _remember(visitor, account)
        guest = await fetch_one("SELECT id FROM cart WHERE visitor = $1 FOR UPDATE", visitor)
        if guest is None:
            return ""
        mine = await _cart_of(account)
        had, came = await _pieces(mine), await _pieces(guest["id"])
        await _move(guest["id"], mine)
        return _said(had, await _pieces(mine)) if had and came else ""


async def _pieces(cart: int) -> int:
    row = await fetch_one("SELECT coalesce(sum(quantity), 0)::int AS pieces FROM cart_line WHERE cart = $1", cart)
    return int(row["pieces"]) if row else 0


def _said(had: int, now_there: int) -> str:
    items = "1 item" if had == 1 else f"{had} items"
    return f"Your account’s cart had {items} already. With what you chose here there are {now_there} in it now."


async def follow(visitor: bytes) -> None:
    """A visitor's cart has just come to be: if the visitor has signed in meanwhile, it goes to the account too."""
    async with transaction():
        account = await joined(visitor)
        if account is not None:
            await merge(visitor, account)


async def joined(visitor: bytes) -> int | None:
    """The account that a visitor has signed in to a moment ago; waits for a sign-in under way. In a transaction."""
    await execute(_ONE_AT_A_TIME, visitor)
    row = await fetch_one(
        "SELECT account FROM joined_visitor WHERE visitor = $1 AND joined_at > $2",
        visitor,
        now() - timedelta(hours=FOLLOWS_HOURS),
    )
    return int(row["account"]) if row else None


async def _remember(visitor: bytes, account: int) -> None:
    await execute("DELETE FROM joined_visitor WHERE joined_at < $1", now() - timedelta(hours=FOLLOWS_HOURS))
    await execute(
        """INSERT INTO joined_visitor (visitor, account, joined_at) VALUES ($1, $2, $3)
           ON CONFLICT (visitor) DO UPDATE SET account = excluded.account, joined_at = excluded.joined_at""",
        visitor,
        account,
        now(),
    )


async def _move(guest: int, mine: int) -> None:
    await execute(
        """INSERT INTO cart_line AS line (cart, offer, quantity, added_price_minor, added_at, told_price_minor,
                                          told_stock, wanted)
           SELECT $2, offer, quantity, added_price_minor, added_at, told_price_minor, told_stock, wanted
           FROM cart_line WHERE cart = $1 ORDER BY offer
           ON CONFLICT (cart, offer) DO UPDATE SET quantity = least($3, line.quantity + excluded.quantity),
             wanted = CASE WHEN line.quantity + excluded.quantity > $3
                           THEN coalesce(line.wanted, line.quantity) + coalesce(excluded.wanted, excluded.quantity)
                      END""",
        guest,
        mine,
        MOST_PER_LINE,
    )
    await execute(
        """INSERT INTO aside_line AS line (cart, offer, kind, quantity, added_price_minor, added_at, moved_at)
           SELECT $2, offer, kind, quantity, added_price_minor, added_at, moved_at
           FROM aside_line WHERE cart = $1 ORDER BY offer, kind
           ON CONFLICT (cart, offer, kind) DO UPDATE SET quantity = least($3, line.quantity + excluded.quantity),
             moved_at = greatest(line.moved_at, excluded.moved_at)""",
        guest,
        mine,
        MOST_SAVED,
    )
    await execute(
        "UPDATE checkout SET cart = $2 WHERE cart = $1 AND NOT EXISTS (SELECT 1 FROM checkout WHERE cart = $2)",
        guest,
        mine,
    )
    await execute("UPDATE shared_cart SET cart = $2 WHERE cart = $1", guest, mine)
    await execute("DELETE FROM cart WHERE id = $1", guest)


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
