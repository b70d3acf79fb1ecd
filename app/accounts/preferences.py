"""What an account prefers, on whatever device it signs in."""

from app.infra.database import execute, fetch_one


async def postcode_of(account_id: int) -> str:
    """Where it wants things; "" when it never said."""
    row = await fetch_one("SELECT postcode FROM account WHERE id = $1", account_id)
    return str(row["postcode"]) if row else ""


async def keep_postcode(account_id: int, postcode: str) -> None:
    await execute("UPDATE account SET postcode = $2 WHERE id = $1 AND postcode <> $2", account_id, postcode)
