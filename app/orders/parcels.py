"""One parcel of an order, found by its number, with the order locked: whatever moves a parcel begins here."""

from dataclasses import dataclass
from typing import Any

from app.events.outbox import publish
from app.infra.database import fetch, fetch_one
from app.orders.locking import LockedOrder, locked_order
from app.orders.tables import OrderState, ParcelState

# States of an order in which its parcels may move.
UNDER_WAY = frozenset({OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED})


class ParcelNotReady(Exception):
    """The parcel is not where it must be for that. The text is for people."""


@dataclass(frozen=True)
class LockedParcel:
    id: int
    number: int
    state: ParcelState
    order: LockedOrder

    @property
    def reference(self) -> str:
        """What carriers know it by."""
        return reference_of(self.order.number, self.number)

    def require(self, state: ParcelState, verb: str) -> None:
        """Raises ParcelNotReady: it is not in that state, or its order is not on its way."""
        if self.order.state not in UNDER_WAY:
            raise ParcelNotReady(f"The order is {self.order.state}, so nothing of it is {verb}.")
        if self.state != state:
            raise ParcelNotReady(
                f"Parcel {self.number} is {self.state}{_already(self.state, state)}. Nothing was done."
            )

    async def tell(self, kind: str) -> None:
        """Write what has happened to it into the outbox."""
        await publish(
            "orders",
            self.order.number,
            {"kind": kind, "order": self.order.id, "number": self.order.number, "parcel": self.number},
        )


def _already(stands: ParcelState, needed: ParcelState) -> str:
    order = list(ParcelState)
    return " already" if stands != ParcelState.CANCELLED and order.index(stands) > order.index(needed) else ""


def reference_of(order_number: str, parcel_number: int) -> str:
    return f"{order_number}/{parcel_number}"


async def locked_parcel(order_id: int, number: int) -> LockedParcel:
    """Lock the order, as everybody does who changes it, and find the parcel.

    Raises:
        LookupError: there is no such order or parcel.
    """
    order = await locked_order(order_id)
    row = await fetch_one('SELECT id, number, state FROM parcel WHERE "order" = $1 AND number = $2', order_id, number)
    if row is None:
        raise LookupError(f"no parcel {number} of order {order.number}")
    return LockedParcel(row["id"], row["number"], ParcelState(row["state"]), order)


async def parcel_numbers(order_id: int, state: ParcelState) -> list[int]:
    """The order's parcels in that state."""
    rows: list[Any] = await fetch(
        'SELECT number FROM parcel WHERE "order" = $1 AND state = $2 ORDER BY number', order_id, state
    )
    return [row["number"] for row in rows]
