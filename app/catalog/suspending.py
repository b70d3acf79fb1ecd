"""Of a suspended supplier, and of a barred product, nothing is sold: the offers go off sale, and come back with them.

Consumer `suspensions` on topic `suppliers` goes by the state as it is now, some offers a transaction, so an event may
come twice or late. What is ordered meanwhile is asked about the state itself (`orders/placing.py`). An offer says that
it went for this reason, so that what its supplier withdrew stays away.

Whoever puts offers on sale begins with `expect_bars`: so none of a product that is being barred slips through.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from app.accounts.tables import SupplierState
from app.catalog.applying import tell_of
from app.events.event import Event
from app.events.outbox import mark_processed
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction

CONSUMER = "suspensions"
AT_ONCE = 500  # offers in a transaction, and products in an event

_HIDE = """
WITH these AS (SELECT id FROM offer WHERE supplier = $1 AND withdrawn_at IS NULL ORDER BY id LIMIT $3 FOR UPDATE)
UPDATE offer o SET withdrawn_at = $2, updated_at = $2, is_suspended = true
FROM these, variant v WHERE o.id = these.id AND v.id = o.variant RETURNING v.product"""

_SHOW = """
WITH these AS (SELECT o.id FROM offer o WHERE o.supplier = $1 AND o.is_suspended AND NOT EXISTS (
                 SELECT FROM variant v JOIN product p ON p.id = v.product
                 WHERE v.id = o.variant AND p.barred_at IS NOT NULL) ORDER BY o.id LIMIT $3 FOR UPDATE OF o)
UPDATE offer o SET withdrawn_at = NULL, updated_at = $2, is_suspended = false
FROM these, variant v WHERE o.id = these.id AND v.id = o.variant RETURNING v.product"""

_HIDE_THESE = """
UPDATE offer o SET withdrawn_at = $1, updated_at = $1, is_suspended = true
FROM variant v JOIN product p ON p.id = v.product
WHERE o.id = ANY($2) AND o.withdrawn_at IS NULL AND v.id = o.variant AND ($3 OR p.barred_at IS NOT NULL)"""

_FOLLOW_PRODUCT = """
UPDATE offer o SET withdrawn_at = CASE WHEN $3 THEN $2::timestamptz END, updated_at = $2, is_suspended = $3
FROM variant v, supplier s WHERE v.product = $1 AND o.variant = v.id AND s.id = o.supplier
  AND CASE WHEN $3 THEN o.withdrawn_at IS NULL ELSE o.is_suspended AND s.state <> 'suspended' END"""

_BARS = 0x6665697261626172  # of the lock


async def follow(events: list[Event]) -> None:
    """Bring what the events' suppliers offer to where their state wants it."""
    for supplier in sorted({int(event.payload["supplier"]) for event in events}):
        while await _follow_some(supplier) == AT_ONCE:
            pass
    await mark_processed(CONSUMER, [event.event_id for event in events])


async def hide(supplier: int, offers: Collection[int]) -> None:
    """The same for offers that have just been put on sale, in that transaction."""
    if offers:
        await execute(_HIDE_THESE, now(), list(offers), await _is_suspended(supplier))


async def expect_bars() -> None:
    """While the running transaction lasts no product is barred; one that is being barred is waited for. Nothing that
    others wait for may be locked yet.
    """
    await execute("SELECT pg_advisory_xact_lock_shared($1)", _BARS)


async def bar(product: int, at: datetime | None) -> bool:
    """Bar a product from the shop, or let it back (None), with its offers; False: it is so already, or there is none.

    In the caller's transaction, which has locked nothing before.
    """
    await execute("SELECT pg_advisory_xact_lock($1)", _BARS)
    changed = await fetch(
        """UPDATE product SET barred_at = $2
           WHERE id = $1 AND (barred_at IS NULL) = ($2::timestamptz IS NOT NULL) RETURNING id""",
        product,
        at,
    )
    if changed:
        await execute(_FOLLOW_PRODUCT, product, now(), at is not None)
        await tell_of({product}, set(), now())
    return bool(changed)


async def _follow_some(supplier: int) -> int:
    """How many offers were changed."""
    async with transaction():
        await expect_bars()
        if await _is_suspended(supplier):
            changed: list[Any] = await fetch(_HIDE, supplier, now(), AT_ONCE)
        else:
            changed = await fetch(_SHOW, supplier, now(), AT_ONCE)
        await tell_of({row["product"] for row in changed}, set(), now(), bulk=len(changed) == AT_ONCE)
    return len(changed)


async def _is_suspended(supplier: int) -> bool:
    """As it stays until the transaction ends."""
    row = await fetch_one("SELECT state FROM supplier WHERE id = $1 FOR SHARE", supplier)
    return row is not None and row["state"] == SupplierState.SUSPENDED
