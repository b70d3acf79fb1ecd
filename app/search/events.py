"""Consumer `search`: products that changed go into the index, those that nobody offers any more go out of it."""

import asyncio

from app.events import outbox
from app.events.event import Event
from app.infra.logs import log
from app.search.documents import load
from app.search.rebuilding import ensure
from app.search.writing import writer

TIDY_IDLE_SECONDS = 1.0

_turn = asyncio.Lock()  # one at a time, in the order in which they came


async def index_products(events: list[Event]) -> None:
    """All products of the events in one commit; the same events again lead to the same index."""
    products = sorted({int(product) for event in events for product in event.payload["products"]})
    async with _turn:  # reading, too: what was read earlier must not be written over what was read later
        entries = await load(products)
        updated = await asyncio.to_thread(writer().update, products, entries)
    if not updated:
        await ensure()  # there is none yet, or it was lost: everything, so that it is not half an index
    await outbox.mark_processed("search", [event.event_id for event in events])


async def tidy() -> float:
    """Merge a few segments; returns the seconds until that is worth trying again."""
    async with _turn:
        merged = await asyncio.to_thread(writer().tidy)
    if merged:
        log("search").debug("segments merged")
    return 0.0 if merged else TIDY_IDLE_SECONDS
