"""The outbox, what consumers have processed, and what they gave up on."""

from piccolo.columns import JSONB, UUID, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.infra.database import DB


class Outbox(Table, db=DB):
    """An event waiting to be relayed to the log; written in the transaction of its cause."""

    id = BigSerial(primary_key=True)
    event_id = UUID(unique=True)
    topic = Varchar(40, index=True)
    key = Varchar(120)
    payload = JSONB()
    created_at = Timestamptz()
    relayed_at = Timestamptz(null=True, default=None)


class Processed(Table, db=DB):
    """Consumer X has taken the effect of event Y; unique per pair, written with the effect."""

    id = BigSerial(primary_key=True)
    consumer = Varchar(40)
    event_id = UUID(index=True)
    processed_at = Timestamptz()


class DeadLetter(Table, db=DB):
    """An event that a consumer could not take after its tries."""

    id = BigSerial(primary_key=True)
    consumer = Varchar(40)
    topic = Varchar(40)
    event_id = UUID()
    key = Varchar(120)
    payload = JSONB()
    reason = Text()
    attempts = Integer()
    created_at = Timestamptz()
    replayed_at = Timestamptz(null=True, default=None)  # a person had it sent again
    discarded_at = Timestamptz(null=True, default=None)  # a person laid it aside for good
    note = Text(default="")  # why
