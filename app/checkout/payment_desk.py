"""What an operator sees about money: what is not known, what failed, where books differ, and what was said about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.infra.clock import now
from app.infra.database import fetch, fetch_one

SHOWN = 50

# What waits for a person, each as the end of a SELECT. Notes about it are written by `by_hand`.
BY_BANKS = """FROM ledger_entry e LEFT JOIN shop_order o ON o.id = e."order"
  WHERE (e.kind IN ('chargeback', 'chargeback_returned') OR (e.kind = 'release' AND e.key LIKE '%-lost'))
    AND NOT EXISTS (SELECT FROM money_note n WHERE n.entry = e.id)"""

GIVEN_UP = """FROM payment_attempt a JOIN shop_order o ON o.id = a."order"
  WHERE a.given_up_at IS NOT NULL AND a.state IN ('created', 'pending')"""

_REQUESTS = """FROM money_request r JOIN shop_order o ON o.id = r."order" JOIN payment_attempt a ON a.id = r.attempt"""

UNSENT = f"{_REQUESTS} WHERE r.given_up_at IS NOT NULL AND r.state IN ('asked', 'sent')"

FAILED = f"""{_REQUESTS} WHERE r.state = 'failed'
  AND NOT EXISTS (SELECT FROM money_request again WHERE again.instead_of = r.id)
  AND NOT EXISTS (SELECT FROM money_note n WHERE n.request = r.id)"""  # noqa: S608 - a constant


@dataclass(frozen=True)
class Desk:
    asking: list[Any]  # open attempts about which the provider's word is missing
    given_up: list[Any]  # and those of which a person has to find out
    waiting: int  # requests on their way
    unsent: list[Any]  # and those that are not sent any more, and still wanted
    failed: list[Any]  # requests that will not happen and were not asked for again
    mismatches: list[Any]
    by_banks: list[Any]  # what banks took back, let go of or gave back by themselves, and nobody has looked at
    notes: list[Any]  # the last that operators wrote about such things
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
                   o.number, o.state {GIVEN_UP} ORDER BY a.id DESC LIMIT $1""",
        SHOWN,
    )
    waiting = await fetch_one(
        "SELECT count(*) AS count FROM money_request WHERE state IN ('asked', 'sent') AND given_up_at IS NULL"
    )
    unsent = await fetch(
        f"""SELECT r.id, r.kind, r.amount_minor, r.asked_at, r.silence AS why, a.provider, a.provider_reference,
                   o.number {UNSENT} ORDER BY r.id DESC LIMIT $1""",
        SHOWN,
    )
    failed = await fetch(
        f"""SELECT r.id, r.kind, r.amount_minor, r.asked_at, r.failure AS why, a.provider, a.provider_reference,
                   o.number {FAILED} ORDER BY r.id DESC LIMIT $1""",
        SHOWN,
    )
    mismatches = await fetch(
        """SELECT m.id, m.kind, m.reference, m.ours_minor, m.theirs_minor, m.done, m.found_at, o.number
           FROM payment_mismatch m LEFT JOIN shop_order o ON o.id = m."order"
           WHERE m.settled_at IS NULL ORDER BY m.id DESC LIMIT $1""",
        SHOWN,
    )
    by_banks = await fetch(
        f"""SELECT e.id, e.kind, abs(e.amount_minor) AS amount_minor, e.created_at, o.number {BY_BANKS}
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
    return Desk(asking, given_up, count, unsent, failed, mismatches, by_banks, await notes(), last, sums)


async def to_look_at() -> int:
    """How many things about money wait for a person."""
    row = await fetch_one(
        f"""SELECT (SELECT count(*) FROM payment_mismatch WHERE settled_at IS NULL) + (SELECT count(*) {BY_BANKS})
             + (SELECT count(*) {GIVEN_UP}) + (SELECT count(*) {UNSENT}) + (SELECT count(*) {FAILED}) AS count"""  # noqa: S608
    )
    return int(row["count"]) if row else 0


async def notes(order_id: int | None = None) -> list[Any]:
    """What operators have said about what waited for them, the newest first; of one order, or the last of all."""
    return await fetch(
        """SELECT n.note, n.noted_at, person.name AS operator, o.number, r.state,
                  coalesce(r.kind, e.kind, m.kind, 'attempt') AS kind,
                  coalesce(r.amount_minor, abs(e.amount_minor), abs(m.theirs_minor - m.ours_minor), a.amount_minor)
                    AS amount_minor
           FROM money_note n LEFT JOIN account person ON person.id = n.account
             LEFT JOIN money_request r ON r.id = n.request LEFT JOIN ledger_entry e ON e.id = n.entry
             LEFT JOIN payment_attempt a ON a.id = n.attempt LEFT JOIN payment_mismatch m ON m.id = n.mismatch
             LEFT JOIN shop_order o ON o.id = coalesce(r."order", e."order", a."order", m."order")
           WHERE $1::bigint IS NULL OR coalesce(r."order", e."order", a."order", m."order") = $1
           ORDER BY n.id DESC LIMIT $2""",
        order_id,
        SHOWN,
    )
