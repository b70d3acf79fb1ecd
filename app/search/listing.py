"""A list of products as a page shows it: days, filters, chips, orders, pages and cards, each with its address."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.delivery.estimate import Place, delivery_map
from app.delivery.places import place_of_request
from app.infra.clock import now
from app.infra.money import euro
from app.infra.outages import DatabaseUnavailable
from app.search.answering import Result, narrowed
from app.search.arrivals import Arrivals, arrivals
from app.search.cards import cards_of
from app.search.columns import Vocabularies
from app.search.engine import engine
from app.search.facet_rows import categories, groups, price_bars, price_ends, ratings, stars_and_up
from app.search.query import Query, address, euros
from app.search.ranges import range_of
from app.search.rows import Row
from app.web.rendering import WebRequest, day


async def whereabouts(request: WebRequest) -> tuple[Place | None, Arrivals | None]:
    """Where the shopper is and when things arrive there; nothing while that cannot be known."""
    try:
        place = await place_of_request(request)
        return place, arrivals(await delivery_map(), place, now()) if place else None
    except DatabaseUnavailable:
        return None, None


async def listing(request: WebRequest, path: str, query: Query) -> dict[str, Any]:
    """The context of search/_all.html; `path` is "/search" or a category's own."""
    place, there = await whereabouts(request)
    asked_by = None if place else query.by  # of an address that was given on
    if place is None or not place.is_served:
        query = query.but(by=None, sort="best" if query.sort == "arrives" else query.sort, page=query.page)
    result = await engine().search(query, there)
    known = engine().known
    shown = _as_filters(query, result)
    return {
        "path": path,
        "query": query,
        "q": query.q,
        "result": result,
        "canonical": address(path, query.but(page=result.page)),
        "cards": cards_of(result.documents, there, query.colours),
        "nearly": cards_of(result.nearly, there, query.colours),
        "days": _days(path, query, result),
        "asked_by": asked_by,
        "asked_href": address(path, query.but(by=asked_by, page=query.page)),
        "chips": [
            *_from_words(path, query, result),
            *(Row(label, address(path, less)) for label, less in filters_on(path, query, known)),
        ],
        "clear_href": address(path, _cleared(path, shown)),
        "sorts": _sorts(path, query, result, dated=bool(place and place.is_served)),
        "pages": _pages(path, query, result),
        "hidden": [pair for pair in shown.pairs() if pair[0] in ("q", "by", "sort", "as")],
        "categories_here": categories(path, shown, result.facets.categories, known),
        "rating_rows": ratings(query, result.facets),
        "price_rows": price_bars(result.facets.price, query),
        "price_ends": price_ends(result.facets.price),
        "groups": groups(shown, result.facets, known),
        "as_typed_href": address(path, query.but(reading="typed")),
        "low": euros(query.low),
        "high": euros(query.high),
    }


def _as_filters(query: Query, result: Result) -> Query:
    """The query with what was read out of its words chosen among the filters, where it can be chosen otherwise."""
    found = narrowed(query, result.understood)
    return query if found == query else found.but(reading="words", page=query.page)


def _from_words(path: str, query: Query, result: Result) -> Iterator[Row]:
    """What was read out of the words as filters; taking one off takes the words as words, and leaves the others on."""
    found = result.understood.narrowed
    for each in found:
        others = replace(result.understood, narrowed=tuple(other for other in found if other != each))
        rest = narrowed(query, others).but(reading="words")
        yield Row(f"{each.kind.capitalize()}: {each.label}", address(path, rest))


def _cleared(path: str, query: Query) -> Query:
    cleared = query.filters_off().but(reading=query.reading)  # else what was read out of the words is on again
    return cleared if path == "/search" else cleared.but(category=query.category)


def _days(path: str, query: Query, result: Result) -> list[Row]:
    if not result.facets.days:
        return []
    rows = [Row("Any day", address(path, query.but(by=None)), count=result.facets.any_day, checked=query.by is None)]
    return rows + [
        Row(day(when), address(path, query.but(by=when)), value=when.isoformat(), count=count, checked=when == query.by)
        for when, count in result.facets.days
    ]


def filters_on(path: str, query: Query, known: Vocabularies) -> list[tuple[str, Query]]:
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
    on += [
        (_attribute(slug, value, known), query.with_values(slug, _without(values, value)))
        for slug, values in query.attributes
        for value in values
    ]
    if query.rating:
        on.append((stars_and_up(query.rating), query.but(rating=None)))
    return [*on, ("In stock now", query.but(in_stock=False))] if query.in_stock else on


def _attribute(slug: str, value: str, known: Vocabularies) -> str:
    """ "Material: Oak", "Weight: 1 to 2 kg"; the address's own words where nothing of the kind is on sale."""
    name, label = known.attributes.label(slug, slug), value
    if found := range_of(value):
        label = found.label
    else:
        for number in known.attributes.find([slug]):
            label = known.attributes.values[number].label(value, value)
    return f"{name}: {label}"


def _price_range(query: Query) -> str:
    low, high = ("" if limit is None else euro(limit).removesuffix(".00") for limit in (query.low, query.high))
    return f"Up to {high}" if not low else f"From {low}" if not high else f"{low} to {high}"


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(each for each in values if each != value)


def _sorts(path: str, query: Query, result: Result, dated: bool) -> list[Row]:
    labels = {"best": "Best match" if query.q else "From most sellers", "arrives": "Arrives first"}
    labels |= {"price": "Lowest price", "price-down": "Highest price", "rating": "Best rated"}
    labels |= {"newest": "Newest"}
    is_rated = query.sort == "rating" or any(count for _, count in result.facets.ratings)
    return [
        Row(label, address(path, query.but(sort=sort)), value=sort, checked=sort == query.sort)
        for sort, label in labels.items()
        if (dated or sort != "arrives") and (is_rated or sort != "rating")
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
