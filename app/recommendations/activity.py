"""Consumer `recommendations` on topics `activity` and `orders`: what shoppers do is kept, and counts at once.

It follows what was done, in whatever order and however often events come: an event is taken once, and what is concluded
from it is read from what stands in the database then.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.accounts.owners import Owner
from app.activity import keeping
from app.activity.keeping import Done
from app.activity.noting import Note, owner_in
from app.activity.tables import Kind
from app.events.event import Event
from app.events.outbox import first_times
from app.infra.database import fetch, transaction
from app.recommendations import interest
from app.recommendations.events import CONSUMER

PAID = "paid"


async def take_activity(events: list[Event]) -> None:
    """Keep what was done, and conclude anew what each of those who did it wants."""
    async with transaction():
        new = await _new(events)
        notes = [(Owner(*owner_in(event.key)) if event.key else None, note) for event in new for note in _notes(event)]
        await keeping.keep(list(await _done(notes)), sum(int(event.payload.get("dropped", 0)) for event in new))
        await _conclude(Owner(*owner_in(event.key)) for event in new if event.key)


async def take_orders(events: list[Event]) -> None:
    """Note what was bought in orders that are paid now; the facts themselves stay with the orders."""
    async with transaction():
        orders = [int(event.payload["order"]) for event in await _new(events) if event.payload.get("kind") == PAID]
        rows = await fetch(
            """SELECT DISTINCT o.account, o.visitor, o.paid_at, v.product
               FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN order_line l ON l.parcel = p.id
               JOIN offer f ON f.id = l.offer JOIN variant v ON v.id = f.variant
               WHERE o.id = ANY($1) AND o.paid_at IS NOT NULL ORDER BY o.paid_at, v.product""",
            orders,
        )
        done = [
            Done(Owner(row["account"], row["visitor"]), Kind.BOUGHT, row["paid_at"], row["product"])
            for row in rows
            if row["account"] or row["visitor"]
        ]
        await keeping.keep(done)
        await _conclude(each.owner for each in done)


async def _new(events: Sequence[Event]) -> list[Event]:
    new: set[UUID] = await first_times(CONSUMER, [event.event_id for event in events])
    return [event for event in events if event.event_id in new]


def _notes(event: Event) -> list[Note]:
    return msgspec.convert(event.payload["notes"], list[Note])


async def _done(notes: Sequence[tuple[Owner | None, Note]]) -> Iterator[Done]:
    """The notes with products that there are, by whichever name they came."""
    by_offer = await keeping.products_of({note.offer for _, note in notes if note.offer})
    known = await keeping.there_are({note.product for _, note in notes if note.product})
    return (_one(owner, note, by_offer, known) for owner, note in notes)


def _one(owner: Owner | None, note: Note, by_offer: dict[int, int], known: set[int]) -> Done:
    product = by_offer.get(note.offer) or (note.product if note.product in known else None)
    return Done(owner, note.kind, keeping.moment(note.at), product, note.query)


async def _conclude(owners: Iterable[Owner | None]) -> None:
    """In one order, so that two workers do not wait for each other in a circle."""
    different: dict[Any, Owner] = {(owner.account or 0, owner.visitor or b""): owner for owner in owners if owner}
    for _, owner in sorted(different.items()):
        await interest.conclude(owner)
