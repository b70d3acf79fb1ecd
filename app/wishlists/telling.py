"""Lists that tell their owner by mail what is back in stock or costs less: off until the owner wants it.

Of each entry of such a list a row says what its owner knows: that it was sold out, and at what price. So news is what
differs from that. Who is told, when and how, is decided in app/notifications/wishes.
"""

from app.accounts.owners import Owner
from app.infra.database import execute, fetch, transaction
from app.wishlists.changing import NotThere
from app.wishlists.watched import watch_new


async def switch(owner: Owner, list_id: int, *, on: bool) -> None:
    """Raises NotThere: it is no list of an account's, or not theirs."""
    async with transaction():
        rows = await fetch(
            "UPDATE wishlist SET tells = $3 WHERE id = $1 AND account = $2 RETURNING id", list_id, owner.account, on
        )
        if not rows:
            raise NotThere
        if on:
            await watch_new(list_id)
        else:
            await _forget(list_id)


async def silence(account: int) -> bool:
    """No list of the account tells any more; False if none did."""
    async with transaction():
        rows = await fetch("UPDATE wishlist SET tells = false WHERE account = $1 AND tells RETURNING id", account)
        for row in rows:
            await _forget(row["id"])
    return bool(rows)


async def _forget(list_id: int) -> None:
    await execute(
        """DELETE FROM wish_watch USING wishlist_entry AS entry
           WHERE entry.id = wish_watch.entry AND entry.wishlist = $1""",
        list_id,
    )
