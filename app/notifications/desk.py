"""Mails as people look at them: in lists, and each one. What only its recipient may read stays hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.infra.clock import now
from app.infra.database import fetch, fetch_one
from app.notifications.confidential import filled
from app.notifications.tables import MailState

PAGE = 50


@dataclass(frozen=True)
class Listed:
    id: int
    kind: str
    recipient: str
    subject: str
    state: MailState
    tries: int
    reason: str
    next_at: datetime
    created_at: datetime
    sent_at: datetime | None

    @property
    def is_put_off(self) -> bool:
        return self.state == MailState.WAITING and self.tries > 0 and self.next_at > now()


@dataclass(frozen=True)
class Shown(Listed):
    html: str
    text: str
    sealed: str
    message_id: str


@dataclass(frozen=True)
class MailList:
    mails: tuple[Listed, ...]
    counts: Mapping[MailState, int]
    older: int | None  # what to ask `before` for the next page


_COLUMNS = "id, kind, recipient, subject, state, tries, reason, next_at, created_at, sent_at"


async def mails(state: MailState | None = None, recipient: str = "", before: int | None = None) -> MailList:
    """One page, the newest first; `recipient` as it was written, in any case."""
    rows = await fetch(
        f"""SELECT {_COLUMNS} FROM mail
            WHERE ($1::varchar IS NULL OR state = $1) AND ($2 = '' OR lower(recipient) = lower($2))
              AND ($3::bigint IS NULL OR id < $3) ORDER BY id DESC LIMIT $4""",  # noqa: S608 - constants
        state,
        recipient,
        before,
        PAGE + 1,
    )
    counts = {row["state"]: row["mails"] for row in await fetch("SELECT state, count(*) AS mails FROM mail GROUP BY 1")}
    found = tuple(Listed(**_fields(row)) for row in rows[:PAGE])
    return MailList(
        found, {each: counts.get(each, 0) for each in MailState}, found[-1].id if len(rows) > PAGE else None
    )


async def mail(mail_id: int) -> Shown:
    """Raises LookupError: there is none of that number."""
    row = await fetch_one(
        f"SELECT {_COLUMNS}, html, text, sealed, message_id FROM mail WHERE id = $1",  # noqa: S608 - constants
        mail_id,
    )
    if row is None:
        raise LookupError(f"no mail {mail_id}")
    return Shown(**_fields(row))


async def whole(mail_id: int) -> Shown:
    """The same as its recipient reads it, with its secrets: for nobody else's eyes but in development.

    Raises:
        LookupError: there is none of that number.
        CannotUnseal: SECRET_KEY is another one since.
    """
    found = await mail(mail_id)
    html, text = filled([found.html, found.text], found.sealed)
    return Shown(**{**vars(found), "html": html, "text": text})


def _fields(row: Any) -> dict[str, Any]:
    return {**row, "state": MailState(row["state"])}
