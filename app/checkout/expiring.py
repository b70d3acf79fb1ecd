"""Orders that nobody paid while their goods were held."""

from app.checkout.reconciling import ask_about, close_pages
from app.events.outbox import publish
from app.infra.database import execute, fetch, transaction
from app.infra.logs import log
from app.inventory.reservations import expire, release
from app.orders.locking import locked_order
from app.orders.states import move
from app.orders.tables import OrderState
from app.payments.provider import ProviderUnavailable

SWEEP = 100


async def expire_unpaid() -> int:
    """Give the goods of orders whose hold has ended back, by the database's clock; returns how many orders expired.

    The provider is asked first: the money may have come in while its word was lost. For a job, every 15 seconds.
    """
    rows = await fetch(
        """SELECT id FROM shop_order WHERE state = 'pending' AND reserved_until <= now()
           ORDER BY reserved_until LIMIT $1""",
        SWEEP,
    )
    expired = 0
    for row in rows:
        try:
            await ask_about(row["id"])
        except ProviderUnavailable as error:
            log("orders").warning("expires without the provider's word", order=row["id"], error=str(error))
        if await _expire(row["id"]):
            expired += 1
            await _close_pages(row["id"])
    await expire()  # and whatever else is held beyond its time
    return expired


async def _close_pages(order_id: int) -> None:
    try:
        await close_pages(order_id)
    except ProviderUnavailable as error:
        log("orders").warning("a payment page stays open", order=order_id, error=str(error))


async def _expire(order_id: int) -> bool:
    async with transaction():
        order = await locked_order(order_id)
        if order.state != OrderState.PENDING or order.is_held:
            return False
        await move(order_id, OrderState.EXPIRED, "sweeper", "not paid in time")
        # An attempt that never reached its provider will not be heard of.
        await execute(
            """UPDATE payment_attempt SET state = 'failed', failure = 'The time to pay was over.', settled_at = now()
               WHERE "order" = $1 AND state = 'created'""",
            order_id,
        )
        await publish("orders", order.number, {"kind": "expired", "order": order.id, "number": order.number})
        await release(order_id)
    return True
