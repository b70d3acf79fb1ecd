"""The wishlists of an account that is deleted, and what its owner takes along. They go with the account."""

from typing import Any

from app.infra.database import execute, fetch


async def hold(account_id: int, _: str) -> None:
    """A change of a list that is under way is waited for; one that comes later finds none. The main list first, as all
    do who lock several."""
    await execute("SELECT id FROM wishlist WHERE account = $1 ORDER BY is_main DESC, id FOR UPDATE", account_id)


async def export(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT w.name AS list, w.visibility, v.sku, p.name, e.note, e.added_at FROM wishlist w
           JOIN wishlist_entry e ON e.wishlist = w.id JOIN variant v ON v.id = e.variant
           JOIN product p ON p.id = v.product WHERE w.account = $1 ORDER BY w.id, e.position""",
        account_id,
    )
    return [dict(row) for row in rows]
