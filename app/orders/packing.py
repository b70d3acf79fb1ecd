"""Packing: from now on shoppers can cancel nothing of the parcel.

The pieces left the stock when the order was paid (`inventory.reservations.sell`): on hand is what can be sold or is
held, and the sold ones stand in the warehouse as somebody's. So packing and shipping move no stock.
"""

from app.infra.database import transaction
from app.orders.parcels import locked_parcel
from app.orders.states import follow_parcels, move_parcel
from app.orders.tables import ParcelState


async def pack(order_id: int, number: int, actor: str) -> None:
    """Write down that the parcel is packed. Again, or at the same time as a cancellation: one of them happens.

    Raises:
        LookupError: there is no such parcel.
        ParcelNotReady: it is packed or cancelled already, or the order is not paid.
    """
    async with transaction():
        parcel = await locked_parcel(order_id, number)
        parcel.require(ParcelState.WAITING, "packed")
        await move_parcel(parcel.id, ParcelState.PACKED, actor)
        await follow_parcels(order_id, actor)
        await parcel.tell("packed")
