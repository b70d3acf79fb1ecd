"""Requests of a provider about money of an attempt, as rows: written, found, claimed to be sent, and closed.

What is wanted is decided in `wanted.py`; what a provider says is taken over by `checkout/carrying_out.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.payments.attempts import Attempt
from app.payments.tables import RequestKind, RequestPart, RequestState

OPEN_REQUESTS = (RequestState.ASKED, RequestState.SENT)
FIRST_TRY_AGAIN = timedelta(seconds=20)
LAST_TRY_AGAIN = timedelta(hours=1)

COUNTERS = {
    RequestKind.CAPTURE: "captured_minor",
    RequestKind.RELEASE: "released_minor",
    RequestKind.REFUND: "returned_minor",
}
COLUMNS = """id, attempt, "order", kind, key, cause, part, instead_of, amount_minor, currency, reason, state,
  provider_reference, failure, tries, silent_tries, given_up_at, next_at, asked_at, settled_at"""


@dataclass(frozen=True)
class Request:
    id: int
    attempt: int
    order: int
    kind: RequestKind
    key: str
    cause: str
    part: RequestPart
    instead_of: int | None
    amount_minor: int
    currency: str
    reason: str
    state: RequestState
    provider_reference: str | None
    failure: str
    tries: int
    silent_tries: int
    given_up_at: datetime | None
    next_at: datetime
    asked_at: datetime
    settled_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_REQUESTS


def key_of(cause: str, part: RequestPart) -> str:
    """The key of what is asked for the first time."""
    return f"{cause}/{part}" if part else cause


async def ask(
    attempt: Attempt,
    kind: RequestKind,
    amount_minor: int,
    cause: str,
    reason: str,
    part: RequestPart = RequestPart.WHOLE,
    instead_of: Request | None = None,
) -> Request:
    """Write a request of an attempt whose row is locked, and count it there.

    Args:
        instead_of: one for the same that failed, and for which nothing was asked since.
    Raises:
        CheckViolationError: the attempt has less; the caller has looked.
        UniqueViolationError: this was asked for before; the caller has looked.
    """
    counter = COUNTERS[kind]
    await execute(f"UPDATE payment_attempt SET {counter} = {counter} + $2 WHERE id = $1", attempt.id, amount_minor)  # noqa: S608
    row = await fetch_one(
        f"""INSERT INTO money_request
              (attempt, "order", kind, key, cause, part, instead_of, amount_minor, currency, reason, state, next_at,
               asked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'asked', $11, $11) RETURNING {COLUMNS}""",  # noqa: S608
        attempt.id,
        attempt.order,
        kind,
        f"{attempt.key}-{instead_of.id}" if instead_of else key_of(cause, part),
        cause,
        part,
        instead_of.id if instead_of else None,
        amount_minor,
        attempt.currency,
        reason[:200].replace("\0", ""),
        now(),
    )
    return _request(row)


def _request(row: Any) -> Request:
    kind, part, state = RequestKind(row["kind"]), RequestPart(row["part"]), RequestState(row["state"])
    return Request(**{**row, "kind": kind, "part": part, "state": state})


async def request_by_key(key: str) -> Request | None:
    row = await fetch_one(f"SELECT {COLUMNS} FROM money_request WHERE key = $1", key)  # noqa: S608
    return _request(row) if row else None


async def requests_with(keys: list[str]) -> list[Request]:
    rows = await fetch(f"SELECT {COLUMNS} FROM money_request WHERE key = ANY($1)", keys)  # noqa: S608
    return [_request(row) for row in rows]


async def requests_of(order_id: int) -> list[Request]:
    """All of an order, the oldest first."""
    rows = await fetch(f'SELECT {COLUMNS} FROM money_request WHERE "order" = $1 ORDER BY id', order_id)  # noqa: S608
    return [_request(row) for row in rows]


async def locked_request(request_id: int) -> Request:
    row = await fetch_one(f"SELECT {COLUMNS} FROM money_request WHERE id = $1 FOR UPDATE", request_id)  # noqa: S608
    if row is None:
        raise LookupError(f"no request {request_id}")
    return _request(row)


async def claim_due(limit: int) -> list[Request]:
    """Requests to be sent now, the oldest first, each marked as sent: if we are killed, it is only sent again later.
    None that waits for a person.

    That is after a quarter of the time for which it has been wanted: tries become rarer, but a refund that was begun in
    an outage does not wait for as long again as that has lasted.

    What an attempt is asked for goes out in order: a refund never overtakes the capture of its money.
    """
    rows = await fetch(
        f"""UPDATE money_request SET state = 'sent', tries = tries + 1,
              next_at = $1::timestamptz + least(greatest($3::interval, ($1::timestamptz - asked_at) / 4), $4::interval)
            WHERE id IN (SELECT id FROM money_request due
                         WHERE state IN ('asked', 'sent') AND next_at <= $1 AND given_up_at IS NULL AND NOT EXISTS
                           (SELECT FROM money_request earlier
                            WHERE earlier.attempt = due.attempt AND earlier.id < due.id AND earlier.kind <> 'refund'
                              AND earlier.state IN ('asked', 'sent'))
                         ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING {COLUMNS}""",  # noqa: S608
        now(),
        limit,
        FIRST_TRY_AGAIN,
        LAST_TRY_AGAIN,
    )
    return sorted((_request(row) for row in rows), key=lambda request: request.id)


async def note_reference(request: Request, reference: str) -> None:
    await execute("UPDATE money_request SET provider_reference = $2 WHERE id = $1", request.id, reference)


async def finish(request: Request, state: RequestState, reference: str, failure: str = "") -> None:
    """Close a request whose row and attempt are locked; a failed one no longer counts against its attempt."""
    await execute(
        """UPDATE money_request SET state = $2, provider_reference = coalesce(nullif($3, ''), provider_reference),
             failure = $4, settled_at = $5 WHERE id = $1""",
        request.id,
        state,
        reference,
        failure[:200],
        now(),
    )
    if state == RequestState.FAILED:
        counter = COUNTERS[request.kind]
        await execute(
            f"UPDATE payment_attempt SET {counter} = {counter} - $2 WHERE id = $1",  # noqa: S608
            request.attempt,
            request.amount_minor,
        )


async def conclude(attempt_id: int) -> None:
    """Where its requests have brought an attempt, once none is open: nothing is held any more, or all of it is back."""
    await execute(
        """UPDATE payment_attempt a SET state = CASE
             WHEN state = 'authorised' AND captured_minor + released_minor = authorised_minor
               THEN CASE WHEN captured_minor > 0 THEN 'succeeded' ELSE 'released' END
             WHEN state = 'refunding' AND captured_minor + released_minor = authorised_minor
               AND returned_minor = captured_minor THEN 'refunded'
             ELSE state END
           WHERE id = $1 AND NOT EXISTS
             (SELECT FROM money_request r WHERE r.attempt = a.id AND r.state IN ('asked', 'sent'))""",
        attempt_id,
    )
