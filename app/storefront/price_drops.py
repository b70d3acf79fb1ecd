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


async def _load() -> list[tuple[Document, Drop]]:
    """Products with what they cost before: both are read at the same time, so that they belong together."""
    found = await drops(LOOKED_AT)
    documents = {entry.document.offer: entry.document for entry in await load(sorted({each.product for each in found}))}
    shown = [(documents[drop.offer], drop) for drop in found if drop.offer in documents]
    return [(document, drop) for document, drop in shown if document.price_minor == drop.now_minor][:KEPT]


_reduced = Kept(_load, keeps_empty=True)
forget = _reduced.forget


async def price_drops() -> Shelf:
    """The largest drops first, each with its price before; empty when none can be known."""
    reduced: list[tuple[Document, Drop]] = []
    with contextlib.suppress(DatabaseUnavailable, TimeoutError):
        reduced = await asyncio.wait_for(_reduced.get(), PATIENCE_SECONDS)
    was = {drop.offer: drop.before_minor for _, drop in reduced}
    documents = tuple(document for document, _ in reduced)
    return Shelf(ShelfKind.DROPS, "Price drops", WHY, documents, note=NOTE, was=was, fewest=FEWEST)
