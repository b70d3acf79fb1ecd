"""What a list can be narrowed by: each facet is counted with the other filters applied, its own left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.search import attribute_facets
from app.search.arrivals import NEVER, Arrivals, day_of
from app.search.attribute_facets import AttributeFacet, Choice
from app.search.query import ATTRIBUTE, Query
from app.search.rated import LEAST
from app.search.snapshot import Snapshot
from app.search.turns import breathe
from app.search.vocabularies import Bools, Ints, Vocabulary

BARS = 12
FENCE = 3  # times the middle half's span: Tukey's outer fence
FEW, SMALL = 3, 0.05  # prices, or a share of them, that may lie beyond it: more are phones among their cases
SAMPLE = 4000  # prices, at most, that the fence is worked out of
DAYS = 5


@dataclass(frozen=True)
class PriceBars:
    """Equal steps from `low` to `high` in minor units; the last bar also holds what is dearer."""

    low: int
    high: int
    counts: tuple[int, ...]
    dearest: int


@dataclass(frozen=True)
class Facets:
    categories: tuple[Choice, ...]  # every path that has products
    brands: tuple[Choice, ...]
    suppliers: tuple[Choice, ...]
    colours: tuple[Choice, ...]
    attributes: tuple[AttributeFacet, ...]
    price: PriceBars | None
    ratings: tuple[tuple[int, int], ...]  # (so many stars and up, products), the most stars first
    in_stock: int
    any_day: int
    days: tuple[tuple[date, int], ...]  # how many have arrived by the end of that day


def arrival_days(snapshot: Snapshot, arrivals: Arrivals) -> Ints:
    """The day on which each document would arrive."""
    days = arrivals.days(snapshot.known.origins)
    return days[snapshot.columns.origin] if len(days) else np.zeros(0, np.int64)


def masks(snapshot: Snapshot, query: Query, days: Ints | None) -> dict[str, Bools]:
    """Filter name -> the documents it lets through; only the filters that are on."""
    columns, known, size = snapshot.columns, snapshot.known, snapshot.size
    on: dict[str, Bools] = {}
    if query.category:
        on["category"] = columns.categories.having(known.categories.find([query.category]), size)
    if query.brands:
        on["brand"] = np.isin(columns.brand, known.brands.find(query.brands))
    if query.suppliers:
        on["supplier"] = columns.suppliers.having(known.suppliers.find(query.suppliers), size)
    if query.colours:
        on["colour"] = columns.colours.having(known.colours.find(query.colours), size)
    if query.low is not None or query.high is not None:
        above = columns.price >= (query.low or 0)
        on["price"] = above if query.high is None else above & (columns.price <= query.high)
    if query.rating:
        on["rating"] = snapshot.levels >= query.rating
    if query.in_stock:
        on["stock"] = columns.in_stock
    if query.by and days is not None:
        on["by"] = days <= query.by.toordinal()
    for slug, values in query.attributes:
        on[ATTRIBUTE + slug] = attribute_facets.mask(snapshot, slug, values)
    return on


def passing(found: Bools, on: Mapping[str, Bools], without: str = "") -> Bools:
    """What is found and passes every filter, but for the one named."""
    breathe()
    for name, mask in on.items():
        if name != without:
            found = found & mask
    return found


def count(snapshot: Snapshot, query: Query, found: Bools, on: Mapping[str, Bools], days: Ints | None) -> Facets:
    columns, known = snapshot.columns, snapshot.known
    by_brand = np.bincount(columns.brand[passing(found, on, "brand")], minlength=len(known.brands))
    in_days = passing(found, on, "by")
    return Facets(
        categories=_choices(
            known.categories, columns.categories.counts(passing(found, on, "category"), len(known.categories))
        ),
        brands=_choices(known.brands, by_brand),
        suppliers=_choices(
            known.suppliers, columns.suppliers.counts(passing(found, on, "supplier"), len(known.suppliers))
        ),
        colours=_choices(known.colours, columns.colours.counts(passing(found, on, "colour"), len(known.colours))),
        attributes=_attributes(snapshot, query, found, on),
        price=price_bars(columns.price[passing(found, on, "price")]),
        ratings=_ratings(snapshot.levels[passing(found, on, "rating")]),
        in_stock=int((passing(found, on, "stock") & columns.in_stock).sum()),
        any_day=int(in_days.sum()),
        days=_days(days[in_days], query.by) if days is not None else (),
    )


def _attributes(snapshot: Snapshot, query: Query, found: Bools, on: Mapping[str, Bools]) -> tuple[AttributeFacet, ...]:
    left = {"": passing(found, on)} | {slug: passing(found, on, ATTRIBUTE + slug) for slug, _ in query.attributes}
    among = found & on["category"] if "category" in on else found
    return attribute_facets.count(snapshot, dict(query.attributes), among, left)


def _choices(known: Vocabulary, counts: Ints) -> tuple[Choice, ...]:
    """Most first, then by name; nothing that counts 0."""
    there = np.flatnonzero(counts)
    numbered = zip(there.tolist(), counts[there].tolist(), strict=True)
    rows = [Choice(str(known.keys[n]), known.labels[n], count) for n, count in numbered if known.keys[n]]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.label)))


def _ratings(levels: Ints) -> tuple[tuple[int, int], ...]:
    counts = np.bincount(levels, minlength=LEAST[0] + 1)
    return tuple((least, int(counts[least:].sum())) for least in LEAST)


def price_bars(prices: Ints) -> PriceBars | None:
    """How many cost how much, up to the dearest usual price: one far above would press all others into one bar.

    Args:
        prices: in minor units.
    """
    if not len(prices):
        return None
    low, dearest = int(prices.min()), int(prices.max())
    high = _dearest_usual(prices)
    if high == low:  # most cost the same
        high = _dearest_usual(prices[prices > low]) if dearest > low else low + BARS
    bars = np.clip((prices - low) * BARS // (high - low), 0, BARS - 1)
    return PriceBars(low, high, tuple(int(n) for n in np.bincount(bars, minlength=BARS)), dearest)


def _dearest_usual(prices: Ints) -> int:
    """The highest price that is none of a few far above the others."""
    some = prices[:: len(prices) // SAMPLE + 1]  # of very many a part tells the same
    first, third, most = (int((len(some) - 1) * share) for share in (0.25, 0.75, 1 - SMALL))
    parted = np.partition(some, (first, third, most))
    fence = parted[third] + FENCE * (parted[third] - parted[first])
    if np.count_nonzero(some > fence) > max(FEW, SMALL * len(some)):
        fence = parted[most]
    return int(prices[prices <= fence].max())


def _days(days: Ints, chosen: date | None) -> tuple[tuple[date, int], ...]:
    """The first days on which something arrives, and the chosen one."""
    reached, counts = np.unique(days[days != NEVER], return_counts=True)
    totals = np.cumsum(counts)
    rows = {day_of(day): int(total) for day, total in zip(reached[:DAYS], totals, strict=False)}
    if chosen:
        rows[chosen] = int((days <= chosen.toordinal()).sum())
    return tuple(sorted(rows.items()))
