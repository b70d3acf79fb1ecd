"""Consumer `delivery`: parcels of paid orders are written down, so that transit times can be learned from them.

It follows where a parcel stands, not what an event says, so the order in which events come does not matter.
"""

from typing import Any

from app.delivery.postcodes import marked
from app.delivery.transit.records import Heard, Sent, note_heard, note_sent
from app.events.event import Event
from app.events.outbox import mark_processed
from app.infra.clock import local_day
from app.infra.database import fetch, transaction
from app.infra.logs import log
from app.orders.parcels import reference_of
from app.orders.tables import OrderState, ParcelState

CONSUMER = "delivery"
UNDER_WAY = frozenset(
    {OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.RETURNED}
)
OVER = frozenset({OrderState.CANCELLED, OrderState.REFUNDED, OrderState.EXPIRED})


async def note_parcels(events: list[Event]) -> None:
    """The parcels of the events' orders, as the orders stand now."""
    rows = await _parcels([int(event.payload["order"]) for event in events])
    sent = [_sent(row) for row in rows if row["state"] in UNDER_WAY and row["parcel_state"] != ParcelState.CANCELLED]
    void = [Heard(_reference(row), is_void=True) for row in rows if _is_over(row)]
    async with transaction():
        noted = await note_sent(sent)
        if void:
            await note_heard(void)
        await mark_processed(CONSUMER, [event.event_id for event in events])
    for parcel, reason in noted.refused.items():  # its place is no longer served: it is delivered, but not learned from
        log("delivery").warning("parcel not learned from", parcel=parcel, reason=reason)


async def _parcels(orders: list[int]) -> list[Any]:
    return await fetch(
        """SELECT o.number, o.state, o.postcode, o.country, o.placed_at, p.number AS parcel, p.service_level,
                  p.promised_on,
                  p.state AS parcel_state, w.code AS warehouse, s.handed_over_at, s.delivered_at, s.is_hurried,
                  (SELECT coalesce(max(f.handling_days), 0) FROM order_line l JOIN offer f ON f.id = l.offer
                   WHERE l.parcel = p.id) AS handling_days
           FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN warehouse w ON w.id = p.warehouse
           LEFT JOIN shipment s ON s.parcel = p.id WHERE o.id = ANY($1)""",
        orders,
    )


def _is_over(row: Any) -> bool:
    """Nobody waits for it; or its time ran faster than ours, and it would teach us nonsense."""
    parcel = row["parcel_state"]
    is_gone = parcel == ParcelState.CANCELLED or (row["state"] in OVER and parcel != ParcelState.DELIVERED)
    return is_gone or bool(row["is_hurried"])


def _reference(row: Any) -> str:
    return reference_of(row["number"], row["parcel"])


def _sent(row: Any) -> Sent:
    return Sent(
        _reference(row),
        row["warehouse"],
        marked(row["country"], row["postcode"]),
        row["service_level"],
        row["placed_at"],
        row["handling_days"],
        row["promised_on"],
        None if row["is_hurried"] else local_day(row["handed_over_at"]),
        None if row["is_hurried"] else local_day(row["delivered_at"]),
    )
