"""News of parcels on their way: carriers are asked, and their files are heeded. Heard twice, it counts once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from app.infra.clock import now, shop_zone
from app.infra.database import execute, fetch, transaction
from app.infra.logs import log
from app.orders.carrier import CarrierUnavailable, Scan
from app.orders.carriers import CARRIERS
from app.orders.parcels import locked_parcel
from app.orders.shipping import arrive
from app.orders.tables import ParcelState, TrackingKind

AT_ONCE = 500  # shipments of a carrier in one turn; those that were asked about longest ago come first


async def follow_shipments() -> int:
    """Ask every carrier about what it carries, and take up the arrivals that files told of; returns how many arrived.

    For a job, every few seconds. Each shipment is one transaction: after a kill in between it is asked about again.
    """
    arrived = 0
    for name in CARRIERS:
        arrived += await _follow(name)
    return arrived + await take_up_arrivals()


async def _follow(carrier: str) -> int:
    rows = await fetch(
        """SELECT s.id, s.tracking_code, p.number, p."order" FROM shipment s JOIN parcel p ON p.id = s.parcel
           WHERE s.delivered_at IS NULL AND s.carrier = $1 ORDER BY s.asked_at NULLS FIRST, s.id LIMIT $2""",
        carrier,
        AT_ONCE,
    )
    if not rows:
        return 0
    try:
        scans = await CARRIERS[carrier].news([row["tracking_code"] for row in rows])
    except CarrierUnavailable as error:
        log("orders").warning("carrier unavailable", carrier=carrier, error=str(error))
        return 0
    heard = defaultdict(list)
    for scan in scans:
        heard[scan.tracking_code].append(scan)
    arrived = sum([await _take(row, heard[row["tracking_code"]]) for row in rows if heard[row["tracking_code"]]])
    await execute("UPDATE shipment SET asked_at = $2 WHERE id = ANY($1)", [row["id"] for row in rows], now())
    return arrived


async def _take(shipment: Any, scans: Sequence[Scan]) -> bool:
    """Write down what is new of a shipment; whether it arrived just now."""
    async with transaction():
        new = await fetch(
            """INSERT INTO tracking_event (shipment, event, kind, place, at)
               SELECT $1, event, kind, place, at
               FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS scan (event, kind, place, at)
               ON CONFLICT (shipment, event) DO NOTHING RETURNING id""",
            shipment["id"],
            [scan.event for scan in scans],
            [scan.kind for scan in scans],
            [scan.place for scan in scans],
            [scan.at for scan in scans],
        )
        expected = next((scan.expected_on for scan in reversed(scans) if scan.expected_on), None)
        if new and expected:
            await execute("UPDATE shipment SET expected_on = $2 WHERE id = $1", shipment["id"], expected)
        last = scans[-1]
        if last.kind != TrackingKind.DELIVERED:
            return False
        parcel = await locked_parcel(shipment["order"], shipment["number"])
        if parcel.state != ParcelState.SHIPPED:  # somebody was faster
            return False
        await arrive(parcel, "carrier", last.at)
    return True


async def take_up_arrivals() -> int:
    """Parcels of which a carrier's file says that they were delivered (`./feira transit import`); returns how many.

    A file knows only the day; it counts as noon of it, or as the moment of handing over if that is later.
    """
    rows = await fetch(
        """SELECT p."order", p.number, t.delivered_on, s.handed_over_at
           FROM shipment s JOIN parcel p ON p.id = s.parcel JOIN shop_order o ON o.id = p."order"
           JOIN transit_record t ON t.reference = o.number || '/' || p.number
           WHERE s.delivered_at IS NULL AND t.delivered_on IS NOT NULL ORDER BY s.id LIMIT $1""",
        AT_ONCE,
    )
    arrived = 0
    for row in rows:
        noon = datetime.combine(row["delivered_on"], time(12), shop_zone()).astimezone(UTC)
        async with transaction():
            parcel = await locked_parcel(row["order"], row["number"])
            if parcel.state == ParcelState.SHIPPED:
                await arrive(parcel, "carrier’s file", max(noon, row["handed_over_at"]))
                arrived += 1
    return arrived
