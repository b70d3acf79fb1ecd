"""A guest's wishlists become the account's at sign-in: no entry and no note is lost."""

from app.accounts.owners import Owner
from app.cart.merging import joined
from app.infra.database import execute, fetch, transaction
from app.wishlists.keeping import main_of, take_over

# Only lists that nobody else sees: joined, one would show more, or lose the address that its owner gave away.
_SAME = """
SELECT guests.id, min(own.id) AS own FROM wishlist guests JOIN wishlist own ON own.name = guests.name
WHERE guests.visitor = $1 AND own.account = $2 AND NOT guests.is_main AND NOT own.is_main
  AND guests.visibility = 'private' AND own.visibility = 'private' GROUP BY guests.id ORDER BY guests.id"""


async def merge(visitor: bytes, account: int) -> None:
    """The guest's main list is added to the account's, and a private one to a private one of the same name; the others
    go over as they are. A second time nothing moves.

    Joins the transaction of the sign-in. No limit holds here: what is kept is more than a limit.
    """
    async with transaction():
        guests = await _lists("visitor", visitor)
        if not guests:
            return
        main, *others = guests
        if entries := await _entries(main):
            await take_over(entries, (await main_of(Owner(account, None)))["id"])
        await execute("DELETE FROM wishlist WHERE id = $1", main)
        if others:
            await _lists("account", account)  # nobody shares one while it is compared
            for same in await fetch(_SAME, visitor, account):
                await _join(same["id"], same["own"])
        await execute("UPDATE wishlist SET account = $2, visitor = NULL WHERE visitor = $1", visitor, account)


async def _lists(kind: str, owner: bytes | int) -> list[int]:
    """The owner's lists, the main one first, locked."""
    rows = await fetch(f"SELECT id FROM wishlist WHERE {kind} = $1 ORDER BY is_main DESC, id FOR UPDATE", owner)  # noqa: S608
    return [row["id"] for row in rows]


async def _entries(list_id: int) -> list[int]:
    return [row["id"] for row in await fetch("SELECT id FROM wishlist_entry WHERE wishlist = $1", list_id)]


async def _join(list_id: int, to: int) -> None:
    await take_over(await _entries(list_id), to)
    await execute("DELETE FROM wishlist WHERE id = $1", list_id)


async def follow(visitor: bytes) -> None:
    """A visitor's list has just come to be: if the visitor has signed in meanwhile, it goes to the account too."""
    async with transaction():
        account = await joined(visitor)
        if account is not None:
            await merge(visitor, account)
