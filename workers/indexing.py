"""Who listens for the search index: apart from the others, of which its process needs to load nothing."""

from app.events.consumers import Consumer
from app.events.event import Event
from app.search.events import index_products
from app.suppliers import feeds


async def index_after_rush(events: list[Event]) -> None:
    await feeds.wait_out_rush()
    await index_products(events)


INDEXING = (
    Consumer("search", "products", index_products, batch=10),
    Consumer("search", "products-bulk", index_after_rush),
)
