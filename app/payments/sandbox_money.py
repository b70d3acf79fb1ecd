"""What the sandbox does with money that it holds or has taken: captures, releases and refunds, once per key."""

import secrets
from datetime import datetime
from typing import Literal

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.payments.provider import Outcome, ProviderUnavailable, Statement, Verdict, Wish
from app.payments.sandbox_webhooks import announce

Kind = Literal["capture", "release", "refund"]

ROOM = {
    "capture": "amount_minor - captured_minor - released_minor",
    "release": "amount_minor - captured_minor - released_minor",
    "refund": "captured_minor - refunded_minor",
}
COUNTERS = {"capture": "captured_minor", "release": "released_minor", "refund": "refunded_minor"}


async def move(kind: Kind, wish: Wish) -> Outcome:
    """Capture, release or refund; the same key again answers as it did before.

    Raises:
        ProviderUnavailable: there is no such payment.
    """
    async with transaction():
        payment = await fetch_one(
            f"""SELECT id, state, {ROOM[kind]} AS room FROM sandbox_payment WHERE reference = $1 FOR UPDATE""",  # noqa: S608
            wish.payment,
        )
        if payment is None:
            raise ProviderUnavailable(f"no payment {wish.payment}")
        before = await fetch_one("SELECT reference FROM sandbox_movement WHERE key = $1", wish.key)
        if before:
            return Outcome(Verdict.SUCCEEDED, before["reference"])
        if payment["state"] != "approved" or payment["room"] < wish.amount_minor:
            return Outcome(Verdict.FAILED, "", failure=f"The sandbox has less than this to {kind}.")
        counter = COUNTERS[kind]
        await execute(
            f"UPDATE sandbox_payment SET {counter} = {counter} + $2 WHERE id = $1",  # noqa: S608
            payment["id"],
            wish.amount_minor,
        )
        reference = f"sbm_{secrets.token_urlsafe(18)}"
        await execute(
            """INSERT INTO sandbox_movement (reference, payment, kind, key, amount_minor, created_at)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            reference,
            payment["id"],
            kind,
            wish.key,
            wish.amount_minor,
            now(),
        )
        await announce({"type": f"{kind}.succeeded", "reference": reference, "key": wish.key})
    return Outcome(Verdict.SUCCEEDED, reference)


async def statements(since: datetime) -> list[Statement]:
    rows = await fetch(
        """SELECT id, reference, idempotency_key, amount_minor, captured_minor FROM sandbox_payment
           WHERE created_at >= $1 ORDER BY id""",
        since,
    )
    refunds = await fetch(
        """SELECT m.payment, m.key, m.amount_minor FROM sandbox_movement m JOIN sandbox_payment p ON p.id = m.payment
           WHERE p.created_at >= $1 AND m.kind = 'refund'""",
        since,
    )
    found = {
        row["id"]: Statement(row["idempotency_key"], row["reference"], row["amount_minor"], row["captured_minor"], {})
        for row in rows
    }
    for refund in refunds:
        found[refund["payment"]].refunds[refund["key"]] = refund["amount_minor"]
    return list(found.values())
