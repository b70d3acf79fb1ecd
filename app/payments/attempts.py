"""Attempts to pay an order: at most one of them is open or successful."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.infra.settings import settings
from app.payments.provider import Charge, Outcome, Verdict
from app.payments.registry import provider_named
from app.payments.tables import AttemptState

# A provider's page outlives the hold a little, and Stripe wants at least 30 minutes and at most a day.
PAGE_LONGER = timedelta(minutes=35)
PAGE_LONGEST = timedelta(hours=23, minutes=50)
SAME_TRY = timedelta(seconds=20)
ASK_AFTER = timedelta(minutes=2)  # if the provider has said nothing by itself
ASK_EVERY = timedelta(seconds=50)  # so that who was asked about in one minute is due in the next

OPEN = (AttemptState.CREATED, AttemptState.PENDING)
PAYING = (AttemptState.AUTHORISED, AttemptState.SUCCEEDED)

COLUMNS = """id, "order", provider, key, provider_reference, state, amount_minor, currency, method, failure, created_at,
  authorised_minor, captured_minor, released_minor, returned_minor, takes_parts, held_until, checking_since,
  silent_tries, given_up_at"""


@dataclass(frozen=True)
class Attempt:
    id: int
    order: int
    provider: str
    key: str
    provider_reference: str | None
    state: AttemptState
    amount_minor: int
    currency: str
    method: str
    failure: str
    created_at: datetime
    authorised_minor: int
    captured_minor: int
    released_minor: int
    returned_minor: int
    takes_parts: bool
    held_until: datetime | None
    checking_since: datetime | None
    silent_tries: int
    given_up_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def held_minor(self) -> int:
        """Authorised, and neither captured nor released, nor asked to be."""
        return self.authorised_minor - self.captured_minor - self.released_minor

    @property
    def kept_minor(self) -> int:
        """Captured and not asked back."""
        return self.captured_minor - self.returned_minor


def _attempt(row: Any) -> Attempt:
    return Attempt(**{**row, "state": AttemptState(row["state"])})


async def open_attempt(order_id: int, provider: str, amount_minor: int, currency: str) -> None:
    """Start a try to pay, in the transaction of its cause. The provider hears of it afterwards, from `begin`.

    Raises:
        UniqueViolationError: the order has an open or successful attempt; the caller, who locked it, has looked.
    """
    await execute(
        """INSERT INTO payment_attempt
             ("order", provider, key, state, amount_minor, currency, method, failure, created_at, ask_at)
           VALUES ($1, $2, $3, 'created', $4, $5, '', '', $6, $7)""",
        order_id,
        provider,
        str(uuid4()),
        amount_minor,
        currency,
        now(),
        now() + ASK_AFTER,
    )


async def attempts_of(order_id: int) -> list[Attempt]:
    """All attempts of an order, the newest first."""
    rows = await fetch(f'SELECT {COLUMNS} FROM payment_attempt WHERE "order" = $1 ORDER BY id DESC', order_id)  # noqa: S608
    return [_attempt(row) for row in rows]


async def next_to_ask_about(due: datetime) -> Attempt | None:
    """The open attempt that has waited the longest to be asked about, of those that were `due` by then and wait for no
    person. It is due again a while later, whatever becomes of the question; two who ask at the same time get two."""
    row = await fetch_one(
        f"""UPDATE payment_attempt SET ask_at = $2 WHERE id = (
              SELECT id FROM payment_attempt
              WHERE state IN ('created', 'pending') AND provider_reference IS NOT NULL AND given_up_at IS NULL
                AND ask_at <= $1
              ORDER BY ask_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING {COLUMNS}""",  # noqa: S608
        due,
        now() + ASK_EVERY,
    )
    return _attempt(row) if row else None


async def order_is_over(order_id: int, why: str) -> None:
    """Part of the transaction that ends an unpaid order: an attempt that never reached its provider will not be heard
    of; the page of another is to be closed soon."""
    await execute(
        """UPDATE payment_attempt SET state = 'failed', failure = $2, settled_at = $3
           WHERE "order" = $1 AND state = 'created'""",
        order_id,
        why,
        now(),
    )
    await execute(
        """UPDATE payment_attempt SET ask_at = least(ask_at, $2) WHERE "order" = $1 AND state = 'pending'""",
        order_id,
        now(),
    )


async def attempt_by_key(key: str) -> Attempt | None:
    row = await fetch_one(f"SELECT {COLUMNS} FROM payment_attempt WHERE key = $1", key)  # noqa: S608
    return _attempt(row) if row else None


async def locked(attempt_id: int) -> Attempt:
    """The attempt, its row locked until the end of the transaction."""
    row = await fetch_one(f"SELECT {COLUMNS} FROM payment_attempt WHERE id = $1 FOR UPDATE", attempt_id)  # noqa: S608
    if row is None:
        raise LookupError(f"no attempt {attempt_id}")
    return _attempt(row)


async def begin(attempt: Attempt, description: str, return_path: str) -> str:
    """Announce an open attempt to its provider and return the address of the page to pay on; again: the same page.

    Raises:
        ProviderUnavailable: try again later, nothing is lost.
    """
    provider = provider_named(attempt.provider)
    if attempt.provider_reference:
        return await provider.page(attempt.provider_reference) or return_path  # closed: back, to hear what became of it
    hold = timedelta(minutes=settings().reservation_minutes)
    charge = Charge(
        attempt.key,
        attempt.amount_minor,
        attempt.currency,
        description,
        return_path,
        page_until=attempt.created_at + min(hold + PAGE_LONGER, PAGE_LONGEST),
        manual_capture=settings().payment_capture == "at_shipment",
        tries=await _count_try(attempt),
    )
    started = await provider.start(charge)
    row = await fetch_one(
        """UPDATE payment_attempt SET provider_reference = coalesce(provider_reference, $2),
             state = CASE WHEN state = 'created' THEN 'pending' ELSE state END
           WHERE id = $1 RETURNING provider_reference, state""",
        attempt.id,
        started.reference,
    )
    is_ours = row is None or row["provider_reference"] == started.reference
    if row is None or (is_ours and row["state"] in OPEN):
        return started.url
    # Another window was faster, and its page is the attempt's; or the time to pay was over meanwhile, and nobody would
    # ask what became of this page. Nobody was told of it, and nobody will pay there.
    await provider.close(started.reference)
    return return_path if is_ours else await provider.page(row["provider_reference"]) or return_path


async def _count_try(attempt: Attempt) -> int:
    """Which try this is to open a page; those that come at the same time, as double clicks do, are one."""
    row = await fetch_one(
        """UPDATE payment_attempt SET page_tries = page_tries + 1, page_tried_at = $2
           WHERE id = $1 AND (page_tried_at IS NULL OR page_tried_at <= $3) RETURNING page_tries""",
        attempt.id,
        now(),
        now() - SAME_TRY,
    )
    row = row or await fetch_one("SELECT page_tries FROM payment_attempt WHERE id = $1", attempt.id)
    return int(row["page_tries"]) if row else 1


async def note_checking(attempt: Attempt) -> None:
    """The shopper may have paid, and we cannot tell: nobody is to be asked to pay again."""
    await execute(
        """UPDATE payment_attempt SET checking_since = coalesce(checking_since, $2)
           WHERE id = $1 AND state IN ('created', 'pending')""",
        attempt.id,
        now(),
    )


async def charge_of(order_id: int) -> Attempt | None:
    """The attempt that pays the order, or has paid it and is released, its row locked until the transaction ends."""
    row = await fetch_one(
        f'SELECT {COLUMNS} FROM payment_attempt WHERE "order" = $1 AND state = ANY($2::text[]) FOR UPDATE',  # noqa: S608
        order_id,
        [*PAYING, AttemptState.RELEASED],
    )
    return _attempt(row) if row else None


async def close(attempt: Attempt, state: AttemptState, outcome: Outcome) -> None:
    """Write down what became of an attempt whose row is locked."""
    held = attempt.amount_minor if outcome.verdict in (Verdict.AUTHORISED, Verdict.SUCCEEDED) else 0
    taken = attempt.amount_minor if outcome.verdict == Verdict.SUCCEEDED else 0
    await execute(
        """UPDATE payment_attempt SET state = $2, provider_reference = $3, method = $4, failure = $5, settled_at = $6,
             authorised_minor = greatest(authorised_minor, $7), captured_minor = greatest(captured_minor, $8),
             takes_parts = $9, held_until = $10, checking_since = NULL
           WHERE id = $1""",
        attempt.id,
        state,
        outcome.reference or attempt.provider_reference,
        (outcome.method or attempt.method)[:60],
        outcome.failure[:200],
        now(),
        held,
        taken,
        outcome.takes_parts,
        outcome.held_until,
    )
