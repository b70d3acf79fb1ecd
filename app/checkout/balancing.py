"""Our books of money against a provider's: every difference is written down, with what was done about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.checkout.carrying_out import settle_request
from app.checkout.settling import AmountDiffers, settle
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.logs import log
from app.orders.locking import locked_order
from app.payments import requests
from app.payments.attempts import attempt_by_key, locked
from app.payments.provider import Outcome, ProviderUnavailable, Statement, Verdict
from app.payments.registry import provider_named
from app.payments.tables import RequestKind

DAYS = 35  # of the nightly comparison
MARGIN = timedelta(days=1)  # a payment may be begun before its page is opened, and clocks differ


@dataclass(frozen=True)
class Mismatch:
    """`done` says what was done, in a sentence; one that is not mended waits for a person."""

    kind: str
    reference: str
    ours_minor: int
    theirs_minor: int
    done: str
    is_mended: bool = False
    order: int | None = None
    attempt: int | None = None


@dataclass(frozen=True)
class Balance:
    provider: str
    payments: int
    mismatches: tuple[Mismatch, ...]
    failure: str = ""


@dataclass(frozen=True)
class _Ours:
    id: int
    order: int
    key: str
    reference: str
    created_at: datetime
    is_moving: bool  # something was asked for and not answered yet, or has moved since the comparison began
    captured: int
    refunds: dict[str, int]


async def balance_all(days: int = DAYS) -> list[Balance]:
    """Compare the payments of the last days with every provider that has taken some. For a job, every night."""
    rows = await fetch("SELECT DISTINCT provider FROM payment_attempt ORDER BY provider")
    return [await balance(row["provider"], now() - timedelta(days=days)) for row in rows]


async def balance(provider: str, since: datetime) -> Balance:
    """Compare the payments begun since then, mend what can be mended, and keep a report of it."""
    began_at = now()
    started = await fetch_one(
        "INSERT INTO reconciliation (provider, since, started_at) VALUES ($1, $2, $3) RETURNING id",
        provider,
        since,
        began_at,
    )
    assert started is not None
    try:
        theirs = await provider_named(provider).statements(since - MARGIN)
    except ProviderUnavailable as error:
        await _finish(started["id"], 0, str(error)[:200])
        return Balance(provider, 0, (), str(error)[:200])
    ours = await _ours(provider, since - 2 * MARGIN, began_at)
    found = await _compared(provider, ours, theirs, since)
    for mismatch in found:
        await _keep(started["id"], mismatch)
    await _settle_gone(started["id"], provider, since, found)
    await _finish(started["id"], len(theirs), "")
    log("payments").info("books compared", provider=provider, payments=len(theirs), mismatches=len(found))
    return Balance(provider, len(theirs), tuple(found))


async def _ours(provider: str, since: datetime, began_at: datetime) -> dict[str, _Ours]:
    rows = await fetch(
        """SELECT a.id, a."order", a.key, coalesce(a.provider_reference, '') AS reference, a.created_at,
                  EXISTS (SELECT FROM money_request r WHERE r.attempt = a.id AND r.state IN ('asked', 'sent'))
                    OR EXISTS (SELECT FROM ledger_entry e WHERE e.attempt = a.id AND e.created_at >= $3) AS moving,
                  coalesce((SELECT sum(e.amount_minor) FROM ledger_entry e
                            WHERE e.attempt = a.id AND e.kind = 'capture'), 0)::bigint AS captured
           FROM payment_attempt a WHERE a.provider = $1 AND a.created_at >= $2""",
        provider,
        since,
        began_at,
    )
    refunds = await fetch(
        """SELECT r.attempt, r.key, r.amount_minor FROM money_request r JOIN payment_attempt a ON a.id = r.attempt
           WHERE a.provider = $1 AND a.created_at >= $2 AND r.kind = 'refund' AND r.state = 'done'
             AND NOT EXISTS (SELECT FROM money_note n WHERE n.request = r.id)""",  # those were paid another way
        provider,
        since,
    )
    sent_back: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in refunds:
        sent_back[row["attempt"]][row["key"]] = row["amount_minor"]
    return {row["key"]: _our(row, sent_back[row["id"]]) for row in rows}


def _our(row: Any, refunds: dict[str, int]) -> _Ours:
    return _Ours(
        row["id"],
        row["order"],
        row["key"],
        row["reference"],
        row["created_at"],
        bool(row["moving"]),
        row["captured"],
        refunds,
    )


async def _compared(provider: str, ours: dict[str, _Ours], theirs: list[Statement], since: datetime) -> list[Mismatch]:
    found: list[Mismatch] = []
    captured: defaultdict[str, int] = defaultdict(int)
    for statement in theirs:
        captured[statement.key] += statement.captured_minor
    for statement in theirs:
        our = ours.get(statement.key)
        if our is None:
            if statement.captured_minor and await attempt_by_key(statement.key) is None:
                said = "We know of no such payment. Look it up at the provider, and send it back there."
                found.append(Mismatch("payment_unknown", statement.reference, 0, statement.captured_minor, said))
            continue
        found += await _captures(provider, our, statement, captured[our.key])
        found += await _refunds(our, statement)
    for key, our in ours.items():
        if our.captured and key not in captured and not our.is_moving and our.created_at >= since:
            said = "The provider does not list this payment."
            found.append(Mismatch("payment_missing", our.reference, our.captured, 0, said, False, our.order, our.id))
    return found


async def _captures(provider: str, our: _Ours, statement: Statement, theirs: int) -> list[Mismatch]:
    if theirs == our.captured or our.is_moving:
        return []
    about = (our.reference or statement.reference, our.captured, theirs)
    if theirs < our.captured:
        said = "The provider has taken less than we believe."
        return [Mismatch("captured_less", *about, said, False, our.order, our.id)]
    if our.captured == 0 and our.reference:
        try:  # its word was lost: it is asked for, and taken over as always
            await settle(our.id, await provider_named(provider).status(our.reference))
        except (ProviderUnavailable, AmountDiffers) as error:
            log("payments").warning("not mended", attempt=our.id, error=str(error))
        row = await fetch_one(
            """SELECT coalesce(sum(amount_minor), 0)::bigint AS sum FROM ledger_entry
               WHERE attempt = $1 AND kind = 'capture'""",
            our.id,
        )
        if row and row["sum"] == theirs:
            said = "The payment was taken over: its order is paid, or the money goes back."
            return [Mismatch("captured_more", *about, said, True, our.order, our.id)]
    said = "The provider has taken more than we know of. Send the difference back there."
    return [Mismatch("captured_more", *about, said, False, our.order, our.id)]


async def _refunds(our: _Ours, statement: Statement) -> list[Mismatch]:
    found: list[Mismatch] = []
    for key, amount in statement.refunds.items():
        if our.refunds.get(key) == amount or our.is_moving:
            continue
        mended = await _take_over_refund(our, key, amount)
        said = "It was sent back at the provider; our books have it now." if mended else "Our books cannot hold it."
        found.append(Mismatch("refund_more", key, our.refunds.get(key, 0), amount, said, mended, our.order, our.id))
    for key, amount in our.refunds.items():
        if key not in statement.refunds and not our.is_moving:
            said = "The provider does not list this refund. Ask there, and ask for it again."
            found.append(Mismatch("refund_missing", key, amount, 0, said, False, our.order, our.id))
    return found


async def _take_over_refund(our: _Ours, key: str, amount: int) -> bool:
    """A refund that somebody made at the provider by hand goes into our books, if there is so much to send back."""
    async with transaction():
        await locked_order(our.order)
        attempt = await locked(our.id)
        if attempt.kept_minor < amount or await requests.request_by_key(key):
            return False
        request = await requests.ask(attempt, RequestKind.REFUND, amount, key, "sent back at the provider")
        await settle_request(request.id, Outcome(Verdict.SUCCEEDED, key))
    return True


async def _keep(reconciliation: int, found: Mismatch) -> None:
    """One that waits from before is not written again."""
    await execute(
        """INSERT INTO payment_mismatch
             (reconciliation, kind, "order", attempt, reference, ours_minor, theirs_minor, done, is_mended, found_at,
              settled_at)
           SELECT $1, $2::text, $3::bigint, $4::bigint, $5::text, $6::bigint, $7::bigint, $8::text, $9::boolean,
                  $10::timestamptz, CASE WHEN $9 THEN $10 END
           WHERE NOT EXISTS (SELECT FROM payment_mismatch WHERE settled_at IS NULL AND kind = $2::text
                               AND reference = $5::text AND ours_minor = $6 AND theirs_minor = $7)""",
        reconciliation,
        found.kind,
        found.order,
        found.attempt,
        found.reference,
        found.ours_minor,
        found.theirs_minor,
        found.done,
        found.is_mended,
        now(),
    )


async def _settle_gone(reconciliation: int, provider: str, since: datetime, found: list[Mismatch]) -> None:
    """What an earlier comparison found and this one, which looked at the same payment, did not: the books agree."""
    await execute(
        """UPDATE payment_mismatch m SET settled_at = $4
           FROM payment_attempt a WHERE a.id = m.attempt AND a.provider = $2 AND a.created_at >= $3
             AND m.settled_at IS NULL AND m.reconciliation < $1 AND NOT (m.kind || m.reference = ANY($5::text[]))""",
        reconciliation,
        provider,
        since,
        now(),
        [each.kind + each.reference for each in found],
    )


async def _finish(reconciliation: int, payments: int, failure: str) -> None:
    await execute(
        "UPDATE reconciliation SET finished_at = $2, payments = $3, failure = $4 WHERE id = $1",
        reconciliation,
        now(),
        payments,
        failure,
    )
