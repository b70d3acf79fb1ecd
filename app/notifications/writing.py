"""Consumer `mail`: of every event that has a mail, its mail is written, once, with the event's mark.

Sending comes after the commit, and is another's work (`sending.py`).
"""

import hashlib
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from app.events.event import Event
from app.events.outbox import first_time
from app.infra.clock import now
from app.infra.database import fetch, fetch_one, transaction
from app.infra.queue import enqueue
from app.infra.settings import settings
from app.notifications.composing import Composed
from app.notifications.confidential import marked, sealed
from app.notifications.kinds import KINDS
from app.notifications.rendering import rendered, subject

CONSUMER = "mail"
JOB = "send_mails"
NEWS = timedelta(days=3)
KEPT = timedelta(days=90)


async def write_mails(events: list[Event]) -> None:
    """The mails of these events. Twice the same event writes nothing new."""
    written = 0
    for event in events:
        async with transaction():
            if await first_time(CONSUMER, event.event_id) and await _is_news(event):
                written += await _write_of(event)
    if written:
        await enqueue(JOB)


async def _is_news(event: Event) -> bool:
    """Not what happened long ago: a shop's past is brought in, or nobody took events for days."""
    row = await fetch_one("SELECT created_at FROM outbox WHERE event_id = $1", event.event_id)
    return row is None or row["created_at"] > now() - NEWS


async def _write_of(event: Event) -> int:
    compose = KINDS.get((event.topic, str(event.payload.get("kind", ""))))
    mails = await compose(event) if compose else ()
    return sum([await write(event.event_id, mail) for mail in mails])


async def write(cause: UUID, mail: Composed) -> bool:
    """A mail that waits, in the caller's transaction; False if this cause has written it before."""
    html, text = rendered(mail)
    rows = await fetch(
        """INSERT INTO mail (event_id, kind, recipient, subject, html, text, sealed, unsubscribe, message_id,
             next_at, give_up_at, created_at)
           VALUES ($1, $2, $3::varchar, $4, $5, $6, $7, $8, $9,
             clock_timestamp(), clock_timestamp() + $10::interval, $11)
           ON CONFLICT (event_id, kind, recipient) DO NOTHING RETURNING id""",
        cause,
        mail.kind,
        mail.recipient,
        subject(mail.subject),
        marked(html, mail.secrets),
        marked(text, mail.secrets),
        sealed(mail.secrets),
        mail.unsubscribe,
        message_id(cause, mail.kind, mail.recipient),
        mail.useful,
        now(),
    )
    return bool(rows)


def message_id(cause: UUID, kind: str, recipient: str) -> str:
    """The same for the same mail, so that a receiver knows it again when it comes twice."""
    who = hashlib.sha256(f"{kind} {recipient}".encode()).hexdigest()[:12]
    return f"<{cause.hex}.{who}@{_domain()}>"


def _domain() -> str:
    return parseaddr(settings().mail_from)[1].rpartition("@")[2] or urlsplit(settings().public_url).hostname or "feira"


async def forget_old() -> int:
    """Delete mails of more than KEPT ago, whatever became of them; returns how many. For a job, every hour."""
    return len(await fetch("DELETE FROM mail WHERE created_at < $1 RETURNING id", now() - KEPT))
