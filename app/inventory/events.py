"""Consumer `catalog` on topic `offers`: batches of feeds become products, prices and stock."""

from dataclasses import dataclass

from app.catalog.applying import apply_batch, conclude
from app.catalog.offered import Batch, End, parse, rows_of
from app.catalog.suspending import expect_bars, hide
from app.catalog.withdrawing import all_batches_are_in, close_feed
from app.events.consumers import NotYet
from app.events.event import Event
from app.events.outbox import first_time
from app.infra.database import transaction
from app.inventory.receiving import receive, withdraw

CONSUMER = "catalog"


@dataclass(frozen=True)
class Ended:
    """A feed that is wholly in the catalogue; `withheld` offers wait for its supplier to confirm their withdrawal."""

    feed: int
    withheld: int


async def take_offers(events: list[Event]) -> list[Ended]:
    """Apply events, each once, each in one transaction (the caller's, if there is one); returns feeds that ended.

    Raises:
        NotYet: a feed's end came before all of its batches.
    """
    ended = []
    for event in events:
        async with transaction():
            if await first_time(CONSUMER, event.event_id):
                match parse(event.payload):
                    case Batch() as batch:
                        await _take_batch(batch)
                    case End() as end:
                        ended.append(await _take_end(end))
    return ended


async def _take_batch(batch: Batch) -> None:
    await expect_bars()
    rows = await rows_of(batch)
    applied = await apply_batch(batch, rows)
    restocked = await receive(batch.supplier, applied.offers, applied.new_offers, batch.counted_at)
    await hide(batch.supplier, applied.offers)
    await conclude(batch, applied, restocked, len(rows))


async def _take_end(end: End) -> Ended:
    if not await all_batches_are_in(end):
        raise NotYet
    closing = await close_feed(end)
    await withdraw(closing.withdrawn)
    return Ended(end.feed, closing.withheld)
