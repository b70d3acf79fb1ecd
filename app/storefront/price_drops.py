"""The shelf of products that cost less than in the 30 days before, read from memory."""

import asyncio
import contextlib

from app.infra.kept import Kept
from app.infra.outages import DatabaseUnavailable
from app.recommendations.drops import Drop, drops
from app.search.documents import Document, load
from app.storefront.shelves import KEPT, Shelf, ShelfKind

FEWEST = 4  # fewer do not make a shelf
PATIENCE_SECONDS = 1.0  # of a page, when nothing is in memory yet: it does without this shelf first of all
LOOKED_AT = 100  # drops: of one product there may be many, and not all are of the offer that is shown
WHY = "They cost less than their sellers asked at any time in the 30 days before, the largest drop first."
NOTE = "The struck price is the lowest of the 30 days before."


class Found:
    """Products with what they cost before; it counts as something even when there are none."""

    def __init__(self, reduced: list[tuple[Document, Drop]]) -> None:
        self.reduced = reduced


async def _load() -> Found:
    """Both from PostgreSQL at the same time, so that price and price before belong together."""
    found = await drops(LOOKED_AT)
    documents = {entry.document.offer: entry.document for entry in await load(sorted({each.product for each in found}))}
    shown = [(documents[drop.offer], drop) for drop in found if drop.offer in documents]
    return Found([(document, drop) for document, drop in shown if document.price_minor == drop.now_minor][:KEPT])


_found: Kept[Found] = Kept(_load)
forget = _found.forget


async def price_drops() -> Shelf:
    """The largest drops first, each with its price before; empty when none can be known."""
    reduced: list[tuple[Document, Drop]] = []
    with contextlib.suppress(DatabaseUnavailable, TimeoutError):
        reduced = (await asyncio.wait_for(_found.get(), PATIENCE_SECONDS)).reduced
    was = {drop.offer: drop.before_minor for _, drop in reduced}
    documents = tuple(document for document, _ in reduced)
    return Shelf(ShelfKind.DROPS, "Price drops", WHY, documents, note=NOTE, was=was, fewest=FEWEST)
