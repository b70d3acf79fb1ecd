"""Wishlists when their account is deleted, with which they go, or their guest comes no more; and what their owner takes
along."""

from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.web.visitors import LASTS

AT_ONCE = 1000


async def hold(account_id: int, _: str) -> None:
    """A change of a list that is under way is waited for; one that comes later finds none. The main list first, as all
    do who lock several."""
    await execute("SELECT id FROM wishlist WHERE account = $1 ORDER BY is_main DESC, id FOR UPDATE", account_id)


async def forget_guests() -> int:
    """Delete lists of guests whose cookie has run out: no entry was put onto them since. How many. For a job."""
    gone = 0
    while rows := await fetch(
        """DELETE FROM wishlist WHERE id IN (
             SELECT id FROM wishlist WHERE visitor IS NOT NULL AND created_at < $1 LIMIT $2) RETURNING id""",
        now() - LASTS,
        AT_ONCE,
    ):
        gone += len(rows)
    return gone


async def export(account_id: int) -> list[dict[str, Any]]:
    """One row for each entry; of a list without any, one without a product."""
    rows = await fetch(
        """SELECT w.name AS list, w.visibility, w.tells AS tells_by_mail, v.sku, p.name, e.note, e.added_at
           FROM wishlist w LEFT JOIN wishlist_entry e ON e.wishlist = w.id LEFT JOIN variant v ON v.id = e.variant
           LEFT JOIN product p ON p.id = v.product WHERE w.account = $1 ORDER BY w.id, e.position""",
        account_id,
    )
    return [dict(row) for row in rows]
