"""The simulated carrier: takes parcels, and says of each, when the database's clock has come to it, where it is."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime

from app.delivery.estimate import delivery_map
from app.infra.clock import shop_zone
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.settings import settings
from app.orders.carrier import Consignment, Scan
from app.orders.simulated_way import Planned, planned
from app.orders.tables import TrackingKind

SEED = "feira"


class SimulatedCarrier:
    """Fulfils `carrier.Carrier` from rows of its own. With the setting CARRIER_SPEED its time runs faster."""

    async def accept(self, parcel: Consignment) -> str:
        delivery, code = await delivery_map(), _code(parcel.reference)
        async with transaction():
            row = await fetch_one(
                """INSERT INTO simulated_shipment (reference, code, accepted_at) VALUES ($1, $2, clock_timestamp())
                   ON CONFLICT DO NOTHING RETURNING id, accepted_at""",
                parcel.reference,
                code,
            )
            if row:
                way = planned(parcel, delivery, row["accepted_at"], shop_zone(), SEED)
                await _write(row["id"], row["accepted_at"], way)
        return code

    async def news(self, codes: Sequence[str]) -> list[Scan]:
        rows = await fetch(
            """SELECT s.code, c.number, c.kind, c.place, c.due_at, c.expected_on
               FROM simulated_shipment s JOIN simulated_scan c ON c.shipment = s.id
               WHERE s.code = ANY($1) AND c.due_at <= clock_timestamp() ORDER BY c.due_at, c.id""",
            list(codes),
        )
        return [
            Scan(
                row["code"], str(row["number"]), TrackingKind(row["kind"]), row["place"], row["due_at"],
                row["expected_on"],
            )
            for row in rows
        ]  # fmt: skip


def _code(reference: str) -> str:
    """ "SM7KQ2M4XWB3TA": the same for the same reference."""
    return "SM" + base64.b32encode(hashlib.sha256(reference.encode()).digest())[:12].decode()


async def _write(shipment: int, accepted_at: datetime, way: Sequence[Planned]) -> None:
    speed = settings().carrier_speed
    await execute(
        """INSERT INTO simulated_scan (shipment, number, kind, place, expected_on, due_at)
           SELECT $1, n, kind, place, expected_on, due_at
           FROM unnest($2::smallint[], $3::text[], $4::text[], $5::date[], $6::timestamptz[])
             AS scan (n, kind, place, expected_on, due_at)""",
        shipment,
        list(range(1, len(way) + 1)),
        [scan.kind for scan in way],
        [scan.place for scan in way],
        [scan.expected_on for scan in way],
        [accepted_at + (scan.at - accepted_at) / speed for scan in way],
    )
