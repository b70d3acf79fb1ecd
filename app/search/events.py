"""Consumer `search`: products that changed go into the index, those that nobody offers any more go out of it."""

import asyncio

from app.events import outbox
from app.events.event import Event
from app.search.documents import load
from app.search.index import Index, folder
from app.search.rebuilding import rebuild


async def index_products(events: list[Event]) -> None:
    """All products of the events in one commit; the same events again lead to the same index."""
    products = sorted({int(product) for event in events for product in event.payload["products"]})
    entries = await load(products)
    if not await asyncio.to_thread(Index(folder()).update, products, entries):
        await rebuild()  # there is none yet, or it was lost: everything, so that it is not half an index
    await outbox.mark_processed("search", [event.event_id for event in events])
