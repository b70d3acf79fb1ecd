"""What an operator sees and does about money: what is not known, what failed, where books differ."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.checkout.settling import settle
from app.infra.clock import now
from app.infra.database import fetch, fetch_one, transaction
from app.orders.locking import locked_order
from app.payments import requests, silence
from app.payments.attempts import Attempt, locked
from app.payments.provider import Outcome, Verdict
from app.payments.requests import Request
from app.payments.tables import RequestState

SHOWN = 50
LONGEST_NOTE = 400


class NotPossible(Exception):
    """There is nothing like that to do any more; the message is a sentence."""


_BY_BANKS = """FROM ledger_entry e LEFT JOIN shop_order o ON o.id = e."order"
  WHERE (e.kind IN ('chargeback', 'chargeback_returned') OR (e.kind = 'release' AND e.key LIKE '%-lost'))
    AND NOT EXISTS (SELECT FROM ledger_note n WHERE n.entry = e.id)"""

_GIVEN_UP = """FROM payment_attempt a JOIN shop_order o ON o.id = a."order"
  WHERE a.given_up_at IS NOT NULL AND a.state IN ('created', 'pending')"""

_UNSENT = """FROM money_request r JOIN shop_order o ON o.id = r."order" JOIN payment_attempt a ON a.id = r.attempt
  WHERE r.given_up_at IS NOT NULL AND r.state IN ('asked', 'sent')"""


@dataclass(frozen=True)
class Desk:
    asking: list[Any]  # open attempts about which the provider's word is missing
    given_up: list[Any]  # and those of which a person has to find out
    waiting: int  # requests on their way
    unsent: list[Any]  # and those that are not sent any more, and still wanted
    failed: list[Any]  # requests that will not happen and were not asked for again
    mismatches: list[Any]
    by_banks: list[Any]  # what banks took back, let go of or gave back by themselves, and nobody has looked at
    last: Any | None  # comparison of books
    day: dict[str, int]  # minor units of today's movements by kind

    @property
    def to_look_at(self) -> int:
        return len(self.given_up) + len(self.unsent) + len(self.failed) + len(self.mismatches) + len(self.by_banks)


async def desk() -> Desk:
    asking = await fetch(
        """SELECT a.id, a.provider, a.amount_minor, a.checking_since, o.number FROM payment_attempt a
           JOIN shop_order o ON o.id = a."order"
           WHERE a.state IN ('created', 'pending') AND a.checking_since IS NOT NULL AND a.given_up_at IS NULL
           ORDER BY a.checking_since LIMIT $1""",
        SHOWN,
    )
    given_up = await fetch(
        f"""SELECT a.id, a.provider, a.provider_reference, a.amount_minor, a.created_at, a.silent_tries, a.silence,
                   o.number, o.state {_GIVEN_UP} ORDER BY a.id DESC LIMIT $1""",
        SHOWN,
    )
    waiting = await fetch_one(
        "SELECT count(*) AS count FROM money_request WHERE state IN ('asked', 'sent') AND given_up_at IS NULL"
    )
    unsent = await fetch(
        f"""SELECT r.id, r.kind, r.amount_minor, r.asked_at, r.silence, a.provider, a.provider_reference, o.number
            {_UNSENT} ORDER BY r.id DESC LIMIT $1""",
        SHOWN,
    )
    failed = await fetch(
        """SELECT r.id, r.kind, r.amount_minor, r.failure, r.reason, r.settled_at, o.number FROM money_request r
           JOIN shop_order o ON o.id = r."order"
           WHERE r.state = 'failed' AND NOT EXISTS (SELECT FROM money_request again WHERE again.key = r.key || '/again')
           ORDER BY r.id DESC LIMIT $1""",
        SHOWN,
    )
    mismatches = await fetch(
        """SELECT m.id, m.kind, m.reference, m.ours_minor, m.theirs_minor, m.done, m.found_at, o.number
           FROM payment_mismatch m LEFT JOIN shop_order o ON o.id = m."order"
           WHERE m.settled_at IS NULL ORDER BY m.id DESC LIMIT $1""",
        SHOWN,
    )
    by_banks = await fetch(
        f"""SELECT e.id, e.kind, abs(e.amount_minor) AS amount_minor, e.created_at, o.number {_BY_BANKS}
            ORDER BY e.id DESC LIMIT $1""",
        SHOWN,
    )
    last = await fetch_one(
        """SELECT r.*, (SELECT count(*) FROM payment_mismatch m WHERE m.reconciliation = r.id AND m.is_mended) AS mended
           FROM reconciliation r WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"""
    )
    day = await fetch(
        "SELECT kind, sum(amount_minor)::bigint AS sum FROM ledger_entry WHERE created_at > $1 GROUP BY kind",
        now() - timedelta(days=1),
    )
    sums = {row["kind"]: row["sum"] for row in day}
    count = waiting["count"] if waiting else 0
    return Desk(asking, given_up, count, unsent, failed, mismatches, by_banks, last, sums)


async def to_look_at() -> int:
    """How many things about money wait for a person."""
    row = await fetch_one(
        f"""SELECT (SELECT count(*) FROM payment_mismatch WHERE settled_at IS NULL) + (SELECT count(*) {_BY_BANKS})
             + (SELECT count(*) {_GIVEN_UP}) + (SELECT count(*) {_UNSENT})
             + (SELECT count(*) FROM money_request r WHERE r.state = 'failed' AND NOT EXISTS
                  (SELECT FROM money_request again WHERE again.key = r.key || '/again')) AS count"""  # noqa: S608
    )
    return int(row["count"]) if row else 0


async def ask_again(request_id: int) -> None:
    """What failed is asked for anew, once, under a key of its own; what is not sent any more is sent again.

    Raises:
        NotPossible: it is neither, was asked for again, or there is not so much money any more.
    """
    found = await fetch('SELECT "order", attempt FROM money_request WHERE id = $1', request_id)
    if not found:
        raise NotPossible("There is no such request.")
    async with transaction():
        await locked_order(found[0]["order"])
        attempt = await locked(found[0]["attempt"])
        request = await requests.locked_request(request_id)
        if await silence.ask_again(Request, request_id):
            return
        again = f"{request.key}/again"
        if request.state != RequestState.FAILED or await requests.request_by_key(again):
            raise NotPossible("Somebody has asked for it again before you.")
        room = await requests.sendable(attempt) if request.kind == "refund" else attempt.held_minor
        if request.amount_minor > room:
            raise NotPossible("The payment has not so much left. Nothing was asked for.")
        await requests.ask(attempt, request.kind, request.amount_minor, again, request.reason)


async def send_all_again() -> None:
    """All that is not sent any more is sent once more.

    Raises:
        NotPossible: none waits.
    """
    if not await silence.ask_again(Request, None):
        raise NotPossible("Nothing waits any more.")


async def ask_about_again(attempt_id: int | None) -> None:
    """What was given up is asked about once more, by the job that asks; None: all of it.

    Raises:
        NotPossible: none waits.
    """
    if not await silence.ask_again(Attempt, attempt_id):
        raise NotPossible("It does not wait any more.")


async def settle_attempt(attempt_id: int, typed: str) -> None:
    """A person has found out that nothing was paid, or has seen to what was: the attempt is over.

    Raises:
        ValueError: there is no usable note; a sentence.
        NotPossible: it does not wait.
    """
    said = _usable(typed)
    rows = await fetch(f'SELECT a."order" {_GIVEN_UP} AND a.id = $1', attempt_id)
    async with transaction():
        for each in rows:
            await locked_order(each["order"])
        row = await fetch_one(
            """UPDATE payment_attempt SET silence = $2 WHERE id = $1 AND given_up_at IS NOT NULL
                 AND state IN ('created', 'pending') RETURNING provider_reference""",
            attempt_id,
            said,
        )
        if row is None:
            raise NotPossible("Somebody has settled this before you.")
        await settle(attempt_id, Outcome(Verdict.FAILED, row["provider_reference"] or "", failure="It was not paid."))


async def note(entry_id: int, typed: str) -> None:
    """A person has looked at what a bank did by itself, and says what came of it.

    Raises:
        ValueError: there is no usable note; a sentence.
        NotPossible: it does not wait.
    """
    row = await fetch_one(
        f"""INSERT INTO ledger_note (entry, note, noted_at) SELECT e.id, $2, $3 {_BY_BANKS} AND e.id = $1
            ON CONFLICT (entry) DO NOTHING RETURNING id""",
        entry_id,
        _usable(typed),
        now(),
    )
    if row is None:
        raise NotPossible("Somebody has settled this before you.")


def _usable(typed: str) -> str:
    note = " ".join(typed.split())
    if not 3 <= len(note) <= LONGEST_NOTE:
        raise ValueError(f"Say what you found, in at most {LONGEST_NOTE} characters.")
    return note


async def settle_mismatch(mismatch_id: int, typed: str) -> None:
    """A person has looked, and says what came of it.

    Raises:
        ValueError: there is no usable note; a sentence.
        NotPossible: it does not wait.
    """
    row = await fetch_one(
        "UPDATE payment_mismatch SET settled_at = $2, note = $3 WHERE id = $1 AND settled_at IS NULL RETURNING id",
        mismatch_id,
        now(),
        _usable(typed),
    )
    if row is None:
        raise NotPossible("Somebody has settled this before you.")
