"""Orders that nobody paid while their goods were held."""

import asyncio
from time import monotonic

from app.checkout.reconciling import ask_about, close_pages
from app.events.outbox import publish
from app.infra.database import fetch, transaction
from app.infra.logs import log
from app.inventory.reservations import expire, release
from app.orders.locking import locked_order
from app.orders.states import move
from app.orders.tables import OrderState
from app.payments.attempts import order_is_over
from app.payments.provider import ProviderUnavailable

SWEEP = 1000  # orders a turn
AT_ONCE = 5
PATIENCE_SECONDS = 5.0  # with the provider, a turn: others want the goods


async def expire_unpaid() -> int:
    """Give the goods of orders whose hold has ended back, by the database's clock; returns how many orders expired.

    The provider is asked first: the money may have come in while its word was lost. One that is away, or slow, does not
    keep the goods: orders expire without its word, and money that comes later buys what is there then, or goes back.
    For a job, every few seconds.
    """
    rows = await fetch(
        """SELECT id FROM shop_order WHERE state = 'pending' AND reserved_until <= now()
           ORDER BY reserved_until LIMIT $1""",
        SWEEP,
    )
    due, expired = [row["id"] for row in rows], list[int]()
    asking_until = monotonic() + PATIENCE_SECONDS
    for start in range(0, len(due), AT_ONCE):
        some = due[start : start + AT_ONCE]
        if monotonic() < asking_until and not any(await asyncio.gather(*map(_answers, some))):
            asking_until = 0  # it is away: it has answered for none of them
        expired += [order for order in some if await _has_expired(order)]
    await expire()  # and whatever else is held beyond its time
    if asking_until:
        await _close_pages(expired)
    return len(expired)


async def _answers(order_id: int) -> bool:
    """Ask about the order's money; False when the provider is away."""
    try:
        await ask_about(order_id)
    except ProviderUnavailable as error:
        log("orders").warning("expires without the provider's word", order=order_id, error=str(error))
        return False
    except Exception:  # noqa: BLE001 - one that cannot be settled does not hold up the others
        log("orders").exception("expires without the provider's word", order=order_id)
    return True


async def _close_pages(orders: list[int]) -> None:
    """As far as the provider answers; the rest is closed by `reconciling.reconcile`."""
    closing_until = monotonic() + PATIENCE_SECONDS
    for order in orders:
        if monotonic() >= closing_until:
            return
        try:
            await close_pages(order)
        except ProviderUnavailable as error:
            log("orders").warning("a payment page stays open", order=order, error=str(error))
            return
        except Exception:  # noqa: BLE001 - as above
            log("orders").exception("a payment page stays open", order=order)


async def _has_expired(order_id: int) -> bool:
    try:
        return await _expire(order_id)
    except Exception:  # noqa: BLE001 - as above
        log("orders").exception("not expired", order=order_id)
        return False


async def _expire(order_id: int) -> bool:
    async with transaction():
        order = await locked_order(order_id)
        if order.state != OrderState.PENDING or order.is_held:
            return False
        await move(order_id, OrderState.EXPIRED, "sweeper", "not paid in time")
        await order_is_over(order_id, "The time to pay was over.")
        await publish("orders", order.number, {"kind": "expired", "order": order.id, "number": order.number})
        await release(order_id)
    return True
