"""What a provider says about a payment becomes true here, once: attempt, ledger, stock, order and event together."""

from datetime import timedelta

from app.discounts.giving import give_back, take_again
from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import after_commit, execute, fetch_one, transaction
from app.infra.metrics import ORDERS_PAID
from app.inventory.reservations import OutOfStock, reserve, sell
from app.orders.invoicing import issue
from app.orders.locking import LockedOrder, locked_order
from app.orders.states import move
from app.orders.tables import OrderState
from app.orders.wants import wants_of
from app.payments import ledger
from app.payments.attempts import OPEN, PAYING, Attempt, attempts_of, close, locked
from app.payments.provider import Outcome, Verdict
from app.payments.requests import ask, conclude
from app.payments.tables import AttemptState, RequestKind

# A provider may say "failed" first and "succeeded" later; the other way round money was taken and stays taken.
CAN_SUCCEED = (*OPEN, AttemptState.FAILED)


class AmountDiffers(Exception):
    """The provider's payment is of another amount or currency than was asked for: nothing was taken over, and a person
    has to look."""


async def settle(attempt_id: int, outcome: Outcome) -> None:
    """Take an outcome over, in one transaction. Again, or after a newer one, it changes nothing.

    Raises:
        AmountDiffers: see there.
    """
    if outcome.verdict == Verdict.PENDING:
        return
    async with transaction():
        row = await fetch_one('SELECT "order" FROM payment_attempt WHERE id = $1', attempt_id)
        if row is None:
            raise LookupError(f"no attempt {attempt_id}")
        order = await locked_order(row["order"])
        attempt = await locked(attempt_id)
        if outcome.verdict == Verdict.FAILED:
            if attempt.provider_reference not in (None, outcome.reference):
                return  # a page that another window was faster than: nobody pays there, and the attempt goes on
            if attempt.is_open:
                await close(attempt, AttemptState.FAILED, outcome)
                if order.can_be_paid:  # else it is too late to tell anybody to try again
                    await tell(order, "payment_failed")
            elif attempt.state == AttemptState.AUTHORISED and attempt.held_minor:
                await _lose_hold(order, attempt, outcome)
        elif attempt.state in CAN_SUCCEED:
            _require_what_was_asked(attempt, outcome)
            await _take(order, attempt, outcome)


def _require_what_was_asked(attempt: Attempt, outcome: Outcome) -> None:
    if outcome.amount_minor not in (None, attempt.amount_minor) or outcome.currency not in ("", attempt.currency):
        theirs = f"{(outcome.amount_minor or 0) / 100:.2f} {outcome.currency or attempt.currency}"
        ours = f"{attempt.amount_minor / 100:.2f} {attempt.currency}"
        raise AmountDiffers(f"The provider has a payment of {theirs}, and {ours} was asked for.")


async def _take(order: LockedOrder, attempt: Attempt, outcome: Outcome) -> None:
    """Money has come in, or is held for us: the order is paid, or, when it cannot be, the money goes back by itself."""
    captured = outcome.verdict == Verdict.SUCCEEDED
    await ledger.record(attempt, "capture" if captured else "authorisation", attempt.amount_minor, attempt.key)
    if await _is_wanted(order, attempt) and await _take_what_was_given_back(order):
        await close(attempt, AttemptState.SUCCEEDED if captured else AttemptState.AUTHORISED, outcome)
        await move(order.id, OrderState.PAID, "provider")
        await tell(order, "paid")
        await issue(order.id, outcome.method or attempt.method)  # last: others wait for the next number
        after_commit(ORDERS_PAID.inc)
        return
    await close(attempt, AttemptState.REFUNDING, outcome)
    kind = RequestKind.REFUND if captured else RequestKind.RELEASE
    await ask(attempt, kind, attempt.amount_minor, f"{attempt.key}-{kind}", "the payment came too late")
    if order.state == OrderState.PENDING and not order.is_held:
        await move(order.id, OrderState.EXPIRED, "provider", "paid after the hold, and the goods were gone")
    await tell(order, "refund_due")


async def _lose_hold(order: LockedOrder, attempt: Attempt, outcome: Outcome) -> None:
    """The bank let go of money that we had not asked it to: nothing more can be captured, and a person has to look."""
    await execute("UPDATE payment_attempt SET failure = $2 WHERE id = $1", attempt.id, outcome.failure[:200])
    await lose(attempt, attempt.held_minor, ledger.lost_hold(attempt))
    await tell(order, "authorisation_lost", amount_minor=attempt.held_minor)


async def lose(attempt: Attempt, amount_minor: int, key: str) -> None:
    """So much is held no more, and nobody asked for that. The attempt is locked."""
    await ledger.record(attempt, "release", amount_minor, key)
    await execute(
        "UPDATE payment_attempt SET released_minor = released_minor + $2 WHERE id = $1", attempt.id, amount_minor
    )
    await conclude(attempt.id)


async def note_chargeback(attempt_id: int, dispute: str, amount_minor: int, *, returned: bool) -> None:
    """A bank has taken a payment's money back for its customer, or given it back to us; a second message about it
    changes nothing. In the caller's transaction."""
    row = await fetch_one('SELECT "order" FROM payment_attempt WHERE id = $1', attempt_id)
    if row is None:
        raise LookupError(f"no attempt {attempt_id}")
    order, attempt = await locked_order(row["order"]), await locked(attempt_id)
    kind: ledger.Kind = "chargeback_returned" if returned else "chargeback"
    if not await ledger.has(attempt, kind, dispute):
        await ledger.record(attempt, kind, amount_minor, dispute)
        await tell(order, kind, amount_minor=amount_minor)


async def _is_wanted(order: LockedOrder, attempt: Attempt) -> bool:
    """Whether this money may pay the order: it is unpaid and not archived (what expired years ago is not begun again),
    and no other attempt is under way or was successful.
    """
    if order.state not in (OrderState.PENDING, OrderState.EXPIRED) or order.is_archived:
        return False
    others = [other for other in await attempts_of(order.id) if other.id != attempt.id]
    return not any(other.is_open or other.state in PAYING for other in others)


async def _take_what_was_given_back(order: LockedOrder) -> bool:
    """The code and the goods of an order whose hold has ended: both, or nothing."""
    if not await take_again(order.id):
        return False
    if await _take_stock(order):
        return True
    if order.state == OrderState.EXPIRED:
        await give_back(order.id)
    return False


async def _take_stock(order: LockedOrder) -> bool:
    """Sell what is held; when the hold has ended, hold and sell again if all of it is still there."""
    if await sell(order.id):
        return True
    async with transaction() as running:
        before = await running.savepoint()
        try:
            await reserve(order.id, await wants_of(order.id), now() + timedelta(minutes=1))
        except OutOfStock:
            await before.rollback_to()
            return False
        return await sell(order.id)


async def tell(order: LockedOrder, kind: str, **more: int) -> None:
    """An event of the order, in the running transaction."""
    await publish("orders", order.number, {"kind": kind, "order": order.id, "number": order.number, **more})
