"""What an order needs from the warehouses, to hold it once more."""

from app.infra.database import fetch
from app.inventory.reservations import Want


async def wants_of(order_id: int) -> list[Want]:
    rows = await fetch(
        """SELECT line.offer, warehouse.code, line.quantity FROM order_line line
           JOIN parcel ON parcel.id = line.parcel JOIN warehouse ON warehouse.id = parcel.warehouse
           WHERE parcel."order" = $1""",
        order_id,
    )
    return [(row["offer"], row["code"], row["quantity"]) for row in rows]
