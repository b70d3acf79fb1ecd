"""A guest's wishlists become the account's at sign-in: no entry and no note is lost."""

from app.accounts.owners import Owner
from app.cart.merging import joined
from app.infra.database import execute, fetch, fetch_one, transaction
from app.wishlists.keeping import main_of, take_over


async def merge(visitor: bytes, account: int) -> None:
    """The guest's main list is added to the account's, the others go over as they are; a second time nothing moves.

    Joins the transaction of the sign-in. No limit holds here: what is kept is more than a limit.
    """
    async with transaction():
        guest = await fetch_one("SELECT id FROM wishlist WHERE visitor = $1 AND is_main FOR UPDATE", visitor)
        if guest is None:
            return
        rows = await fetch("SELECT id FROM wishlist_entry WHERE wishlist = $1", guest["id"])
        if rows:
            await take_over([row["id"] for row in rows], (await main_of(Owner(account, None)))["id"])
        await execute("DELETE FROM wishlist WHERE id = $1", guest["id"])
        await execute("UPDATE wishlist SET account = $2, visitor = NULL WHERE visitor = $1", visitor, account)


async def follow(visitor: bytes) -> None:
    """A visitor's list has just come to be: if the visitor has signed in meanwhile, it goes to the account too."""
    async with transaction():
        account = await joined(visitor)
        if account is not None:
            await merge(visitor, account)
