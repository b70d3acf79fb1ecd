"""What is to be packed and handed over, by warehouse, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.delivery.estimate import delivery_map
from app.delivery.postcodes import marked
from app.infra.clock import today
from app.infra.database import fetch
from app.orders.tables import ParcelState

MOST = 300  # parcels that are looked at together, those promised soonest


@dataclass(frozen=True)
class ToSend:
    """A parcel that has to leave; `leaves_on` is the working day that follows from the cut-off before which it came."""

    order: str
    parcel: int
    parcels: int  # of its order
    state: ParcelState
    warehouse: str
    supplier: str
    pieces: int
    place: str
    service_level: str
    promised_on: date
    leaves_on: date

    @property
    def is_late(self) -> bool:
        return self.leaves_on < today()

    @property
    def is_due(self) -> bool:
        return self.leaves_on <= today()


@dataclass(frozen=True)
class Queue:
    parcels: tuple[ToSend, ...]
    warehouses: dict[str, int]  # code -> how many wait there, all together
    is_cut: bool  # there are more than MOST


async def to_send(warehouse: str = "", state: str = "") -> Queue:
    """Parcels of paid orders that are waiting or packed.

    Args:
        warehouse: only those of this code, if it is one.
        state: only those that are "waiting" or "packed".
    """
    states = [state] if state in SHOWN else list(SHOWN)
    counts = await fetch(
        f"SELECT w.code, count(*)::int AS parcels {_FROM} GROUP BY w.code ORDER BY w.code",
        states,
    )
    rows = await fetch(
        f"""SELECT o.number AS "order", p.number AS parcel, p.state, w.code AS warehouse, supplier.name AS supplier,
                   o.place, o.postcode, o.country, o.placed_at, p.service_level, p.promised_on, bought.pieces,
                   bought.handling_days,
                   (SELECT count(*)::int FROM parcel other WHERE other."order" = o.id) AS parcels
            {_FROM} AND ($2 = '' OR w.code = $2) ORDER BY p.promised_on, o.paid_at, p.id LIMIT $3""",  # noqa: S608
        states,
        warehouse,
        MOST + 1,
    )
    found = await _dated(rows[:MOST])
    found.sort(key=lambda each: (each.leaves_on, each.warehouse, each.order, each.parcel))
    return Queue(tuple(found), {row["code"]: row["parcels"] for row in counts}, len(rows) > MOST)


SHOWN = (ParcelState.WAITING, ParcelState.PACKED)

_FROM = """FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN warehouse w ON w.id = p.warehouse
    JOIN supplier ON supplier.id = p.supplier
    CROSS JOIN LATERAL (
        SELECT sum(l.quantity - l.cancelled)::int AS pieces, coalesce(max(f.handling_days), 0) AS handling_days
        FROM order_line l JOIN offer f ON f.id = l.offer WHERE l.parcel = p.id) bought
    WHERE o.state IN ('paid', 'packed', 'shipped') AND p.state = ANY($1::text[])"""


async def _dated(rows: Sequence[Any]) -> list[ToSend]:
    delivery, found = await delivery_map(), []
    for row in rows:
        fields = dict(row)
        place = delivery.place_of(marked(fields.pop("country"), fields.pop("postcode")))
        handling, placed_at = fields.pop("handling_days"), fields.pop("placed_at")
        day = place and delivery.ships_on(row["warehouse"], place.zone, handling, placed_at)
        found.append(ToSend(**{**fields, "state": ParcelState(row["state"])}, leaves_on=day or row["promised_on"]))
    return found
