"""What products say of themselves (Material: oak) as columns of numbers, so that counting them is cheap.

An attribute is known by the slug of its name, a value by its folded text; both in vocabularies that only grow. A
segment holds its pairs twice: by document, to see which attributes a list shares, and by attribute, to count one.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.turns import Steps, at_once
from app.search.vocabularies import Ints, Many, Vocabulary, each_once, joined, runs
from app.search.words import fold

Small = NDArray[np.int32]

MOST_PER_PRODUCT = 80
LONGEST_NAME, LONGEST_VALUE = 40, 60
ATTRIBUTE_BITS = 32  # of a document and an attribute in one number: numbers sort faster than pairs
NO_UNIT = -1  # of a value that is no measure
YES_OR_NO = {"true": "Yes", "false": "No", "yes": "Yes", "no": "No"}

_UNSAID = frozenset({"", "-", "n/a", "none", "null", "unknown"})
_NOT_A_WORD = re.compile(r"[\W_]+")
_MEASURE = re.compile(r"(-?\d{1,9}(?:[.,]\d{1,4})?) ?([^\W\d_]{0,8}|[%°\"”″]|°C|m²|cm²)")
_WHOLE = re.compile(r"(-?\d+)\.0+")


class Measure(NamedTuple):
    """ "2.1 kg" as a number and a unit; the unit may be empty."""

    number: float
    unit: str


@lru_cache(maxsize=20_000)
def slug(name: str) -> str:
    """ "Screen size" -> "screen-size"."""
    return _NOT_A_WORD.sub("-", fold(name)).strip("-")


@lru_cache(maxsize=50_000)
def value_key(text: str) -> str:
    """One key for "Oak", "oak" and " OAK"."""
    return " ".join(fold(text).split())


def measure(text: str) -> Measure | None:
    """ "43,2 cm" -> (43.2, "cm"), "12" -> (12.0, ""); None for anything that is not one number with at most a unit."""
    match = _MEASURE.fullmatch(text.strip())
    return Measure(float(match[1].replace(",", ".")), match[2]) if match else None


def said(sources: Iterable[dict[str, Any]], leave_out: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """The names and values worth counting, each once; `leave_out` are folded names that have a facet of their own."""
    pairs = ((" ".join(str(name).split()), _tidy(str(value))) for source in sources for name, value in source.items())
    kept = [
        (name, value)
        for name, value in pairs
        if 0 < len(name) <= LONGEST_NAME and len(value) <= LONGEST_VALUE
        if slug(name) and fold(name) not in leave_out and value.casefold() not in _UNSAID
    ]
    return tuple(dict.fromkeys(kept))[:MOST_PER_PRODUCT]


def _tidy(value: str) -> str:
    text = " ".join(value.split())
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else YES_OR_NO.get(text.casefold(), text)


class Values(Vocabulary):
    """The values of one attribute, with the measures that some of them are."""

    def __init__(self) -> None:
        super().__init__()
        self.units = Vocabulary()
        self._measures: list[tuple[float, int]] = []
        self._columns: tuple[NDArray[np.float64], Ints] = (np.zeros(0), np.zeros(0, np.int64))

    def take(self, text: str) -> int:
        number = self.learn(value_key(text), text)
        if number == len(self._measures):
            self._note(measure(text))
        return number

    def take_all(self, keys: Sequence[str], labels: Sequence[str], measures: Sequence[Measure | None]) -> list[int]:
        """The numbers of values of which somebody else has found out what they measure."""
        numbers = self.learn_all(keys, labels)
        for number, found in zip(numbers, measures, strict=True):
            if number == len(self._measures):
                self._note(found)
        return numbers

    def _note(self, found: Measure | None) -> None:
        self._measures.append((found.number, self.units.learn(found.unit)) if found else (np.nan, NO_UNIT))

    def measured(self) -> list[Measure | None]:
        """What each value measures, None if it is no measure."""
        return [Measure(number, self.units.keys[unit]) if unit != NO_UNIT else None for number, unit in self._measures]

    @property
    def size(self) -> int:
        """How many values are there, known with their measures."""
        return len(self._measures)

    def measures(self) -> tuple[NDArray[np.float64], Ints]:
        """The number of each value (nan: it is none) and the number of its unit in `units` (or NO_UNIT)."""
        if len(self._columns[0]) < len(self._measures):
            table = np.array(list(self._measures))
            self._columns = table[:, 0].copy(), table[:, 1].astype(np.int64)
        return self._columns


class AttributeVocabulary(Vocabulary):
    """Attributes by slug, each with its values."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Values] = []

    def learn(self, key: Hashable, label: str = "") -> int:
        if key not in self._numbers:
            self.values.append(Values())  # before the number is known to those who search meanwhile
        return super().learn(key, label)

    def take(self, name: str) -> int:
        return self.learn(slug(name), name[:1].upper() + name[1:])


