"""What was kept of what an account did, and does not want, for its owner to take along. It goes with the account."""

from typing import Any

from app.infra.database import fetch


async def export(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT a.kind, p.name AS product, a.query, a.at FROM activity a LEFT JOIN product p ON p.id = a.product
           WHERE a.account = $1 ORDER BY a.id""",
        account_id,
    )
    return [dict(row) for row in rows]


async def export_choices(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT is_off AS nothing_personal, hidden AS hidden_shelves, changed_at FROM personal_choice
           WHERE account = $1""",
        account_id,
    )
    return [dict(row) for row in rows]
