"""What the shop wants done with money that it holds or has taken: capture it, let it go, send it back.

Each verb is called in the transaction of its cause and writes down what is wanted; providers hear of it after the
commit, as often as it takes (`checkout/carrying_out.py`). The attempt's row is locked meanwhile, so that two wishes at
the same time cannot ask for more than there is; CHECKs on it would refuse that, too. Whoever locks the order as well
locks it first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.payments import ledger
from app.payments.attempts import Attempt, charge_of
from app.payments.tables import AttemptState, RequestKind, RequestState

RELEASED_PART = "/held"  # the key of what a refund only had to let go
BANK_PART = "/bank"  # and of what the shopper's bank has taken back by itself
GIVEN_UP_PART = "/given-up"  # of what a capture was to take, and an operator lets go
AGAIN = "/again"  # of what is asked for once more after it failed
CHARGED_BACK = "The shopper's bank has taken this money back already. Ask again if it comes back to us."

OPEN_REQUESTS = (RequestState.ASKED, RequestState.SENT)
FIRST_TRY_AGAIN = timedelta(seconds=20)
LAST_TRY_AGAIN = timedelta(hours=1)

COUNTERS = {
    RequestKind.CAPTURE: "captured_minor",
    RequestKind.RELEASE: "released_minor",
    RequestKind.REFUND: "returned_minor",
}
COLUMNS = """id, attempt, "order", kind, key, amount_minor, currency, reason, state, provider_reference, failure, tries,
  silent_tries, given_up_at, next_at, asked_at, settled_at"""


class MoneyRefused(Exception):
    """The order has less money left than is asked for, or none; nothing was written."""


class KeyReused(Exception):
    """The key was used for another order or amount; nothing was written."""


@dataclass(frozen=True)
class Request:
    id: int
    attempt: int
    order: int
    kind: RequestKind
    key: str
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


@dataclass(frozen=True)
class Refund:
    """What a refund consists of."""

    released_minor: int  # was only held by the bank
    returned_minor: int  # was taken, and goes back
    bank_minor: int = 0  # the shopper has it from the bank: a chargeback
    lost_minor: int = 0  # was never taken: the bank has let go of the hold that was to pay it, or we have


async def refund(order_id: int, amount_minor: int, key: str, reason: str, *, shipped: bool = False) -> Refund:
    """So much of the order's money goes back to the shopper; the same key again changes nothing.

    Where cards are charged at shipment, money for goods that were not sent is still only held: that is let go first.
    For goods that were sent (`shipped`: a return), money that was taken goes back first. What the bank has given the
    shopper by itself is not sent once more; of a chargeback a failed request remains, that can be asked for again.

    Args:
        reason: for operators and the provider, at most 200 characters.
    Raises:
        MoneyRefused, KeyReused: see there.
        ValueError: the amount is not positive.
    """
    if amount_minor <= 0:
        raise ValueError("a refund is of at least one cent")
    async with transaction():
        attempt = await charge_of(order_id)
        lost = await _never_came(attempt) if attempt else 0
        before = await _asked_before(order_id, amount_minor - lost, amount_minor, key)
        if before:
            return _refund_of(before, amount_minor)
        if attempt is None:
            raise MoneyRefused(f"no payment of order {order_id}")
        free = await sendable(attempt)
        charged_back = attempt.kept_minor - free
        never_taken = 0 if shipped else min(amount_minor, lost)  # what was not sent was to be paid by the lost hold
        here = min(amount_minor - never_taken, attempt.held_minor + free)
        if amount_minor - here > charged_back + lost:
            raise MoneyRefused(f"order {order_id} has less than {amount_minor} left")
        part = min(here, free if shipped else attempt.held_minor)
        returned, released = (part, here - part) if shipped else (here - part, part)
        if released:
            await ask(attempt, RequestKind.RELEASE, released, key + RELEASED_PART, reason)
        if returned:
            await ask(attempt, RequestKind.REFUND, returned, key, reason)
        if withheld := min(amount_minor - never_taken - here, charged_back):
            await _withhold(attempt, withheld, key + BANK_PART, reason)
        return Refund(released, returned, withheld, amount_minor - here - withheld)


async def _never_came(attempt: Attempt) -> int:
    """What was to pay for goods, and a bank has let go of by itself, or an operator has given up after they left."""
    row = await fetch_one(
        """SELECT coalesce(sum(amount_minor), 0)::bigint AS minor FROM money_request
           WHERE attempt = $1 AND kind = 'release' AND state <> 'failed' AND position($2 IN key) > 0""",
        attempt.id,
        GIVEN_UP_PART,
    )
    return await ledger.lost(attempt) + (row["minor"] if row else 0)


async def sendable(attempt: Attempt) -> int:
    """What was taken and may go back: not what the shopper's bank has taken back by itself."""
    return max(0, attempt.kept_minor - await ledger.charged_back(attempt))


