"""Feeds that suppliers sent, and what was wrong with their rows; the keys of their programs."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.accounts.tables import Account, Supplier
from app.infra.database import DB


class FeedState(StrEnum):
    WAITING = "waiting"  # stored; an earlier feed of the supplier may be in work
    READING = "reading"
    APPLYING = "applying"  # read to its end; batches are on their way into the catalogue
    FINISHED = "finished"
    UNCHANGED = "unchanged"  # the same content as the feed before
    FAILED = "failed"


class Feed(Table, db=DB):
    """One delivery of offers from a supplier."""

    id = BigSerial(primary_key=True)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=True, default=None)  # who sent it; NULL: a program
    filename = Varchar(200)
    path = Text()  # of the stored bytes, below the data folder
    content_hash = Bytea()
    size = BigInt()  # bytes
    bytes_read = BigInt(default=0)  # of size, as they were stored
    mode = Varchar(6, default="full")  # full: what is missing is withdrawn | delta
    dry_run = Boolean(default=False)  # it only shows what would change: no batches, no withdrawals
    would_add = Integer(default=0)  # of a dry run: rows, of which feed_change has examples
    would_change = Integer(default=0)
    would_withdraw = Integer(default=0)  # offers
    would_wait = Boolean(default=False)  # so many that a person would have to confirm it
    format = Varchar(20, default="")
    state = Varchar(10, choices=FeedState, default=FeedState.WAITING)
    received = Integer(default=0)  # rows read so far; work resumes after them
    rejected = Integer(default=0)
    warned = Integer(default=0)
    unchanged = Integer(default=0)  # rows that came just so before; they need no batch
    left_out = Integer(default=0)  # rows of products that the supplier does not sell in his own shop either
    withheld = Integer(default=0)  # offers that a full feed does not list, kept until the supplier confirms
    batches = Integer(default=0)
    failure = Text(default="")
    failure_kind = Varchar(10, default="")  # of FeedUnreadable: "columns" if telling us what they mean would help
    mapping = JSONB(null=True, default=None)  # column_mapping as it was when the reading began: name → field
    judged_by = Bytea(null=True, default=None)  # RowContext.fingerprint; NULL: at another time it may be other offers
    idempotency_key = Varchar(200, null=True, default=None)  # of the program that sent it; unique for the supplier
    created_at = Timestamptz()
    reading_at = Timestamptz(null=True, default=None)  # when its first reader began
    heartbeat_at = Timestamptz(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)


class FeedProblem(Table, db=DB):
    """Something wrong with a row, in words that help the supplier to mend it."""

    id = BigSerial(primary_key=True)
    feed = ForeignKey(Feed, on_delete=OnDelete.restrict)
    line = Integer()
    sku = Varchar(100, default="")
    field = Varchar(60, default="")
    value = Varchar(200, default="")
    reason = Varchar(400)
    advice = Varchar(400, default="")
    severity = Varchar(8)  # rejected | warned


class FeedChange(Table, db=DB):
    """An example of what a dry run would change. Prices are minor units of their currency."""

    id = BigSerial(primary_key=True)
    feed = ForeignKey(Feed, on_delete=OnDelete.restrict)
    kind = Varchar(9)  # added | changed | withdrawn
    sku = Varchar(100)
    title = Varchar(300)
    price_before = BigInt(null=True, default=None)
    currency_before = Varchar(3, null=True, default=None)
    price_after = BigInt(null=True, default=None)
    currency_after = Varchar(3, null=True, default=None)
    fields = Array(Text(), default=list)  # what would change, in words


class ApiKey(Table, db=DB):
    """What a supplier's program shows instead of a password. The row holds its SHA-256, never the key."""

    id = BigSerial(primary_key=True)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    name = Varchar(60)
    prefix = Varchar(8)  # the key's beginning, by which people tell keys apart
    hash = Bytea(unique=True)
    scopes = Array(Varchar(20))  # of api_keys.Scope
    created_by = ForeignKey(Account, on_delete=OnDelete.restrict)
    created_at = Timestamptz()
    last_used_at = Timestamptz(null=True, default=None)  # to the minute
    revoked_at = Timestamptz(null=True, default=None)


class SourceState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # by the supplier
    FAILING = "failing"  # by us, after too many failures in a row


class FeedSource(Table, db=DB):
    """An address that a supplier's feed is fetched from, by the clock."""

    id = BigSerial(primary_key=True)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=True, default=None)  # who stated it
    url = Text()
    every_hours = Integer()
    mode = Varchar(6)  # as of a feed
    username = Varchar(200, default="")
    password = Text(default="")  # sealed: see sealing.py; never shown and never logged
    state = Varchar(10, choices=SourceState, default=SourceState.ACTIVE)
    next_at = Timestamptz()
    afresh = Boolean(default=True)  # the next fetch takes the file even if it is the one we had
    turn = Integer(default=0)  # counts claims and whatever ends one: only who has the newest may write the outcome
    leased_until = Timestamptz(null=True, default=None)
    etag = Text(default="")
    last_modified = Text(default="")
    content_hash = Bytea(null=True, default=None)
    failures = Integer(default=0)  # in a row
    fetched_at = Timestamptz(null=True, default=None)
    changed_at = Timestamptz(null=True, default=None)  # when its content last came
    failure = Text(default="")  # of the last fetch
    last_feed = ForeignKey(Feed, on_delete=OnDelete.restrict, null=True, default=None)
    created_at = Timestamptz()


class ColumnMapping(Table, db=DB):
    """What a supplier told us about one of his columns; it holds in all of his feeds. Unique per supplier and name."""

    id = BigSerial(primary_key=True)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    name = Varchar(200)  # formats.mapping.column_key of the column
    shown = Varchar(200)  # the column as the supplier writes it
    field = Varchar(120)  # ours, such as price or attributes:Material; empty: ignore the column
    told_at = Timestamptz()