@dataclass(frozen=True)
class AttributeColumn:
    """The attributes of one segment's documents."""

    offsets: Ints  # document d has the attributes[offsets[d]:offsets[d + 1]], each once
    attributes: Small
    documents: Small  # by attribute: those that have it,
    values: Small  # and what they have
    bounds: dict[int, tuple[int, int]]  # attribute -> where its pairs lie in those two

    def pairs(self, attribute: int) -> Many:
        first, last = self.bounds.get(attribute, (0, 0))
        return Many(self.documents[first:last].astype(np.int64), self.values[first:last].astype(np.int64))

    def renumbered(self, attributes: Ints, values: Sequence[Sequence[int]]) -> Steps["AttributeColumn"]:
        """With the numbers that attributes have elsewhere, and those that the values of each have there."""
        mine, bounds = np.array([*self.bounds], np.int64), [*self.bounds.values()]
        sizes = np.array([len(each) for each in values])
        firsts = np.cumsum(sizes) - sizes  # where the values of each attribute begin among all
        every = np.concatenate([np.array(each, np.int32) for each in values])
        yield
        places = self.values + np.repeat(firsts[mine], [last - first for first, last in bounds])
        yield
        found = every.take(places)
        yield
        return AttributeColumn(
            self.offsets,
            attributes.astype(np.int32).take(self.attributes),
            self.documents,
            found,
            dict(zip(attributes[mine].tolist(), bounds, strict=True)),
        )

    def triples(self) -> Small:
        """Rows of (document, attribute, value), by attribute."""
        attributes = np.repeat(
            np.array([*self.bounds], np.int32), [last - first for first, last in self.bounds.values()]
        )
        return np.stack([self.documents, attributes, self.values], axis=1)


def attribute_column(rows: Sequence[Sequence[tuple[str, str]]], known: AttributeVocabulary) -> AttributeColumn:
    """The column of documents that say `rows`; teaches `known` their words."""
    numbers = chain.from_iterable(_triples(rows, known))
    return _column(np.fromiter(numbers, dtype=np.int32).reshape(-1, 3), len(rows))


def one_column(parts: Sequence[tuple[int, AttributeColumn]]) -> Steps[AttributeColumn]:
    """One for columns whose documents follow each other, each given with the number of its first."""
    triples = list[Small]()
    for start, part in parts:
        triples.append(part.triples() + np.array([start, 0, 0], np.int32))
        yield
    return _column(np.concatenate(triples), sum(len(part.offsets) - 1 for _, part in parts))


def _column(triples: Small, size: int) -> AttributeColumn:
    # each attribute of a document once
    once = each_once((triples[:, 0].astype(np.int64) << ATTRIBUTE_BITS) | triples[:, 1])
    offsets = np.searchsorted(once >> ATTRIBUTE_BITS, np.arange(size + 1))
    sorted_by_attribute = triples[np.argsort(triples[:, 1], kind="stable")]
    found, starts = np.unique(sorted_by_attribute[:, 1], return_index=True)
    ends = pairwise([*starts.tolist(), len(triples)])
    bounds = dict(zip(found.tolist(), ends, strict=True))
    return AttributeColumn(
        offsets.astype(np.int64),
        (once & ((1 << ATTRIBUTE_BITS) - 1)).astype(np.int32),
        sorted_by_attribute[:, 0].copy(),
        sorted_by_attribute[:, 2].copy(),
        bounds,
    )


def _triples(rows: Sequence[Sequence[tuple[str, str]]], known: AttributeVocabulary) -> Iterator[tuple[int, int, int]]:
    for document, row in enumerate(rows):
        for name, text in row:
            attribute = known.take(name)
            yield document, attribute, known.values[attribute].take(text)


@dataclass(frozen=True)
class Attributes:
    """The attributes of all segments, each with the number that its first document has."""

    parts: Sequence[tuple[int, AttributeColumn]]
    _joined: dict[int, Many] = field(default_factory=dict)

    def pairs(self, attribute: int) -> Many:
        """(document, value) of everything that has it; put together when it is first asked for."""
        found = self._joined.get(attribute)
        if found is None:
            parts = [(start, part.pairs(attribute), None) for start, part in self.parts]
            found = self._joined[attribute] = at_once(joined(parts))
        return found

    def holders(self, documents: Ints, size: int) -> Ints:
        """How many of the documents have each of `size` attributes."""
        counts = np.zeros(size, dtype=np.int64)
        for part, _, firsts, lengths in self._had_by(documents):
            counts += np.bincount(part.attributes[runs(firsts, lengths)], minlength=size)[:size]
        return counts

    def had(self, documents: Ints) -> Ints:
        """How many attributes each of the documents has."""
        counts = np.zeros(len(documents), dtype=np.int64)
        for _, places, _, lengths in self._had_by(documents):
            counts[places] = lengths
        return counts

    def _had_by(self, documents: Ints) -> Iterator[tuple[AttributeColumn, Ints, Ints, Ints]]:
        """Of each part: the places in `documents` of its own, where in it their attributes begin, and how many."""
        for start, part in self.parts:
            places = np.flatnonzero((documents >= start) & (documents < start + len(part.offsets) - 1))
            inside = documents[places] - start
            yield part, places, part.offsets[inside], part.offsets[inside + 1] - part.offsets[inside]
