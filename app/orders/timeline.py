"""What truly happened to a parcel, and what is still to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from app.orders.tables import OrderState


@dataclass(frozen=True)
class Moment:
    """`at` is a datetime when it happened, the promised day when that is known, else None."""

    words: str
    state: Literal["done", "now", "next"]
    at: datetime | date | None


PATH = (OrderState.PENDING, OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED)

DONE = {
    OrderState.PENDING: "Ordered",
    OrderState.PAID: "Paid",
    OrderState.PACKED: "Packed by {supplier}",
    OrderState.SHIPPED: "With the carrier",
    OrderState.DELIVERED: "Arrived",
    OrderState.CANCELLED: "Cancelled",
    OrderState.EXPIRED: "Not paid in time",
    OrderState.REFUNDED: "Refunded",
    OrderState.RETURNED: "Returned",
}
UNDER_WAY = {
    OrderState.PAID: "Waiting for payment",
    OrderState.PACKED: "Being packed by {supplier}",
    OrderState.SHIPPED: "Waiting for the carrier",
    OrderState.DELIVERED: "On the way to you",
}
TO_COME = {
    OrderState.PAID: "Payment",
    OrderState.PACKED: "Packed by {supplier}",
    OrderState.SHIPPED: "With the carrier",
    OrderState.DELIVERED: "At your door",
}


def timeline(moves: Sequence[tuple[OrderState, datetime]], parcel: Mapping[str, Any]) -> tuple[Moment, ...]:
    """The order's moves with their times; while the order is on its way, then the steps it still has to make."""
    supplier = parcel["supplier_name"]
    done = [Moment(DONE[state].format(supplier=supplier), "done", at) for state, at in moves]
    last = moves[-1][0]
    if last not in PATH:
        return tuple(done)
    ahead = PATH[PATH.index(last) + 1 :]
    promised: date = parcel["promised_on"]
    to_come = [
        Moment(
            (TO_COME if place else UNDER_WAY)[state].format(supplier=supplier),
            "next" if place else "now",
            promised if state == OrderState.DELIVERED else None,
        )
        for place, state in enumerate(ahead)
    ]
    return (*done, *to_come)
