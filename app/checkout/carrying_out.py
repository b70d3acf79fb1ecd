"""Captures, releases and refunds that the shop wants: providers are called, and what they say becomes true, once."""

from functools import partial

from app.checkout.settling import lose, tell
from app.infra.database import fetch, transaction
from app.infra.logs import log
from app.orders.locking import LockedOrder, locked_order
from app.orders.states import ALLOWED, move
from app.orders.tables import OrderState
from app.payments import ledger, requests, silence
from app.payments.attempts import Attempt, locked
from app.payments.provider import Outcome, ProviderUnavailable, Verdict, Wish
from app.payments.registry import provider_named
from app.payments.requests import Request
from app.payments.tables import RequestKind, RequestState

SWEEP = 50


async def carry_out() -> int:
    """Send what is due to its provider and settle the answers; returns how many requests that were. For a job.

    Without an answer a request stays sent: it is sent again with the same key, later and later, and in the end waits
    for a person.
    """
    done = 0
    while due := await requests.claim_due(SWEEP):
        for request in due:
            try:
                await settle_request(request.id, await silence.heard(request, partial(_send, request)))
            except ProviderUnavailable as error:
                log("payments").warning("provider unavailable", request=request.id, error=str(error))
            except Exception:  # noqa: BLE001 - one that cannot be settled does not hold up the others
                log("payments").exception("request not settled", request=request.id)
        done += len(due)
    return done


async def _send(request: Request) -> Outcome:
    rows = await fetch(
        """SELECT a.provider, a.provider_reference, a.takes_parts,
                  a.authorised_minor = a.captured_minor + a.released_minor AND NOT EXISTS
                    (SELECT FROM money_request r WHERE r.attempt = a.id AND r.id <> $2
                       AND r.kind = 'capture' AND r.state IN ('asked', 'sent')) AS is_last,
                  (SELECT coalesce(sum(e.amount_minor), 0)::bigint FROM ledger_entry e
                   WHERE e.attempt = a.id AND e.kind = 'capture') AS captured
           FROM payment_attempt a WHERE a.id = $1""",
        request.attempt,
        request.id,
    )
    payment, provider = rows[0], provider_named(rows[0]["provider"])
    wish = Wish(
        payment=payment["provider_reference"] or "",
        key=request.key,
        amount_minor=request.amount_minor,
        currency=request.currency,
        reference=request.provider_reference or "",
        tries=request.tries,
        takes_parts=payment["takes_parts"],
        captured_before_minor=payment["captured"],
        is_last=payment["is_last"],
    )
    calls = {
        RequestKind.CAPTURE: provider.capture,
        RequestKind.RELEASE: provider.release,
        RequestKind.REFUND: provider.refund,
    }
    return await calls[request.kind](wish)


async def settle_request(request_id: int, outcome: Outcome) -> None:
    """Take over what a provider says about a request, in one transaction; again, or when it is over, nothing changes.

    A refund that was done may still come back from the shopper's bank: then it is failed, and the ledger says so.
    """
    rows = await fetch('SELECT "order", attempt FROM money_request WHERE id = $1', request_id)
    if not rows:
        raise LookupError(f"no request {request_id}")
    async with transaction():
        order = await locked_order(rows[0]["order"])
        attempt = await locked(rows[0]["attempt"])
        request = await requests.locked_request(request_id)
        if outcome.verdict == Verdict.FAILED:
            await _fail(order, attempt, request, outcome)
        elif request.is_open and outcome.verdict == Verdict.SUCCEEDED:
            await complete(order, attempt, request, outcome)
        elif request.is_open and outcome.reference:
            await requests.note_reference(request, outcome.reference)


async def complete(
    order: LockedOrder, attempt: Attempt, request: Request, outcome: Outcome, *, by_hand: bool = False
) -> None:
    """It has happened, at the provider or, `by_hand`, another way. Everything is locked, and the request is open."""
    await requests.finish(request, RequestState.DONE, outcome.reference)
    await ledger.record(attempt, request.kind.value, request.amount_minor, request.key)
    await requests.conclude(attempt.id)
    if request.kind == RequestKind.REFUND:
        await _tell_money(order, "refunded", request, by_hand=int(by_hand))
    may_be_refunded = request.kind != RequestKind.CAPTURE and OrderState.REFUNDED in ALLOWED[order.state]
    if may_be_refunded and await _is_all_back(attempt.id):
        late = order.state == OrderState.EXPIRED
        await move(order.id, OrderState.REFUNDED, "provider", "the payment came after the hold" if late else "")


async def _fail(order: LockedOrder, attempt: Attempt, request: Request, outcome: Outcome) -> None:
    """It will not happen. What was counted for it is free again, so that it can be asked for anew, by another key."""
    if request.kind == RequestKind.REFUND and request.state == RequestState.DONE and not await _is_by_hand(request):
        await ledger.record(attempt, "refund_returned", request.amount_minor, request.key)
    elif not request.is_open:
        return
    await end(attempt, request, outcome)
    log("payments").error("request failed", request=request.id, kind=request.kind, failure=outcome.failure)
    await _tell_money(order, f"{request.kind}_failed", request)


async def _is_by_hand(request: Request) -> bool:
    return bool(await fetch("SELECT FROM money_note WHERE request = $1", request.id))


async def end(attempt: Attempt, request: Request, outcome: Outcome) -> list[Request]:
    """It will not happen; returns what cannot happen without it, which has ended, too. Everything is locked."""
    ended = await _forget_refunds_of(attempt, request.amount_minor) if request.kind == RequestKind.CAPTURE else []
    await requests.finish(request, RequestState.FAILED, outcome.reference, outcome.failure)
    if request.kind != RequestKind.REFUND and await ledger.lost(attempt):
        await lose(attempt, request.amount_minor, request.key)  # it was on its way when the bank let go of the rest
    return ended


async def _forget_refunds_of(attempt: Attempt, missing_minor: int) -> list[Request]:
    """Money that never came cannot go back: refunds that waited for this capture end, the newest first."""
    short, ended = missing_minor - attempt.kept_minor, list[Request]()
    for refund in reversed(await requests.requests_of(attempt.order)):
        waits = refund.attempt == attempt.id and refund.kind == RequestKind.REFUND and refund.is_open
        if short > 0 and waits:
            await requests.finish(refund, RequestState.FAILED, "", "The money was never captured.")
            short -= refund.amount_minor
            ended.append(refund)
    return ended


async def _is_all_back(attempt_id: int) -> bool:
    """Whether nothing of this attempt's money is held or kept, nor about to be."""
    rows = await fetch(
        """SELECT FROM payment_attempt a WHERE id = $1 AND returned_minor = captured_minor
             AND captured_minor + released_minor = authorised_minor
             AND NOT EXISTS (SELECT FROM money_request r WHERE r.attempt = a.id AND r.state IN ('asked', 'sent'))""",
        attempt_id,
    )
    return bool(rows)


async def _tell_money(order: LockedOrder, kind: str, request: Request, **more: int) -> None:
    await tell(order, kind, refund=request.id, amount_minor=request.amount_minor, **more)
