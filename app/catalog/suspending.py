"""Of a suspended supplier nothing is sold: what he offers goes off sale, and comes back when he is reinstated.

Consumer `suspensions` on topic `suppliers` goes by the state as it is now, some offers a transaction, so an event may
come twice or late. What is ordered meanwhile is asked about the state itself (`orders/placing.py`). An offer says that
it went for this reason, so that what its supplier withdrew stays away.
"""

from collections.abc import Collection
from typing import Any

from app.accounts.tables import SupplierState
from app.catalog.applying import tell_of
from app.events.event import Event
from app.events.outbox import mark_processed
from app.infra.clock import now
from app.infra.database import fetch, fetch_one, transaction

CONSUMER = "suspensions"
AT_ONCE = 500  # offers in a transaction, and products in an event

_HIDE = """
WITH these AS (SELECT id FROM offer WHERE supplier = $1 AND withdrawn_at IS NULL
                 AND ($4::bigint[] IS NULL OR id = ANY($4)) ORDER BY id LIMIT $3 FOR UPDATE)
UPDATE offer o SET withdrawn_at = $2, updated_at = $2, is_suspended = true
FROM these, variant v WHERE o.id = these.id AND v.id = o.variant RETURNING v.product"""

_SHOW = """
WITH these AS (SELECT id FROM offer WHERE supplier = $1 AND is_suspended ORDER BY id LIMIT $3 FOR UPDATE)
UPDATE offer o SET withdrawn_at = NULL, updated_at = $2, is_suspended = false
FROM these, variant v WHERE o.id = these.id AND v.id = o.variant RETURNING v.product"""


async def follow(events: list[Event]) -> None:
    """Bring what the events' suppliers offer to where their state wants it."""
    for supplier in sorted({int(event.payload["supplier"]) for event in events}):
        while await _follow_some(supplier) == AT_ONCE:
            pass
    await mark_processed(CONSUMER, [event.event_id for event in events])


async def hide(supplier: int, offers: Collection[int]) -> None:
    """The same for offers of a batch that has just been applied, in its transaction."""
    if offers and await _is_suspended(supplier):
        await fetch(_HIDE, supplier, now(), len(offers), list(offers))


async def _follow_some(supplier: int) -> int:
    """How many offers were changed."""
    async with transaction():
        if await _is_suspended(supplier):
            changed: list[Any] = await fetch(_HIDE, supplier, now(), AT_ONCE, None)
        else:
            changed = await fetch(_SHOW, supplier, now(), AT_ONCE)
        await tell_of({row["product"] for row in changed}, set(), now(), bulk=len(changed) == AT_ONCE)
    return len(changed)


async def _is_suspended(supplier: int) -> bool:
    """As it stays until the transaction ends."""
    row = await fetch_one("SELECT state FROM supplier WHERE id = $1 FOR SHARE", supplier)
    return row is not None and row["state"] == SupplierState.SUSPENDED
