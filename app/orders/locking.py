"""An order's row, locked: whatever changes an order or its payment takes this lock first."""

from dataclasses import dataclass

from app.infra.database import fetch_one
from app.orders.tables import OrderState


@dataclass(frozen=True)
class LockedOrder:
    id: int
    number: str
    state: OrderState
    total_minor: int
    currency: str
    is_held: bool  # its time to pay is not over, by the database's clock
    is_archived: bool

    @property
    def can_be_paid(self) -> bool:
        return self.state == OrderState.PENDING and self.is_held


async def locked_order(order_id: int) -> LockedOrder:
    """Lock the order until the transaction ends.

    Raises:
        LookupError: there is no such order.
    """
    row = await fetch_one(
        """SELECT id, number, state, total_minor, currency, reserved_until > clock_timestamp() AS is_held,
                  (SELECT archived_at IS NOT NULL FROM order_month WHERE month = order_month_of($1)) AS is_archived
           FROM shop_order WHERE id = $1 FOR UPDATE""",
        order_id,
    )
    if row is None:
        raise LookupError(f"no order {order_id}")
    return LockedOrder(**{**row, "state": OrderState(row["state"])})
