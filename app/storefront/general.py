"""Shelves that everybody gets, out of the index: what is here soonest, and what is new."""

from collections.abc import Sequence

from app.delivery.estimate import Place
from app.search.answering import Result
from app.search.arrivals import Arrivals
from app.search.documents import Document
from app.search.engine import engine
from app.search.query import Query, address
from app.storefront.shelves import KEPT, Shelf, ShelfKind
from app.web.rendering import day

LOOKED_AT = 60  # of which a shelf picks, so that its products differ


async def soonest(everything: Result, place: Place | None, there: Arrivals | None) -> Shelf:
    """What is here soonest, for a shopper whose postcode we know; else a mix of the market."""
    if place is None or there is None or not everything.facets.days:
        why = "One of each kind of goods, those from most sellers first. Everybody sees these."
        documents = tuple(assorted(everything.documents, KEPT))
        return Shelf(
            ShelfKind.SOONEST, "From the market", why, documents, href="/search", more="All products",
            fewest=1,
        )  # fmt: skip
    when, count = everything.facets.days[0]
    in_time = await engine().search(Query(by=when, in_stock=True, size=LOOKED_AT), there)
    return Shelf(
        ShelfKind.SOONEST,
        f"Here by {when:%A}",
        f"They are in stock where they reach {place.postcode} on {day(when)}, the first day on which anything can.",
        tuple(assorted(in_time.documents, KEPT)),
        href=address("/search", Query(by=when)),
        more=f"All {count:,} for {day(when)}",
        fewest=1,
    )


async def newest(there: Arrivals | None) -> Shelf:
    latest = await engine().search(Query(in_stock=True, sort="newest", size=LOOKED_AT), there)
    why = "They came onto the square last, and are in stock. Everybody sees these."
    documents = tuple(assorted(latest.documents, KEPT))
    return Shelf(
        ShelfKind.NEW, "New on the square", why, documents, href="/search?sort=newest", more="All new goods", fewest=1
    )


def assorted(documents: Sequence[Document], count: int) -> list[Document]:
    """The first of each category, then the second of each, and so on: a shelf shows the breadth of the market."""
    seen: dict[str, int] = {}
    turns: list[tuple[int, int, Document]] = []
    for position, document in enumerate(documents):
        path = document.categories[-1][0]
        seen[path] = seen.get(path, 0) + 1
        turns.append((seen[path], position, document))
    return [document for _, _, document in sorted(turns, key=lambda turn: turn[:2])[:count]]
