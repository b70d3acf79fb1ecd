"""Attempts, captures and refunds about which a provider cannot be heard: it has forgotten them, or is not set up any
more.

They are not asked about, or sent, for ever. After days and many tries, or when what is said cannot be taken over, one
waits at /admin/payments for a person, who may have it asked about, or sent, again. Nothing of it is over: money that
comes in all the same is taken over as ever, by webhooks and by the nightly comparison of books, and a capture or refund
counts against its attempt.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.payments.attempts import Attempt
from app.payments.provider import Outcome
from app.payments.requests import Request

AFTER = timedelta(days=3)
TRIES = 100
LONGEST = 400

# Table, since when it is there, which of them are open, and when one is due.
_PLACES = {
    Attempt: ("payment_attempt", "created_at", "state IN ('created', 'pending')", "ask_at"),
    Request: ("money_request", "asked_at", "state IN ('asked', 'sent')", "next_at"),
}


async def heard(what: Attempt | Request, ask: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """The provider's answer; that there is none is counted, and raised."""
    try:
        outcome = await ask()
    except Exception as error:
        await note(what, str(error) or type(error).__name__)
        raise
    await _end(what)
    return outcome


async def note(what: Attempt | Request, said: str, *, is_final: bool = False) -> None:
    """It was asked about, or sent, in vain. `said` is for operators; `is_final`: again would bring the same."""
    table, since, is_open, _ = _PLACES[type(what)]
    await execute(
        f"""UPDATE {table} SET silent_tries = silent_tries + 1, silence = $2,
             given_up_at = coalesce(given_up_at, CASE WHEN $3 OR (silent_tries + 1 >= $4 AND {since} <= $5)
                                                 THEN $6::timestamptz END)
           WHERE id = $1 AND {is_open}""",  # noqa: S608
        what.id,
        said[:LONGEST].replace("\0", ""),
        is_final,
        TRIES,
        now() - AFTER,
        now(),
    )


async def _end(what: Attempt | Request) -> None:
    if what.silent_tries:
        table = _PLACES[type(what)][0]
        await execute(
            f"UPDATE {table} SET silent_tries = 0, silence = '', given_up_at = NULL WHERE id = $1",  # noqa: S608
            what.id,
        )


async def ask_again(kind: type[Attempt | Request], number: int | None) -> int:
    """Have one that waits, or for None all of its kind, asked about or sent once more; returns how many. Still in vain,
    they wait again."""
    table, _, is_open, due = _PLACES[kind]
    rows = await fetch(
        f"""UPDATE {table} SET given_up_at = NULL, silent_tries = $2, {due} = $3
           WHERE given_up_at IS NOT NULL AND {is_open} AND id = coalesce($1, id) RETURNING id""",  # noqa: S608
        number,
        TRIES,
        now(),
    )
    return len(rows)
