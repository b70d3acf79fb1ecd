"""Consumer `recommendations` on topic `products`: the history of prices follows the catalogue."""

from app.events.event import Event
from app.events.outbox import mark_processed
from app.infra.database import transaction
from app.recommendations import prices

CONSUMER = "recommendations"


async def note_prices(events: list[Event]) -> set[int]:
    """Note what the offers of all products of the events cost now; the same events again change nothing.

    Returns:
        the products for which that changes what can be said of the price before.
    """
    products = sorted({int(product) for event in events for product in event.payload["products"]})
    async with transaction():
        changed = await prices.note(products)
        await mark_processed(CONSUMER, [event.event_id for event in events])
    return changed
