"""A list of products as a page shows it: days, filters, chips, orders, pages and cards, each with its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.delivery.estimate import Place, delivery_map
from app.delivery.places import place_of_request
from app.infra.clock import now
from app.infra.database import DatabaseUnavailable
from app.search.answering import Result
from app.search.arrivals import Arrivals, arrivals
from app.search.attribute_facets import Choice
from app.search.cards import cards_of
from app.search.columns import Vocabularies
from app.search.engine import engine
from app.search.facets import PriceBars
from app.search.query import Query, address, euros
from app.search.swatches import swatch
from app.web.rendering import WebRequest, day

MOST_ROWS = 10


@dataclass(frozen=True)
class Row:
    """A line, a chip, a link: what the parts of parts/facets.html and parts/pager.html ask for."""

    label: str
    href: str = ""
    value: str = ""
    count: int | None = None
    checked: bool = False
    swatch: str = ""
    current: bool = False
    rel: str = ""


async def whereabouts(request: WebRequest) -> tuple[Place | None, Arrivals | None]:
    """Where the shopper is and when things arrive there; nothing while that cannot be known."""
    try:
        place = await place_of_request(request)
        return place, arrivals(await delivery_map(), place, now()) if place else None
    except DatabaseUnavailable:
        return None, None


async def listing(request: WebRequest, path: str, query: Query) -> dict[str, Any]:
    """The context of search/_all.html; `path` is "/search" or a category's own."""
    _, there = await whereabouts(request)
    if there is None:
        query = query.but(by=None, sort="best" if query.sort == "arrives" else query.sort, page=query.page)
    result = await engine().search(query, there)
    known = engine().known
    return {
        "path": path,
        "query": query,
        "q": query.q,
        "result": result,
        "canonical": address(path, query.but(page=result.page)),
        "cards": cards_of(result.documents, there, query.colours),
        "days": _days(path, query, result),
        "chips": [Row(label, address(path, less)) for label, less in narrowings(path, query, known)],
        "clear_href": address(path, _cleared(path, query)),
        "sorts": _sorts(path, query, there is not None),
        "pages": _pages(path, query, result),
        "hidden": [pair for pair in query.pairs() if pair[0] in ("q", "by", "sort")],
        "facet_rows": _facet_rows(path, query, result, known),
        "low": euros(query.low),
        "high": euros(query.high),
    }


def _cleared(path: str, query: Query) -> Query:
    cleared = query.filters_off()
    return cleared if path == "/search" else cleared.but(category=query.category)


def _days(path: str, query: Query, result: Result) -> list[Row]:
    if not result.facets.days:
        return []
    rows = [Row("Any day", address(path, query.but(by=None)), count=result.facets.any_day, checked=query.by is None)]
    return rows + [
        Row(day(when), address(path, query.but(by=when)), count=count, checked=when == query.by)
        for when, count in result.facets.days
    ]


def narrowings(path: str, query: Query, known: Vocabularies) -> list[tuple[str, Query]]:
    """The filters that are on: what each is called, and the query without it."""
    on = [(f"By {day(query.by)}", query.but(by=None))] if query.by else []
    if query.category and path == "/search":
        on.append((known.categories.label(query.category, query.category), query.but(category="")))
    on += [(brand, query.but(brands=_without(query.brands, brand))) for brand in query.brands]
    if query.low is not None or query.high is not None:
        on.append((_price_range(query), query.but(low=None, high=None)))
    on += [(colour, query.but(colours=_without(query.colours, colour))) for colour in query.colours]
    on += [
        (known.suppliers.label(slug, slug), query.but(suppliers=_without(query.suppliers, slug)))
        for slug in query.suppliers
    ]
    return [*on, ("In stock now", query.but(in_stock=False))] if query.in_stock else on


def _price_range(query: Query) -> str:
    if query.low is None:
        return f"Up to €{euros(query.high)}"
    return f"From €{euros(query.low)}" if query.high is None else f"€{euros(query.low)} to €{euros(query.high)}"


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(each for each in values if each != value)


