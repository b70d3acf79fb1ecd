"""/: what is on the square today. All of it comes from the search engine's memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get

from app.accounts.sessions import Viewer, account_of
from app.catalog.navigation import CategoryView, categories
from app.infra.database import DatabaseUnavailable, fetch
from app.infra.kept import Kept
from app.search.answering import Result
from app.search.arrivals import Arrivals
from app.search.attribute_facets import Choice
from app.search.cards import cards_of
from app.search.documents import Document
from app.search.engine import engine
from app.search.listing import whereabouts
from app.search.query import Query, address
from app.search.rows import Row
from app.storefront import price_drops, recommended
from app.storefront.viewed import viewed
from app.web.rendering import WebRequest, day, page

SHELF = 5
LOOKED_AT = 60  # of which a shelf picks, so that its products differ
STALLS = 3
PICTURES = 3
DAYS = 3
WIDE = (6, 7, 5)  # tiles in a row that a wide screen holds, the best first


@dataclass(frozen=True)
class Stall:
    name: str
    href: str
    line: str
    images: tuple[str, ...]


async def _load_lines() -> dict[str, str]:
    rows = await fetch("SELECT slug, place, about FROM supplier")
    return {row["slug"]: row["about"] or row["place"] for row in rows}


_lines = Kept(_load_lines)


def forget() -> None:
    """Empty what this process keeps (for tests)."""
    _lines.forget()
    price_drops.forget()
    recommended.forget()


@get("/")
async def show_home(request: WebRequest) -> Response[str]:
    place, there = await whereabouts(request)
    viewer = await _viewer(request)
    everything = await engine().search(Query(in_stock=True, size=LOOKED_AT), there)
    first = await _first_shelf(everything, there)
    tiles = _tiles(await _tree(), everything)
    newest = await engine().search(Query(in_stock=True, sort="newest", size=LOOKED_AT), there)
    return await page(
        request,
        "storefront/home.html",
        place=place,
        days=_days(everything),
        soonest=everything.facets.days[0][0] if everything.facets.days else None,
        first=first,
        tiles=tiles,
        columns=columns(len(tiles) + len(tiles) % 2),
        newest=cards_of(assorted(newest.documents, SHELF), there),
        reduced=await price_drops.price_drops(there),
        recommended=await recommended.shelves(viewer.id if viewer else None, viewed(request), there),
        stalls=await _stalls(everything.facets.suppliers),
        suppliers=len(everything.facets.suppliers),
        total=everything.total,
        is_empty=not engine().snapshot.total,
    )


async def _viewer(request: WebRequest) -> Viewer | None:
    try:
        return await account_of(request)
    except DatabaseUnavailable:
        return None


def _days(result: Result) -> list[Row]:
    return [
        Row(day(when), address("/search", Query(by=when)), count=count) for when, count in result.facets.days[:DAYS]
    ]


async def _first_shelf(everything: Result, there: Arrivals | None) -> dict[str, Any]:
    """What is here soonest, for a shopper whose postcode we know; else a mix of the market."""
    if there is None or not everything.facets.days:
        cards = cards_of(assorted(everything.documents, SHELF), there)
        return {"title": "From the market", "cards": cards, "href": "/search", "more": "Everything on the square"}
    when, count = everything.facets.days[0]
    soonest = await engine().search(Query(by=when, in_stock=True, size=LOOKED_AT), there)
    return {
        "title": f"Here by {when:%A}",
        "cards": cards_of(assorted(soonest.documents, SHELF), there),
        "href": address("/search", Query(by=when)),
        "more": f"All {count:,} for {day(when)}",
    }


def assorted(documents: Sequence[Document], count: int) -> list[Document]:
    """The first of each category, then the second of each, and so on: a shelf shows the breadth of the market."""
    seen: dict[str, int] = {}
    turns: list[tuple[int, int, Document]] = []
    for position, document in enumerate(documents):
        path = document.categories[-1][0]
        seen[path] = seen.get(path, 0) + 1
        turns.append((seen[path], position, document))
    return [document for _, _, document in sorted(turns, key=lambda turn: turn[:2])[:count]]


async def _tree() -> tuple[CategoryView, ...]:
    try:
        return await categories()
    except DatabaseUnavailable:
        return ()


def _tiles(tree: Sequence[CategoryView], everything: Result) -> list[tuple[CategoryView, int]]:
    counts = {choice.key: choice.count for choice in everything.facets.categories}
    return [(each, counts[each.path]) for each in tree if not each.parent and counts.get(each.path)]


def columns(tiles: int) -> int:
    """How many tiles stand beside each other on a wide screen, so that the last row is as full as it can be."""
    return min(WIDE, key=lambda beside: (-tiles % beside, abs(beside - WIDE[0])))


async def _stalls(sellers: Sequence[Choice]) -> list[Stall]:
    """The sellers with the most goods in stock, each with pictures of different kinds of goods."""
    try:
        lines = await _lines.get()
    except DatabaseUnavailable:
        lines = {}
    stalls = []
    for seller in sellers[:STALLS]:
        query = Query(suppliers=(seller.key,), in_stock=True)
        goods = (await engine().search(query)).documents
        images = tuple(dict.fromkeys(each.image for each in assorted(goods, len(goods))))[:PICTURES]
        href = address("/search", Query(suppliers=(seller.key,)))
        stalls.append(Stall(seller.label, href, lines.get(seller.key, ""), images))
    return [stall for stall in stalls if len(stall.images) == PICTURES]


handlers = [show_home]
