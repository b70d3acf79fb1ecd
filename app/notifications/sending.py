"""Sends what waits, by SMTP.

What is guaranteed: a mail is handed over at least once if the server takes mail before `give_up_at`, and it is marked
as sent only after the server's final 250. Twice happens only when that 250 is lost, or when we are killed between it
and our mark; the repeat carries the same Message-ID and Date, so receivers know it again. A 4xx, a broken connection
and an outage are tried again; a 5xx to this mail is the end of it, which operators see at /admin/mails.

No transaction is open while we talk to the server. A claim is a lease: what a killed sender held is due when it ends.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from app.infra.database import execute, fetch, fetch_one
from app.infra.logs import log
from app.infra.sealing import CannotUnseal
from app.infra.settings import settings
from app.notifications.confidential import filled
from app.notifications.message import message_of
from app.notifications.server import Connection, Permanent, Temporary

LEASE = timedelta(minutes=3)  # longer than MAIL_SECONDS
MAIL_SECONDS = 90.0  # for all of one mail, its connection included
MOST = 500  # mails of one run
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)  # doubled after each try

# Not a mail whose lease has ended meanwhile and which another sends.
_OURS = "id = $1 AND state = 'sending' AND tries = $2"

_running = asyncio.Lock()  # a server that does not answer holds up one job of this worker, not all


@dataclass(frozen=True)
class Due:
    """A mail that is ours until its lease ends."""

    id: int
    recipient: str
    subject: str
    html: str
    text: str
    sealed: str
    unsubscribe: str
    message_id: str
    tries: int
    created_at: datetime


async def send_due() -> int:
    """Send what is due over one connection; returns how many mails the server took. For a job, every few seconds."""
    if not settings().smtp_host or _running.locked():
        return 0
    await give_up_late()
    sent = 0
    async with _running, Connection() as connection:
        while sent < MOST and (mail := await claim()):
            try:
                async with asyncio.timeout(MAIL_SECONDS):
                    await connection.send(_message(mail))
            except Permanent as error:
                await _give_up(mail, str(error))
                continue
            except (Temporary, TimeoutError) as error:
                await _put_off(mail, str(error) or "the mail server did not answer in time")
                if connection.is_open and isinstance(error, Temporary):
                    continue  # it refused this one mail
                return sent
            await _mark_sent(mail)
            sent += 1
    return sent


async def claim() -> Due | None:
    """The mail that has been due longest, for LEASE."""
    row = await fetch_one(
        """UPDATE mail SET state = 'sending', tries = tries + 1, next_at = clock_timestamp() + $1::interval
           WHERE id = (SELECT id FROM mail WHERE state IN ('waiting', 'sending') AND next_at <= clock_timestamp()
                         AND give_up_at > clock_timestamp()
                       ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING id, recipient, subject, html, text, sealed, unsubscribe, message_id, tries, created_at""",
        LEASE,
    )
    return Due(**row) if row else None


async def give_up_late() -> None:
    """What could not be sent while it was useful has failed."""
    await execute(
        """UPDATE mail SET state = 'failed',
             reason = left('not sent in time' || CASE reason WHEN '' THEN '' ELSE ': ' || reason END, 500)
           WHERE state IN ('waiting', 'sending') AND next_at <= clock_timestamp() AND give_up_at <= clock_timestamp()"""
    )


async def send_again(mail_id: int) -> bool:
    """Let a mail that was sent or given up wait once more; False if there is none of that number, or it waits anyway.

    One that was sent gets a new Message-ID: mailboxes drop a second one with an id that they have.
    """
    rows = await fetch(
        """UPDATE mail SET state = 'waiting', tries = 0, reason = '', sent_at = NULL, next_at = clock_timestamp(),
             give_up_at = clock_timestamp() + greatest(give_up_at - created_at, interval '1 hour'),
             message_id = CASE state WHEN 'sent' THEN replace(message_id, '@', '.again@') ELSE message_id END
           WHERE id = $1 AND state IN ('sent', 'failed') RETURNING id""",
        mail_id,
    )
    return bool(rows)


def _message(mail: Due) -> EmailMessage:
    """Raises Permanent: it can never be sent."""
    try:
        html, text = filled([mail.html, mail.text], mail.sealed)
        return message_of(mail.recipient, mail.subject, html, text, mail.message_id, mail.created_at, mail.unsubscribe)
    except CannotUnseal:
        raise Permanent("its link was made with another SECRET_KEY") from None
    except ValueError as error:
        raise Permanent(f"no mail can be made of it: {error}") from error


async def _mark_sent(mail: Due) -> None:
    await execute(
        f"UPDATE mail SET state = 'sent', reason = '', sent_at = clock_timestamp() WHERE {_OURS}",  # noqa: S608
        mail.id,
        mail.tries,
    )


async def _give_up(mail: Due, reason: str) -> None:
    log("mail").warning("mail failed", mail=mail.id, kind=mail.message_id, reason=reason)
    await execute(
        f"UPDATE mail SET state = 'failed', reason = left($3, 500) WHERE {_OURS}",  # noqa: S608 - a constant
        mail.id,
        mail.tries,
        reason,
    )


async def _put_off(mail: Due, reason: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(mail.tries - 1, 20), LONGEST_PAUSE)
    log("mail").warning("mail put off", mail=mail.id, tries=mail.tries, reason=reason)
    await execute(
        f"""UPDATE mail SET state = 'waiting', reason = left($3, 500), next_at = clock_timestamp() + $4::interval
            WHERE {_OURS}""",  # noqa: S608 - a constant
        mail.id,
        mail.tries,
        reason,
        pause,
    )
