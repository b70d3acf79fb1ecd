"""Mails: what was written to whom, and what became of it."""

from enum import StrEnum

from piccolo.columns import UUID, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.infra.database import DB


class MailState(StrEnum):
    WAITING = "waiting"  # until `next_at`
    SENDING = "sending"  # `next_at` is the end of the sender's lease
    SENT = "sent"  # the mail server has taken it
    FAILED = "failed"  # given up; `reason` says why


class Mail(Table, db=DB):
    """Unique per (event, kind, recipient). Times of sending are the database's."""

    id = BigSerial(primary_key=True)
    event_id = UUID()
    kind = Varchar(40)  # name of its templates, such as "order_placed"
    recipient = Varchar(254)
    subject = Varchar(200)
    html = Text()
    text = Text()
    sealed = Text(
        default=""
    )  # secrets that stand in the mail, which html and text only mark: app/notifications/confidential.py
    unsubscribe = Varchar(500, default="")  # address for List-Unsubscribe
    message_id = Varchar(200, unique=True)
    state = Varchar(8, choices=MailState, default=MailState.WAITING)
    tries = Integer(default=0)
    next_at = Timestamptz()
    give_up_at = Timestamptz()
    reason = Varchar(500, default="")  # of the last failure
    created_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
