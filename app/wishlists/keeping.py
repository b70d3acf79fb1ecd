"""What changing and merging wishlists share: the main list, and entries that come to another list."""

import secrets
from typing import Any

from app.accounts.owners import Owner
from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.wishlists.watched import watch_new

MAIN = "Wishlist"


async def main_of(owner: Owner) -> Any:
    """The owner's main list (id, name, whether it is new), made when new, locked. In a transaction."""
    kind = "visitor" if owner.account is None else "account"
    row = await fetch_one(
        f"""INSERT INTO wishlist (account, visitor, name, is_main, token, created_at) VALUES ($1, $2, $3, true, $4, $5)
            ON CONFLICT ({kind}) WHERE is_main AND {kind} IS NOT NULL DO UPDATE SET is_main = true
            RETURNING id, name, xmax = 0 AS is_new""",  # noqa: S608
        owner.account,
        owner.visitor,
        MAIN,
        new_token(),
        now(),
    )
    assert row is not None
    return row


async def take_over(entries: list[int], list_id: int) -> None:
    """Entries come to the end of a list, in their order; of those that it has only the note. In a transaction."""
    await execute(
        """INSERT INTO wishlist_entry AS entry (wishlist, variant, position, note, added_price_minor, added_at)
           SELECT $2, moved.variant, last.position + row_number() OVER (ORDER BY moved.position, moved.id), moved.note,
                  moved.added_price_minor, moved.added_at
           FROM wishlist_entry AS moved,
                (SELECT coalesce(max(position), 0) AS position FROM wishlist_entry WHERE wishlist = $2) AS last
           WHERE moved.id = ANY($1)
           ON CONFLICT (wishlist, variant) DO UPDATE SET note = CASE
             WHEN excluded.note IN ('', entry.note) THEN entry.note WHEN entry.note = '' THEN excluded.note
             ELSE left(entry.note || ' / ' || excluded.note, 300) END""",
        entries,
        list_id,
    )
    await execute("DELETE FROM wishlist_entry WHERE id = ANY($1)", entries)
    await watch_new(list_id)


def new_token() -> str:
    return secrets.token_urlsafe(18)
