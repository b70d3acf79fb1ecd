"""A cart when its account is deleted or its guest comes no more, and what its owner takes along."""

from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.web.visitors import LASTS

AT_ONCE = 1000


async def hold(account_id: int, _: str) -> None:
    """An order that is being placed from this cart is waited for; one that comes later finds no cart."""
    await execute("SELECT id FROM cart WHERE account = $1 FOR UPDATE", account_id)


async def forget_guests() -> int:
    """Delete carts of guests whose cookie has run out, with what was typed at their checkout; returns how many. For a
    job."""
    gone = 0
    while rows := await fetch(
        """DELETE FROM cart WHERE id IN (SELECT id FROM cart WHERE visitor IS NOT NULL AND updated_at < $1 LIMIT $2)
           RETURNING id""",
        now() - LASTS,
        AT_ONCE,
    ):
        gone += len(rows)
    return gone


async def export(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT v.sku, p.name, l.quantity, l.added_at, l.saved_for_later
           FROM cart c JOIN (
             SELECT id, cart, offer, quantity, added_at, false AS saved_for_later FROM cart_line
             UNION ALL SELECT id, cart, offer, quantity, added_at, true FROM aside_line WHERE kind = 'saved'
           ) l ON l.cart = c.id
           JOIN offer o ON o.id = l.offer JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           WHERE c.account = $1 ORDER BY l.saved_for_later, l.id""",
        account_id,
    )
    return [dict(row) for row in rows]