def _sorts(path: str, query: Query, dated: bool) -> list[Row]:
    labels = {"best": "Best match" if query.q else "Most sellers", "arrives": "Arrives first"}
    labels |= {"price": "Lowest price", "newest": "Newest"}
    return [
        Row(label, address(path, query.but(sort=sort)), checked=sort == query.sort)
        for sort, label in labels.items()
        if dated or sort != "arrives"
    ]


def _pages(path: str, query: Query, result: Result) -> list[Row]:
    here, last = result.page, result.pages
    shown = sorted({1, last, *range(max(here - 1, 1), min(here + 1, last) + 1)})

    def link(number: int, label: str = "", rel: str = "") -> Row:
        return Row(
            label or str(number), address(path, query.but(page=number)), current=number == here and not rel, rel=rel
        )

    rows = [link(here - 1, "Previous", "prev")] if here > 1 else []
    for number, before in zip(shown, [0, *shown], strict=False):
        rows += [Row("…")] if number - before > 1 else []
        rows.append(link(number))
    rows += [link(here + 1, "Next", "next")] if here < last else []
    return rows if last > 1 else []


def _facet_rows(path: str, query: Query, result: Result, known: Vocabularies) -> dict[str, list[Row]]:
    facets = result.facets
    return {
        "categories": _categories(path, query, facets.categories, known),
        "price": _bars(facets.price, query),
        "brands": _ticks(facets.brands, query.brands),
        "suppliers": _ticks(facets.suppliers, query.suppliers, known.suppliers.label),
        "colours": _ticks(facets.colours, query.colours, dots=True),
        "stock": [Row("In stock now", value="in", count=facets.in_stock, checked=query.in_stock)],
    }


def _ticks(choices: Iterable[Choice], chosen: tuple[str, ...], label: Any = None, *, dots: bool = False) -> list[Row]:
    """The most frequent values, and the chosen ones even if nothing is left of them."""
    every = list(choices)
    shown = every[:MOST_ROWS] + [choice for choice in every[MOST_ROWS:] if choice.key in chosen]
    gone = set(chosen) - {choice.key for choice in every}
    shown += [Choice(key, label(key, key) if label else key, 0) for key in sorted(gone)]
    return [
        Row(c.label, value=c.key, count=c.count, checked=c.key in chosen, swatch=swatch(c.label) if dots else "")
        for c in shown
    ]


def _categories(path: str, query: Query, choices: Iterable[Choice], known: Vocabularies) -> list[Row]:
    """The categories below the chosen one, or its neighbours where there are none; on a category's page as links."""
    found = {choice.key: choice for choice in choices}
    parent = query.category
    if not any(_parent(key) == parent for key in found):
        parent = _parent(parent)
    inside = [choice for key, choice in found.items() if _parent(key) == parent]
    if path != "/search":
        return [
            Row(
                c.label,
                address(f"/c/{c.key}", query.but(category=c.key)),
                count=c.count,
                checked=c.key == query.category,
            )
            for c in inside
        ]
    rows = [Row(c.label, value=c.key, count=c.count, checked=c.key == query.category) for c in inside]
    above = [Row("All categories", checked=not query.category)]
    if parent:
        count = found[parent].count if parent in found else 0
        label = known.categories.label(parent, parent)
        above.append(Row(f"All of {label}", value=parent, count=count, checked=parent == query.category))
    return above + rows if rows or query.category else []


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _bars(price: PriceBars | None, query: Query) -> list[Row]:
    if price is None:
        return []
    step = (price.high - price.low) / len(price.counts)
    low, high = query.low or 0, query.high if query.high is not None else float("inf")
    starts = [price.low + step * position for position in range(len(price.counts))]
    return [
        Row("", count=count, checked=start + step > low and start <= high)
        for start, count in zip(starts, price.counts, strict=True)
    ]