async def _withhold(attempt: Attempt, amount_minor: int, key: str, reason: str) -> None:
    """A refund that is not sent, for a person to look at."""
    await ask(attempt, RequestKind.REFUND, amount_minor, key, reason)
    request = await request_by_key(key)
    assert request is not None
    await finish(request, RequestState.FAILED, "", CHARGED_BACK)


async def capture(order_id: int, amount_minor: int, key: str) -> int:
    """Goods of this worth leave: take their money, and return how much of it had not been taken (0: all was).

    Where the provider can capture only once, the first capture takes all that is held. The same key again changes
    nothing.

    Raises:
        MoneyRefused: nothing pays this order, or more would be taken than is held.
        KeyReused: see there.
        ValueError: the amount is not positive.
    """
    if amount_minor <= 0:
        raise ValueError("a capture is of at least one cent")
    async with transaction():
        attempt = await charge_of(order_id)
        before = await request_by_key(key)
        if before:
            if before.order != order_id or before.kind != RequestKind.CAPTURE:
                raise KeyReused(key)
            return before.amount_minor
        attempt, amount = await _to_capture(attempt, order_id, amount_minor)
        if amount:
            await ask(attempt, RequestKind.CAPTURE, amount, key, "goods have left")
        return amount


async def require_capture(order_id: int, amount_minor: int) -> None:
    """Raises MoneyRefused: so much could not be captured now. Nothing is written, and only `capture` decides."""
    async with transaction():
        await _to_capture(await charge_of(order_id), order_id, amount_minor)


async def _to_capture(attempt: Attempt | None, order_id: int, amount_minor: int) -> tuple[Attempt, int]:
    """The payment, and how much of it is to be captured for goods of this worth: nothing when it was taken at the
    order, or with the first parcel.

    Raises:
        MoneyRefused: see `capture`.
    """
    if attempt is None or attempt.state == AttemptState.RELEASED:
        raise MoneyRefused(f"no payment of order {order_id}")
    if not attempt.held_minor:
        if await ledger.lost(attempt):
            raise MoneyRefused(f"the bank has let go of what it held for order {order_id}")
        return attempt, 0
    amount = amount_minor if attempt.takes_parts else attempt.held_minor
    if amount > attempt.held_minor:
        raise MoneyRefused(f"order {order_id} has only {attempt.held_minor} held, not {amount}")
    return attempt, amount


async def _asked_before(order_id: int, least: int, most: int, key: str) -> list[Request]:
    keys = [key, key + RELEASED_PART, key + BANK_PART]
    rows = await fetch(f"SELECT {COLUMNS} FROM money_request WHERE key = ANY($1)", keys)  # noqa: S608
    found = [_request(row) for row in rows]
    if found and (
        {request.order for request in found} != {order_id}
        or not least <= sum(request.amount_minor for request in found) <= most
        or any(request.kind == RequestKind.CAPTURE for request in found)
    ):
        raise KeyReused(key)
    return found


def _refund_of(asked: list[Request], amount_minor: int) -> Refund:
    released = sum(each.amount_minor for each in asked if each.kind == RequestKind.RELEASE)
    withheld = sum(each.amount_minor for each in asked if each.key.endswith(BANK_PART))
    returned = sum(each.amount_minor for each in asked) - released - withheld
    return Refund(released, returned, withheld, amount_minor - released - returned - withheld)


async def ask(attempt: Attempt, kind: RequestKind, amount_minor: int, key: str, reason: str) -> None:
    """Write a request of an attempt whose row is locked, and count it there.

    Raises:
        CheckViolationError: the attempt has less; the caller has looked.
    """
    counter = COUNTERS[kind]
    await execute(f"UPDATE payment_attempt SET {counter} = {counter} + $2 WHERE id = $1", attempt.id, amount_minor)  # noqa: S608
    await execute(
        """INSERT INTO money_request
             (attempt, "order", kind, key, amount_minor, currency, reason, state, next_at, asked_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $8)""",
        attempt.id,
        attempt.order,
        kind,
        key,
        amount_minor,
        attempt.currency,
        reason[:200].replace("\0", ""),
        now(),
    )


def _request(row: Any) -> Request:
    return Request(**{**row, "kind": RequestKind(row["kind"]), "state": RequestState(row["state"])})


async def request_by_key(key: str) -> Request | None:
    row = await fetch_one(f"SELECT {COLUMNS} FROM money_request WHERE key = $1", key)  # noqa: S608
    return _request(row) if row else None


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
