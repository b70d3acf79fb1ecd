"""What a provider says about a payment becomes true here, once: attempt, ledger, stock, order and event together."""

from datetime import timedelta

from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.inventory.reservations import OutOfStock, reserve, sell
from app.orders.locking import LockedOrder, locked_order
from app.orders.states import move
from app.orders.tables import OrderState
from app.orders.wants import wants_of
from app.payments import ledger
from app.payments.attempts import OPEN, Attempt, attempts_of, close, locked
from app.payments.provider import Outcome, Verdict
from app.payments.tables import AttemptState

# A provider may say "failed" first and "succeeded" later; the other way round money was taken and stays taken.
CAN_SUCCEED = (*OPEN, AttemptState.FAILED)


async def settle(attempt_id: int, outcome: Outcome) -> None:
    """Take an outcome over, in one transaction. Again, or after a newer one, it changes nothing."""
    if outcome.verdict == Verdict.PENDING:
        return
    async with transaction():
        row = await fetch_one('SELECT "order" FROM payment_attempt WHERE id = $1', attempt_id)
        if row is None:
            raise LookupError(f"no attempt {attempt_id}")
        order = await locked_order(row["order"])
        attempt = await locked(attempt_id)
        if outcome.verdict == Verdict.SUCCEEDED and attempt.state in CAN_SUCCEED:
            await _capture(order, attempt, outcome)
        elif outcome.verdict == Verdict.FAILED and attempt.is_open:
            await close(attempt, AttemptState.FAILED, outcome)
            await _tell(order, "payment_failed")


async def _capture(order: LockedOrder, attempt: Attempt, outcome: Outcome) -> None:
    """Money has come in: the order is paid, or, when it cannot be, the money goes back by itself."""
    await ledger.record(attempt, "capture")
    if await _is_wanted(order, attempt) and await _take_stock(order):
        await close(attempt, AttemptState.SUCCEEDED, outcome)
        await move(order.id, OrderState.PAID, "provider")
        await _tell(order, "paid")
        return
    await close(attempt, AttemptState.REFUNDING, outcome)
    if order.state == OrderState.PENDING and not order.is_held:
        await move(order.id, OrderState.EXPIRED, "provider", "paid after the hold, and the goods were gone")
    await _tell(order, "refund_due")


async def _is_wanted(order: LockedOrder, attempt: Attempt) -> bool:
    """Whether this money may pay the order: it is unpaid, and no other attempt is under way or was successful."""
    if order.state not in (OrderState.PENDING, OrderState.EXPIRED):
        return False
    others = [other for other in await attempts_of(order.id) if other.id != attempt.id]
    return not any(other.is_open or other.state == AttemptState.SUCCEEDED for other in others)


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


async def _tell(order: LockedOrder, kind: str) -> None:
    await publish("orders", order.number, {"kind": kind, "order": order.id, "number": order.number})


async def finish_refund(attempt_id: int, order_id: int) -> None:
    """The provider has sent the money of a `refunding` attempt back: write it down, once."""
    async with transaction():
        order = await locked_order(order_id)
        attempt = await locked(attempt_id)
        if attempt.state != AttemptState.REFUNDING:
            return
        await ledger.record(attempt, "refund")
        await execute("UPDATE payment_attempt SET state = 'refunded' WHERE id = $1", attempt.id)
        if order.state == OrderState.EXPIRED:
            await move(order.id, OrderState.REFUNDED, "provider", "the payment came after the hold")
        await _tell(order, "refunded")
