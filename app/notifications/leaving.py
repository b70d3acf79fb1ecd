"""Mails when an account is deleted: those to its address go, sent or not; only the last one still comes."""

from app.infra.database import execute


async def forget(_: int, email: str) -> None:
    await execute("DELETE FROM mail WHERE recipient = $1", email)
