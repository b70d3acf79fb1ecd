"""The shelf of products that cost less than in the 30 days before, read from memory."""

import asyncio
from dataclasses import replace

from app.infra.database import DatabaseUnavailable
from app.infra.kept import Kept
from app.recommendations.drops import Drop, drops
from app.search.arrivals import Arrivals
from app.search.cards import Card, card_of
from app.search.documents import Document, load

SHOWN = 5
FEWEST = 4  # fewer do not make a shelf
PATIENCE_SECONDS = 1.0  # of a page, when nothing is in memory yet: it does without this shelf first of all
LOOKED_AT = 100  # drops: of one product there may be many, and not all are of the offer that is shown


class Found:
    """Products with what they cost before; it counts as something even when there are none."""

    def __init__(self, reduced: list[tuple[Document, Drop]]) -> None:
        self.reduced = reduced


async def _load() -> Found:
    """Both from PostgreSQL at the same time, so that price and price before belong together."""
    found = await drops(LOOKED_AT)
    documents = {entry.document.offer: entry.document for entry in await load(sorted({each.product for each in found}))}
    shown = [(documents[drop.offer], drop) for drop in found if drop.offer in documents]
    return Found([(document, drop) for document, drop in shown if document.price_minor == drop.now_minor][:SHOWN])


_found: Kept[Found] = Kept(_load)
forget = _found.forget


async def price_drops(there: Arrivals | None) -> list[Card]:
    """The largest drops first, each with its price before; nothing when there are few, or none can be known."""
    try:
        reduced = (await asyncio.wait_for(_found.get(), PATIENCE_SECONDS)).reduced
    except (DatabaseUnavailable, TimeoutError):
        return []
    if len(reduced) < FEWEST:
        return []
    return [replace(card_of(document, there), was_minor=drop.before_minor) for document, drop in reduced]
