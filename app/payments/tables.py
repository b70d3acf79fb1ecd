"""Attempts to take money, what the provider told us, and the ledger of money that moved."""

from enum import StrEnum

from piccolo.columns import JSONB, BigInt, BigSerial, Boolean, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.accounts.tables import Account
from app.infra.database import DB

LONGEST_KEY = 120  # of a request; providers take no more than about twice as much


class AttemptState(StrEnum):
    CREATED = "created"  # not yet known to the provider
    PENDING = "pending"  # the shopper is on the provider's page
    AUTHORISED = "authorised"  # the bank holds the money for us; it is captured when parcels leave
    SUCCEEDED = "succeeded"  # nothing is held any more, and money has come in
    RELEASED = "released"  # nothing is held any more, and none has
    FAILED = "failed"
    REFUNDING = "refunding"  # money that pays for nothing: all of it has to go back
    REFUNDED = "refunded"


class PaymentAttempt(Table, db=DB):
    """One try to pay an order with a provider; `key` makes the call to the provider idempotent."""

    id = BigSerial(primary_key=True)
    order = BigInt(index=True)  # orders stand above payments, so no foreign key
    provider = Varchar(20)
    key = Varchar(64, unique=True)
    provider_reference = Varchar(120, null=True, default=None, index=True)
    state = Varchar(10, choices=AttemptState, default=AttemptState.CREATED)
    amount_minor = BigInt()
    currency = Varchar(3)
    # What is held, and what was asked for of it: captures and releases together never exceed what was authorised, and
    # refunds never what was captured (CHECKs). A request that fails is taken off again.
    authorised_minor = BigInt(default=0)
    captured_minor = BigInt(default=0)
    released_minor = BigInt(default=0)
    returned_minor = BigInt(default=0)
    takes_parts = Boolean(default=True)  # False: the provider captures once, so the first capture takes all
    held_until = Timestamptz(null=True, default=None)  # then the bank lets an authorisation go
    page_tries = Integer(default=0)  # to open the provider's page
    page_tried_at = Timestamptz(null=True, default=None)
    checking_since = Timestamptz(null=True, default=None)  # the shopper has done their part, and we do not know
    ask_at = Timestamptz()  # what became of it, if the provider has not told by then
    silent_tries = Integer(default=0)  # to ask about it, since the provider last answered
    silence = Varchar(400, default="")  # what was heard instead
    given_up_at = Timestamptz(null=True, default=None)  # a person has to look (`silence.py`)
    method = Varchar(60, default="")  # as shown to the shopper: "Visa ending 4242"
    failure = Varchar(200, default="")
    created_at = Timestamptz()
    settled_at = Timestamptz(null=True, default=None)


class RequestKind(StrEnum):
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"


class RequestPart(StrEnum):
    """What of its cause a request is for: a refund, say, may have to let go of some money and to send back some."""

    WHOLE = ""
    HELD = "held"  # what a refund only had to let go
    BANK = "bank"  # what the shopper's bank has taken back by itself
    GIVEN_UP = "given-up"  # what a capture was to take, and an operator lets go


class RequestState(StrEnum):
    ASKED = "asked"  # by the shop, in the transaction of its cause
    SENT = "sent"  # to the provider, once or more, with the same key
    DONE = "done"
    FAILED = "failed"


class MoneyRequest(Table, db=DB):
    """What the shop wants of a provider about money that it holds or has taken; `key` makes it happen once."""

    id = BigSerial(primary_key=True)
    attempt = ForeignKey(PaymentAttempt, on_delete=OnDelete.restrict)
    order = BigInt(index=True)
    kind = Varchar(8, choices=RequestKind)
    key = Varchar(LONGEST_KEY, unique=True)
    cause = Varchar(LONGEST_KEY)  # the key of whoever asked: the number of a credit note, of a parcel that left
    part = Varchar(8, choices=RequestPart, default=RequestPart.WHOLE)
    # of the one that failed, and that this asks for once more
    instead_of: ForeignKey = ForeignKey("self", on_delete=OnDelete.restrict, unique=True, null=True, default=None)
    amount_minor = BigInt()
    currency = Varchar(3)
    reason = Varchar(200)
    state = Varchar(6, choices=RequestState, default=RequestState.ASKED)
    provider_reference = Varchar(120, null=True, default=None)
    failure = Varchar(200, default="")
    tries = Integer(default=0)
    silent_tries = Integer(default=0)  # to send it, since the provider last answered
    silence = Varchar(400, default="")  # what was heard instead
    given_up_at = Timestamptz(null=True, default=None)  # a person has to look (`silence.py`)
    next_at = Timestamptz()
    asked_at = Timestamptz()
    settled_at = Timestamptz(null=True, default=None)


