"""Which attributes are worth narrowing a list by, and how many products each of their values has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.attributes import Values
from app.search.ranges import Range, range_of, ranges
from app.search.snapshot import Snapshot
from app.search.turns import breathe
from app.search.vocabularies import Bools, Ints, Many, each_once

SAMPLE = 1000  # products that tell which attributes a list shares
SHARED = 0.3  # of the products must say it
MOST_SHOWN = 6
MOST_LOOKED_AT = 12
MOST_SINGLE = 8  # more measures than that are shown as ranges
MEASURED = 0.9  # of the products with a value must have a measure in one unit
REPEATING = 0.5  # distinct values per product: above it says a name or a number of the product itself
# How it is packed and sent for resale does not help to choose.
PACKING = frozenset({"package", "packaging", "packing", "pallet", "pallets", "carton", "outer", "case"})

Asked = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    count: int


@dataclass(frozen=True)
class AttributeFacet:
    slug: str
    label: str
    choices: tuple[Choice, ...]


def mask(snapshot: Snapshot, slug: str, wanted: Sequence[str]) -> Bools:
    """The documents that have one of the wanted values or ranges of an attribute."""
    known = snapshot.known.attributes
    for attribute in known.find([slug]):
        values = known.values[attribute]
        numbers = [number for each in wanted for number in _numbers(values, each)]
        return snapshot.columns.attributes.pairs(attribute).having(numbers, snapshot.size)
    return np.zeros(snapshot.size, dtype=bool)


def _numbers(values: Values, wanted: str) -> list[int]:
    asked = range_of(wanted)
    return values.find([wanted]) or (np.flatnonzero(asked.holds(values)).tolist() if asked else [])


def count(snapshot: Snapshot, asked: Asked, among: Bools, left: Mapping[str, Bools]) -> tuple[AttributeFacet, ...]:
    """The attributes worth showing for the list `among`, best first, and those that are asked for.

    Args:
        among: the products before any filter but the category: the same attributes stay while a shopper ticks.
        left: slug of an asked attribute -> what passes every other filter; "" -> what passes all.
    """
    known = snapshot.known.attributes
    numbers = np.flatnonzero(among)
    facets = [_asked(snapshot, attribute, asked, left, among) for attribute in known.find(asked)]
    if len(numbers):
        others = [attribute for attribute in _shared(snapshot, numbers) if known.keys[attribute] not in asked]
        worth = [_weighed(snapshot, attribute, among, len(numbers)) for attribute in others]
        best = sorted((each for each in worth if each), key=lambda each: -each.worth)
        facets += [_facet(snapshot, each, left[""], among) for each in best[: max(MOST_SHOWN - len(facets), 0)]]
    return tuple(facets)


def _shared(snapshot: Snapshot, numbers: Ints) -> list[int]:
    """The attributes that many of these products have, most first, by a sample that is the same each time."""
    sample = numbers[:: max(len(numbers) // SAMPLE, 1)]
    known = snapshot.known.attributes
    holders = snapshot.columns.attributes.holders(sample, len(known))
    often = [
        int(n) for n in np.argsort(-holders, kind="stable")[: MOST_LOOKED_AT * 2] if holders[n] >= SHARED * len(sample)
    ]
    return [n for n in often if not PACKING & set(known.keys[n].split("-"))][:MOST_LOOKED_AT]


class _Weighed(NamedTuple):
    """An attribute, and what showing it is worth: how many products say it, and how evenly it parts them."""

    attribute: int
    worth: float
    counts: Ints  # how many of the list's products have each value
    rows: Sequence[Range]


def _weighed(snapshot: Snapshot, attribute: int, among: Bools, size: int) -> _Weighed | None:
    """None: it does not part the list."""
    breathe()
    values = snapshot.known.attributes.values[attribute]
    counts = snapshot.columns.attributes.pairs(attribute).counts(among, values.size)
    holders, distinct = int(counts.sum()), int((counts > 0).sum())
    rows = _ranges(values, counts) if distinct > MOST_SINGLE else []
    if distinct < 2 or (not rows and distinct > max(REPEATING * holders, MOST_SINGLE)):
        return None
    shares = counts[counts > 0] / holders
    evenness = 1 - float((shares**2).sum()) if not rows else 1 - 1 / len(rows)
    many = min(1.0, MOST_LOOKED_AT / distinct) ** 0.5 if not rows else 1.0
    return _Weighed(attribute, (holders / size) * evenness * many, counts, rows)


def _facet(snapshot: Snapshot, weighed: _Weighed, left: Bools, among: Bools) -> AttributeFacet:
    known, attribute = snapshot.known.attributes, weighed.attribute
    values, pairs = known.values[attribute], snapshot.columns.attributes.pairs(attribute)
    counts = weighed.counts if left is among else pairs.counts(left, values.size)
    choices = _choices(values, pairs, counts, weighed.rows, left)
    return AttributeFacet(known.keys[attribute], known.labels[attribute], choices)


def _asked(snapshot: Snapshot, attribute: int, asked: Asked, left: Mapping[str, Bools], among: Bools) -> AttributeFacet:
    """The facet of an attribute that is on, counted without its own filter."""
    known = snapshot.known.attributes
    values, pairs, slug = known.values[attribute], snapshot.columns.attributes.pairs(attribute), known.keys[attribute]
    counts = pairs.counts(among, values.size)
    rows = _ranges(values, counts) if int((counts > 0).sum()) > MOST_SINGLE else []
    rows += [found for each in asked[slug] if (found := range_of(each)) and found not in rows]
    choices = _choices(values, pairs, pairs.counts(left[slug], values.size), rows, left[slug], asked[slug])
    return AttributeFacet(slug, known.labels[attribute], choices)


def _ranges(values: Values, counts: Ints) -> list[Range]:
    """Ranges of the most frequent unit, if nearly all products have a measure in it."""
    numbers, units = (column[: len(counts)] for column in values.measures())
    totals = np.bincount(units + 1, weights=counts, minlength=2)[1:]
    unit = int(totals.argmax())
    if totals[unit] < MEASURED * int(counts.sum()):
        return []
    inside = np.flatnonzero((units == unit) & (counts > 0))
    inside = inside[np.argsort(numbers[inside])]
    every: NDArray[np.float64] = np.repeat(numbers[inside], counts[inside])
    return ranges(every[:: max(len(every) // SAMPLE, 1)], str(values.units.keys[unit]))


def _choices(
    values: Values, pairs: Many, counts: Ints, rows: Sequence[Range], left: Bools, asked: Sequence[str] = ()
) -> tuple[Choice, ...]:
    """Ranges in their order; else measures by size and words by frequency. What is asked for stays, even at 0.

    Args:
        counts: how many of the products that are left have each value.
    """
    if rows:
        in_ranges = zip(rows, _in_ranges([row.holds(values) for row in rows], pairs, counts, left), strict=True)
        return tuple(Choice(row.value, row.label, n) for row, n in in_ranges if n or row.value in asked)
    there = sorted({int(n) for n in np.flatnonzero(counts)} | set(values.find(asked)))
    numbers, units = values.measures()
    if (units[there] >= 0).all():
        there.sort(key=lambda n: (values.units.keys[units[n]], numbers[n]))
    else:
        there.sort(key=lambda n: (-counts[n], values.labels[n]))
    return tuple(Choice(values.keys[n], values.labels[n], int(counts[n])) for n in there)


def _in_ranges(held: Sequence[Bools], pairs: Many, counts: Ints, left: Bools) -> list[int]:
    """How many of the products that are left have one of the values that each range holds."""
    if pairs.is_single:
        return [int(counts[each[: len(counts)]].sum()) for each in held]
    of_left = left[pairs.documents]
    documents, said = pairs.documents[of_left], pairs.values[of_left]
    # one may have several of them, such as the sizes of a shoe, and counts once
    return [len(each_once(documents[each[said]])) for each in held]
