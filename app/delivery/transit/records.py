"""Parcels that were promised, and what is heard of them on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.delivery.estimate import delivery_map
from app.infra.database import execute, fetch, transaction


@dataclass(frozen=True)
class Sent:
    """A parcel as it was ordered, with what is known of its way so far."""

    reference: str
    warehouse: str
    postcode: str
    service_level: str
    ordered_at: datetime
    handling_days: int = 0
    promised_on: date | None = None
    handed_over_on: date | None = None
    delivered_on: date | None = None
    is_void: bool = False


@dataclass(frozen=True)
class Heard:
    """News of a parcel that is known already; None says nothing new."""

    reference: str
    handed_over_on: date | None = None
    delivered_on: date | None = None
    is_void: bool = False


@dataclass(frozen=True)
class Noted:
    """`refused`: reference → why a parcel cannot be one of this shop's, for people."""

    new: int
    refused: dict[str, str]


async def note_sent(parcels: Sequence[Sent]) -> Noted:
    """Write parcels down, each with a reference of its own. What is known of one stays, unless there is news of it."""
    delivery = await delivery_map()
    rows, refused = [], {}
    for each in parcels:
        place = delivery.place_of(each.postcode)
        zone = place.zone if place else ""
        ships = delivery.ships_on(each.warehouse, zone, each.handling_days, each.ordered_at)
        if not zone:
            refused[each.reference] = f"Nothing is delivered to the postcode “{each.postcode}”."
        elif each.service_level not in dict(delivery.levels()):
            refused[each.reference] = f"There is no service level “{each.service_level}”."
        elif not ships:
            refused[each.reference] = f"There is no warehouse “{each.warehouse}” that sends anything."
        else:
            rows.append((each, zone, ships))
    return Noted(await _write(rows), refused)


async def _write(rows: Sequence[tuple[Sent, str, date]]) -> int:
    """Parcels with the code of their zone and the day on which they are to leave; returns how many were new."""
    found = await fetch(
        """INSERT INTO transit_record AS t (reference, warehouse, zone, service_level, ordered_at, ships_on,
                                            promised_on, handed_over_on, delivered_on, is_void)
           SELECT r.reference, w.id, z.id, r.level, r.ordered, r.ships, r.promised, r.handed_over, r.delivered, r.void
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::date[], $7::date[],
                       $8::date[], $9::date[], $10::bool[])
             AS r (reference, warehouse, zone, level, ordered, ships, promised, handed_over, delivered, void)
           JOIN warehouse w ON w.code = r.warehouse JOIN zone z ON z.code = r.zone
           ON CONFLICT (reference) DO UPDATE SET
             handed_over_on = coalesce(excluded.handed_over_on, t.handed_over_on),
             delivered_on = coalesce(excluded.delivered_on, t.delivered_on),
             is_void = excluded.is_void OR t.is_void
           RETURNING xmax = 0 AS is_new""",
        [each.reference for each, _, _ in rows],
        [each.warehouse for each, _, _ in rows],
        [zone for _, zone, _ in rows],
        [each.service_level for each, _, _ in rows],
        [each.ordered_at for each, _, _ in rows],
        [ships for _, _, ships in rows],
        [each.promised_on for each, _, _ in rows],
        [each.handed_over_on for each, _, _ in rows],
        [each.delivered_on for each, _, _ in rows],
        [each.is_void for each, _, _ in rows],
    )
    return sum(row["is_new"] for row in found)


async def note_heard(news: Sequence[Heard]) -> set[str]:
    """Write news down; returns the references of which nothing is known. The same news again changes nothing."""
    async with transaction():
        known = {
            row["reference"]
            for row in await fetch(
                "SELECT reference FROM transit_record WHERE reference = ANY($1)", [each.reference for each in news]
            )
        }
        await execute(
            """UPDATE transit_record t SET handed_over_on = coalesce(n.handed_over, t.handed_over_on),
                      delivered_on = coalesce(n.delivered, t.delivered_on), is_void = n.void OR t.is_void
               FROM unnest($1::text[], $2::date[], $3::date[], $4::bool[])
                 AS n (reference, handed_over, delivered, void)
               WHERE t.reference = n.reference""",
            [each.reference for each in news],
            [each.handed_over_on for each in news],
            [each.delivered_on for each in news],
            [each.is_void for each in news],
        )
    return {each.reference for each in news} - known
