"""Attempts to take money, what the provider told us, and the ledger of money that moved."""

from enum import StrEnum

from piccolo.columns import JSONB, BigInt, BigSerial, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.infra.database import DB


class AttemptState(StrEnum):
    CREATED = "created"  # not yet known to the provider
    PENDING = "pending"  # the shopper is on the provider's page
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUNDING = "refunding"  # money was taken that may not be kept: it has to go back
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
    method = Varchar(60, default="")  # as shown to the shopper: "Visa ending 4242"
    failure = Varchar(200, default="")
    created_at = Timestamptz()
    settled_at = Timestamptz(null=True, default=None)


class WebhookEvent(Table, db=DB):
    """A provider's message, once: unique per (provider, event)."""

    id = BigSerial(primary_key=True)
    provider = Varchar(20)
    event = Varchar(120)
    payload = JSONB()
    received_at = Timestamptz()


class LedgerEntry(Table, db=DB):
    """Money that moved: captures are positive, refunds negative."""

    id = BigSerial(primary_key=True)
    attempt = ForeignKey(PaymentAttempt, on_delete=OnDelete.restrict)
    order = BigInt(index=True)
    kind = Varchar(10)  # capture | refund
    amount_minor = BigInt()
    currency = Varchar(3)
    created_at = Timestamptz()


class SandboxPayment(Table, db=DB):
    """The sandbox provider's own record of a payment page; the shop reads it only through the provider."""

    id = BigSerial(primary_key=True)
    reference = Varchar(60, unique=True)
    idempotency_key = Varchar(64, unique=True)
    amount_minor = BigInt()
    currency = Varchar(3)
    description = Varchar(200)
    return_url = Text()
    state = Varchar(12, default="open")  # open | challenge | approved | declined | refunded
    method = Varchar(60, default="")
    failure = Varchar(200, default="")
    created_at = Timestamptz()


class SandboxWebhook(Table, db=DB):
    """A webhook that the sandbox still has to deliver."""

    id = BigSerial(primary_key=True)
    event = Varchar(60, unique=True)
    payload = JSONB()
    attempts = Integer(default=0)
    next_at = Timestamptz()
    delivered_at = Timestamptz(null=True, default=None)
