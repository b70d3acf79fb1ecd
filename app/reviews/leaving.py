"""Reviews when their author's account is deleted, and what its owner takes along."""

from typing import Any

from app.infra.database import execute, fetch


async def unname(account_id: int, _: str) -> None:
    """What was said of a product stays, by a verified buyer without a name."""
    await execute("UPDATE review SET name = '' WHERE account = $1", account_id)


async def export(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT p.name AS product, r.name, r.stars, r.title, r.text, r.state, r.written_at FROM review r
           JOIN product p ON p.id = r.product WHERE r.account = $1 ORDER BY r.id""",
        account_id,
    )
    return [dict(row) for row in rows]
