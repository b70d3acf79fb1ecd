"""What a list can be narrowed by, as rows: the first of each kind, and the others behind "show all"."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.search.attribute_facets import AttributeFacet, Choice
from app.search.columns import Vocabularies
from app.search.facets import Facets, PriceBars
from app.search.query import ATTRIBUTE, Query, address
from app.search.rows import Group, Row
from app.search.swatches import swatch

SHOWN = 6  # rows of a group
MOST_ROWS = 40  # with those behind "show all"


def groups(query: Query, facets: Facets, known: Vocabularies) -> list[Group]:
    """The kinds of filters that have something to choose, in the order of the page."""
    stock = [Row("In stock now", value="in", count=facets.in_stock, checked=query.in_stock)]
    found = [
        _group("Colour", "colour", facets.colours, query.colours, dots=True),
        _group("Brand", "brand", facets.brands, query.brands),
        _group("Seller", "supplier", facets.suppliers, query.suppliers, known.suppliers.label),
        *(_attribute(each, query) for each in facets.attributes),
        Group("Stock", "stock", tuple(stock)),
    ]
    return [each for each in found if each.rows]


def _attribute(facet: AttributeFacet, query: Query) -> Group:
    return _group(facet.label, ATTRIBUTE + facet.slug, facet.choices, query.values_of(facet.slug))


def _group(
    title: str, name: str, choices: Iterable[Choice], chosen: Sequence[str], label: Any = None, *, dots: bool = False
) -> Group:
    """The chosen ones are there even if nothing is left of them."""
    every = list(choices)
    every = every[:MOST_ROWS] + [choice for choice in every[MOST_ROWS:] if choice.key in chosen]
    gone = set(chosen) - {choice.key for choice in every}
    every += [Choice(key, label(key, key) if label else key, 0) for key in sorted(gone)]
    rows = tuple(
        Row(c.label, value=c.key, count=c.count, checked=c.key in chosen, swatch=swatch(c.label) if dots else "")
        for c in every
    )
    # one more row is no longer than the line that unfolds it
    return Group(title, name, rows) if len(rows) <= SHOWN + 1 else Group(title, name, rows[:SHOWN], rows[SHOWN:])


def categories(path: str, query: Query, choices: Iterable[Choice], known: Vocabularies) -> list[Row]:
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


def ratings(query: Query, facets: Facets) -> list[Row]:
    """Any, and so many stars and up; none where nothing was reviewed, unless it is asked for."""
    if not query.rating and not any(count for _, count in facets.ratings):
        return []
    every = Row("Any rating", checked=not query.rating)
    return [every] + [
        Row(stars_and_up(least), value=str(least), count=count, checked=least == query.rating)
        for least, count in facets.ratings
    ]


def stars_and_up(least: int) -> str:
    return f"{least} star{'s' if least > 1 else ''} and up"


def price_bars(price: PriceBars | None, query: Query) -> list[Row]:
    """Nothing where all cost the same: one bar says nothing."""
    if price is None or price.low == price.dearest:
        return []
    step = (price.high - price.low) / len(price.counts)
    low, high = query.low or 0, query.high if query.high is not None else float("inf")
    starts = [price.low + step * position for position in range(len(price.counts))]
    ends = [*starts[1:], price.dearest + 1]
    return [
        Row("", count=count, checked=end > low and start <= high)
        for start, end, count in zip(starts, ends, price.counts, strict=True)
    ]


def price_ends(price: PriceBars | None) -> tuple[str, str]:
    """With what the first bar begins and the last one ends: "€24", "€118 and more"; empty where all cost the same."""
    if price is None or price.low == price.dearest:
        return "", ""
    last = f"€{-(-price.high // 100):,}" + (" and more" if price.dearest > price.high else "")
    return f"€{price.low // 100:,}", last
