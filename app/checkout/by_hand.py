"""What an operator does by hand about money that waits for a person: has it asked about, or sent, again, or says what
became of it. The word stays, with the operator's name, and what was said is over, whatever a provider says later: the
nightly comparison of books shows it if that is something else.
"""

from typing import Literal

from app.checkout.carrying_out import complete, end
from app.checkout.payment_desk import BY_BANKS, FAILED, GIVEN_UP, UNSENT
from app.checkout.settling import settle
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.orders.locking import LockedOrder, locked_order
from app.payments import requests, silence
from app.payments.attempts import Attempt, locked
from app.payments.provider import Outcome, Verdict
from app.payments.requests import Request
from app.payments.tables import RequestKind, RequestPart
from app.payments.wanted import sendable

LONGEST_NOTE = 400
# What may become of a request without its provider.
OUTCOMES = {
    RequestKind.CAPTURE: ("never",),
    RequestKind.RELEASE: ("done",),
    RequestKind.REFUND: ("done", "never"),
}


class NotPossible(Exception):
    """There is nothing like that to do any more; the message is a sentence."""


async def ask_again(request_id: int) -> None:
    """What failed is asked for anew, once, under a key of its own; what is not sent any more is sent again.

    Raises:
        NotPossible: it is neither, was asked for again, or there is not so much money any more.
    """
    async with transaction():
        _, attempt, request = await _waiting(request_id)
        if not await silence.ask_again(Request, request_id):
            await _anew(attempt, request)


async def close(request_id: int, account: int, outcome: str, typed: str) -> None:
    """A capture, release or refund that waits is over by an operator's word.

    Args:
        outcome: "done": a refund was paid another way, or a hold has ended, and the ledger has it as if the provider
            had done it. "never": a refund is not owed; of a capture, whose goods have left, the money is given up, and
            the bank is asked to let go of what it still holds.
    Raises:
        ValueError: there is no usable reason, or that cannot become of it; a sentence.
        NotPossible: it does not wait, or not yet; nothing was written.
    """
    said = _usable(typed)
    async with transaction():
        order, attempt, request = await _waiting(request_id)
        if outcome not in OUTCOMES[request.kind]:
            raise ValueError("Choose what became of it.")
        if outcome == "done":
            await _is_done(order, attempt, request, account, said)
        else:
            await _will_not_be(order, attempt, request, account, said)


async def _is_done(order: LockedOrder, attempt: Attempt, request: Request, account: int, said: str) -> None:
    if request.kind == RequestKind.REFUND and any(
        each.is_open and each.attempt == attempt.id and each.kind == RequestKind.CAPTURE
        for each in await requests.requests_of(order.id)
    ):
        raise NotPossible("Its money is still on its way in. Close its capture first, or wait for it.")
    if not request.is_open:
        request = await _anew(attempt, request)
    await _write("request", request.id, account, said)
    await complete(order, attempt, request, Outcome(Verdict.SUCCEEDED, ""), by_hand=True)


async def _will_not_be(order: LockedOrder, attempt: Attempt, request: Request, account: int, said: str) -> None:
    is_capture = request.kind == RequestKind.CAPTURE
    if is_capture and await fetch(
        """SELECT FROM parcel WHERE "order" = $1 AND state IN ('waiting', 'packed')""", order.id
    ):
        raise NotPossible("Some parcels of the order are still here. Send or cancel them first.")
    over = [request]
    if request.is_open:
        over += await end(attempt, request, Outcome(Verdict.FAILED, "", failure="Closed by hand."))
    for each in over:
        await _write("request", each.id, account, said)
    held = (await locked(attempt.id)).held_minor
    if is_capture and held:
        part = min(request.amount_minor, held)
        why = "the money was given up"
        await requests.ask(attempt, RequestKind.RELEASE, part, request.cause, why, RequestPart.GIVEN_UP)


async def _waiting(request_id: int) -> tuple[LockedOrder, Attempt, Request]:
    """All three locked.

    Raises:
        NotPossible: it does not wait for a person.
    """
    found = await fetch('SELECT "order", attempt FROM money_request WHERE id = $1', request_id)
    if not found:
        raise NotPossible("There is no such request.")
    order = await locked_order(found[0]["order"])
    attempt = await locked(found[0]["attempt"])
    request = await requests.locked_request(request_id)
    if not await fetch(f"SELECT r.id {UNSENT} AND r.id = $1 UNION ALL SELECT r.id {FAILED} AND r.id = $1", request_id):
        raise NotPossible("Somebody has seen to this before you.")
    return order, attempt, request


async def _anew(attempt: Attempt, request: Request) -> Request:
    """What failed, asked for once more."""
    room = await sendable(attempt) if request.kind == RequestKind.REFUND else attempt.held_minor
    if request.amount_minor > room:
        raise NotPossible("The payment has not so much left. Nothing was written.")
    return await requests.ask(
        attempt, request.kind, request.amount_minor, request.cause, request.reason, request.part, instead_of=request
    )


async def _write(about: Literal["request", "attempt", "mismatch"], number: int, account: int, said: str) -> None:
    """In the transaction that closes it."""
    await execute(
        f"INSERT INTO money_note ({about}, account, note, noted_at) VALUES ($1, $2, $3, $4)",  # noqa: S608
        number,
        account,
        said,
        now(),
    )


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


async def settle_attempt(attempt_id: int, account: int, typed: str) -> None:
    """A person has found out that nothing was paid, or has seen to what was: the attempt is over.

    Raises:
        ValueError: there is no usable note; a sentence.
        NotPossible: it does not wait.
    """
    said = _usable(typed)
    rows = await fetch(f'SELECT a."order" {GIVEN_UP} AND a.id = $1', attempt_id)
    async with transaction():
        for each in rows:
            await locked_order(each["order"])
        attempt = await locked(attempt_id) if rows else None
        if attempt is None or not attempt.is_open or attempt.given_up_at is None:
            raise NotPossible("Somebody has settled this before you.")
        await _write("attempt", attempt_id, account, said)
        await settle(attempt_id, Outcome(Verdict.FAILED, attempt.provider_reference or "", failure="It was not paid."))


async def note(entry_id: int, account: int, typed: str) -> None:
    """A person has looked at what a bank did by itself, and says what came of it.

    Raises:
        ValueError: there is no usable note; a sentence.
        NotPossible: it does not wait.
    """
    row = await fetch_one(
        f"""INSERT INTO money_note (entry, account, note, noted_at) SELECT e.id, $2, $3, $4 {BY_BANKS} AND e.id = $1
            ON CONFLICT (entry) DO NOTHING RETURNING id""",
        entry_id,
        account,
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


async def settle_mismatch(mismatch_id: int, account: int, typed: str) -> None:
    """A person has looked, and says what came of it.

    Raises:
        ValueError: there is no usable note; a sentence.
        NotPossible: it does not wait.
    """
    said = _usable(typed)
    async with transaction():
        row = await fetch_one(
            "UPDATE payment_mismatch SET settled_at = $2 WHERE id = $1 AND settled_at IS NULL RETURNING id",
            mismatch_id,
            now(),
        )
        if row is None:
            raise NotPossible("Somebody has settled this before you.")
        await _write("mismatch", mismatch_id, account, said)
