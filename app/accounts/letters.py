"""What a mail about an account needs to know: to whom it goes, and the link in it, made when the mail is written."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.accounts import links
from app.accounts.email_changes import state_of
from app.accounts.links import Purpose
from app.accounts.telling import News
from app.infra.database import fetch_one


@dataclass(frozen=True)
class Letter:
    news: News
    to: str
    name: str
    at: datetime  # when that happened which it tells of
    link: str  # "" for a mail without one
    email: str  # the account's address now; "" when there is no account any more
    new_email: str  # the one that was asked for; "" none


async def letter_of(payload: dict[str, Any]) -> Letter | None:
    """What an event of topic `accounts` asks to be written.

    None: nobody has that account, or what it is about has been done, or undone, meanwhile.
    """
    news, at = News(payload["kind"]), datetime.fromtimestamp(int(payload["at"]), UTC)
    row = await fetch_one(
        "SELECT email, name, password_hash, email_confirmed_at, new_email, new_email_at FROM account WHERE id = $1",
        payload["account"],
    )
    if payload.get("to"):
        return Letter(news, payload["to"], payload["name"], at, "", row["email"] if row else "", "")
    if row is None:
        return None
    to = row["new_email"] if news is News.CONFIRM_NEW_EMAIL else row["email"]
    if not to or (news is News.CONFIRM_EMAIL and row["email_confirmed_at"]):
        return None
    if news is News.EMAIL_CHANGE_ASKED and not row["new_email"]:
        return None
    return Letter(news, to, row["name"], at, _link(news, payload["account"], row, at), row["email"], row["new_email"])


def _link(news: News, account_id: int, row: Any, at: datetime) -> str:
    match news:
        case News.CONFIRM_EMAIL:
            return links.address(Purpose.CONFIRM, account_id, row["email"], asked_at=at)
        case News.RESET_PASSWORD:
            return links.address(Purpose.RESET, account_id, row["email"], row["password_hash"], asked_at=at)
        case News.CONFIRM_NEW_EMAIL:
            state = state_of(row["new_email"], row["new_email_at"])
            return links.address(Purpose.MOVE, account_id, *state, asked_at=at)
        case _:
            return ""