class WebhookEvent(Table, db=DB):
    """A provider's message, once: unique per (provider, event)."""

    id = BigSerial(primary_key=True)
    provider = Varchar(20)
    event = Varchar(120)
    payload = JSONB()
    received_at = Timestamptz()


class LedgerEntry(Table, db=DB):
    """What moved, once per (attempt, kind, key). Append-only: a trigger refuses changes.

    Positive: authorisation, capture, refund_returned, chargeback_returned. Negative: release, refund, chargeback.
    Authorisations (written only where money is held before it is taken) and releases move no money.
    """

    id = BigSerial(primary_key=True)
    attempt = ForeignKey(PaymentAttempt, on_delete=OnDelete.restrict)
    order = BigInt(index=True)
    kind = Varchar(20)
    key = Varchar(LONGEST_KEY, default="")
    amount_minor = BigInt()
    currency = Varchar(3)
    created_at = Timestamptz()


class Reconciliation(Table, db=DB):
    """One comparison of our books with a provider's."""

    id = BigSerial(primary_key=True)
    provider = Varchar(20)
    since = Timestamptz()
    started_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)
    payments = Integer(default=0)
    failure = Varchar(200, default="")


class PaymentMismatch(Table, db=DB):
    """What a comparison found, and what was done about it; `settled_at` when nobody has to look (any more)."""

    id = BigSerial(primary_key=True)
    reconciliation = ForeignKey(Reconciliation, on_delete=OnDelete.restrict)
    kind = Varchar(20)
    order = BigInt(null=True, default=None)
    attempt = ForeignKey(PaymentAttempt, on_delete=OnDelete.restrict, null=True, default=None)
    reference = Varchar(120)
    ours_minor = BigInt()
    theirs_minor = BigInt()
    done = Varchar(200)
    is_mended = Boolean(default=False)
    found_at = Timestamptz()
    settled_at = Timestamptz(null=True, default=None)


class MoneyNote(Table, db=DB, tablename="money_note"):
    """An operator's word about what waited for a person, and waits no more: a movement that a bank made by itself, a
    request, an attempt, a difference of books. One of the four; about each once."""

    id = BigSerial(primary_key=True)
    entry = ForeignKey(LedgerEntry, on_delete=OnDelete.restrict, unique=True, null=True, default=None)
    request = ForeignKey(MoneyRequest, on_delete=OnDelete.restrict, unique=True, null=True, default=None)
    attempt = ForeignKey(PaymentAttempt, on_delete=OnDelete.restrict, unique=True, null=True, default=None)
    mismatch = ForeignKey(PaymentMismatch, on_delete=OnDelete.restrict, unique=True, null=True, default=None)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=True, default=None)  # none: of before it was kept
    note = Varchar(400)
    noted_at = Timestamptz()


class SandboxFault(Table, db=DB):
    """A fault that is switched on, `percent` times in a hundred."""

    id = BigSerial(primary_key=True)
    name = Varchar(20, unique=True)
    percent = SmallInt()


class SandboxPayment(Table, db=DB):
    """The sandbox provider's own record of a payment page; the shop reads it only through the provider."""

    id = BigSerial(primary_key=True)
    reference = Varchar(60, unique=True)
    idempotency_key = Varchar(64, unique=True)
    amount_minor = BigInt()
    currency = Varchar(3)
    description = Varchar(200)
    return_url = Text()
    state = Varchar(12, default="open")  # open | challenge | processing | approved | declined
    ready_at = Timestamptz(null=True, default=None)  # of a slow card: when the bank has decided
    manual_capture = Boolean(default=False)
    captured_minor = BigInt(default=0)
    released_minor = BigInt(default=0)
    refunded_minor = BigInt(default=0)
    method = Varchar(60, default="")
    failure = Varchar(200, default="")
    created_at = Timestamptz()


class SandboxMovement(Table, db=DB):
    """A capture, release or refund in the sandbox's own books, once per key."""

    id = BigSerial(primary_key=True)
    reference = Varchar(60, unique=True)
    payment = ForeignKey(SandboxPayment, on_delete=OnDelete.restrict)
    kind = Varchar(8)
    key = Varchar(LONGEST_KEY, unique=True)
    amount_minor = BigInt()
    created_at = Timestamptz()


class SandboxWebhook(Table, db=DB):
    """A webhook that the sandbox still has to deliver."""

    id = BigSerial(primary_key=True)
    event = Varchar(60, unique=True)
    payload = JSONB()
    attempts = Integer(default=0)
    next_at = Timestamptz()
    delivered_at = Timestamptz(null=True, default=None)
