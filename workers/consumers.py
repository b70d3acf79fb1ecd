"""Who listens to which topic."""

import asyncio
import contextvars

from app.catalog import suspending
from app.events.consumers import Consumer
from app.events.event import Event
from app.events.outbox import mark_processed
from app.infra.database import execute, transaction
from app.infra.logs import log
from app.inventory import events as inventory
from app.notifications import kinds, writing
from app.notifications.wishes import watching as wishes
from app.orders import events as orders
from app.recommendations import events as recommendations
from app.recommendations.activity import take_activity, take_orders
from app.reviews import events as reviews
from app.storefront.events import drop, drop_stale
from app.suppliers import feeds
from workers.indexing import INDEXING

FEW_BATCHES = 4
_counting: set[asyncio.Task[None]] = set()


async def take_offers(events: list[Event]) -> None:
    """Offers into the catalogue; a feed that is wholly there is finished in the same transaction."""
    for event in events:
        if await _comes_too_late(event):
            await mark_processed(inventory.CONSUMER, [event.event_id])
            continue
        async with transaction():
            ended = await inventory.take_offers([event])
            for end in ended:
                await feeds.finish(end.feed, end.withheld)
        for end in ended:
            await feeds.wake_next(end.feed)
        _count_again(event)


def _count_again(event: Event) -> None:
    """After the 4th, 16th, 64th ... batch of a feed: or statements are planned for the small tables of before."""
    number = int(event.payload.get("number", 0))
    if number >= FEW_BATCHES and number.bit_count() == 1 and number.bit_length() % 2:
        counting = asyncio.create_task(execute("ANALYZE product, variant, offer, stock"), context=contextvars.Context())
        _counting.add(counting)  # or nobody would hold it
        counting.add_done_callback(_counted)


def _counted(counting: asyncio.Task[None]) -> None:
    _counting.discard(counting)
    if not counting.cancelled() and (error := counting.exception()):
        log("worker").warning("tables not counted", error=repr(error))


async def _comes_too_late(event: Event) -> bool:
    """The end of a feed that has been given up, because a batch of it cannot be applied, or is finished already."""
    return event.payload.get("kind") == "end" and not await feeds.is_applying(int(event.payload["feed"]))


async def take_prices(events: list[Event]) -> None:
    """Prices into their history; product pages say what the price was before, so what is kept of them goes."""
    await drop(await recommendations.note_prices(events))


async def take_prices_after_rush(events: list[Event]) -> None:
    await feeds.wait_out_rush()
    await take_prices(events)


async def watch_stock_after_rush(events: list[Event]) -> None:
    await feeds.wait_out_rush()
    await wishes.watch_stock(events)


# A topic has a second lane for what comes from large feeds, so that small feeds and single offers overtake those.
CONSUMERS = (
    Consumer(inventory.CONSUMER, "offers", take_offers),
    Consumer(inventory.CONSUMER, "offers-bulk", take_offers),
    Consumer(suspending.CONSUMER, "suppliers", suspending.follow, batch=20),
    Consumer("cache", "products", drop_stale, batch=50),
    Consumer("cache", "products-bulk", drop_stale, batch=10),
    Consumer("cache", "reviews", drop_stale, batch=50),  # votes: they change pages, and nothing that is searched
    Consumer(recommendations.CONSUMER, "products", take_prices, batch=5),
    Consumer(recommendations.CONSUMER, "products-bulk", take_prices_after_rush, batch=5),
    Consumer(recommendations.CONSUMER, "activity", take_activity, batch=50),
    Consumer(recommendations.CONSUMER, "orders", take_orders, batch=20),
    Consumer(orders.CONSUMER, "orders", orders.note_parcels, batch=20),
    Consumer(reviews.CONSUMER, "orders", reviews.follow_orders, batch=20),
    Consumer(wishes.CONSUMER, "products", wishes.watch_stock, batch=10),
    Consumer(wishes.CONSUMER, "products-bulk", watch_stock_after_rush, batch=10),
    *(Consumer(writing.CONSUMER, topic, writing.write_mails, batch=20) for topic in kinds.TOPICS),
)


def topics() -> dict[str, list[str]]:
    """Topic → names of its consumers."""
    everyone = (*CONSUMERS, *INDEXING)
    return {topic: [c.name for c in everyone if c.topic == topic] for topic in {c.topic for c in everyone}}
