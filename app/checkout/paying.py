"""The way to the page where an order is paid, and what is said to who comes back from it."""

from app.infra.database import fetch_one, transaction
from app.infra.settings import settings
from app.orders.locking import locked_order
from app.orders.tables import OrderState
from app.payments.attempts import attempts_of, begin, open_attempt


class NotPayable(Exception):
    """The order is paid, or the time to pay it is over."""


async def payment_page(order_id: int) -> str:
    """The provider's page for the order: of its open attempt, or of a new one when the last has failed.

    Raises:
        NotPayable: there is nothing to pay (any more).
        ProviderUnavailable: try again later.
    """
    async with transaction():
        order = await locked_order(order_id)
        if not order.can_be_paid:
            raise NotPayable
        if not any(attempt.is_open for attempt in await attempts_of(order_id)):
            await open_attempt(order_id, settings().payment_provider, order.total_minor, order.currency)
    attempt = next((attempt for attempt in await attempts_of(order_id) if attempt.is_open), None)
    if attempt is None:  # settled a moment ago
        raise NotPayable
    return await begin(attempt, f"Order {order.number}", f"/checkout/return/{order.number}")


async def thanks(order_id: int) -> str:
    """What who has just paid is told: that it is ordered, and where it is written down. "" while it is not paid."""
    row = await fetch_one("SELECT state, email, account FROM shop_order WHERE id = $1", order_id)
    if row is None or row["state"] != OrderState.PAID or not row["email"]:
        return ""
    kept = "It stays in your account." if row["account"] else "Its link opens the order on any device."
    return f"Thank you, that is ordered. A mail about it goes to {row['email']}. {kept}"
