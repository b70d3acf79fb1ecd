"""Numbers for words, and columns that hold any number of them per document.

A vocabulary only ever grows: a number means the same in every snapshot. When most of it was sold once, the engine
begins with new ones.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.turns import Steps

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Vocabulary:
    """Numbers for keys, in order of appearance; a key's label is the newest one seen."""

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.labels: list[str] = []
        self._numbers: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def learn(self, key: Hashable, label: str = "") -> int:
        number = self._numbers.get(key)
        if number is None:
            self.labels.append(label)
            self.keys.append(key)
            number = self._numbers[key] = len(self.keys) - 1
        elif label:
            self.labels[number] = label
        return number

    def learn_all(self, keys: Sequence[Hashable], labels: Sequence[str] = ()) -> list[int]:
        """The numbers of many keys, with their labels if they have any: those that are known cost next to nothing."""
        numbers: list[Any] = list(map(self._numbers.get, keys))
        for place in [place for place, number in enumerate(numbers) if number is None]:
            numbers[place] = self.learn(keys[place], labels[place] if labels else "")
        for number, label in zip(numbers, labels, strict=False):
            if label:
                self.labels[number] = label
        return numbers

    def find(self, keys: Iterable[Hashable]) -> list[int]:
        """The numbers of those keys that are known."""
        return [self._numbers[key] for key in keys if key in self._numbers]

    def label(self, key: Hashable, default: str = "") -> str:
        number = self._numbers.get(key)
        return default if number is None else self.labels[number]


@dataclass(frozen=True)
class Many:
    """A column with any number of values per document: pairs of (document, value)."""

    documents: Ints
    values: Ints

    @cached_property
    def is_single(self) -> bool:
        """Whether no document has two values. False, too, where documents do not stand in ascending order."""
        return bool((self.documents[1:] > self.documents[:-1]).all())

    def having(self, wanted: Sequence[int], size: int) -> Bools:
        """Which of `size` documents have one of the `wanted` values."""
        found = np.zeros(size, dtype=bool)
        found[self.documents[np.isin(self.values, wanted)]] = True
        return found

    def of(self, documents: Ints) -> list[Ints]:
        """The values of each of a few documents."""
        return [self.values[self.documents == document] for document in documents]

    def counts(self, chosen: Bools, size: int) -> Ints:
        """How many of the chosen documents have each of `size` values."""
        return np.bincount(self.values[chosen[self.documents]], minlength=size)


@dataclass(frozen=True)
class Held:
    """Which documents hold each word of a vocabulary: the n-th is held by documents[bounds[n]:bounds[n + 1]]."""

    bounds: Ints
    documents: NDArray[np.int32]


def held(column: Many, size: int) -> Held:
    """The other way round, by each of `size` values; the documents of one in the order of the column."""
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(column.values, minlength=size))])
    return Held(bounds, column.documents[np.argsort(column.values, kind="stable")].astype(np.int32))


def runs(firsts: Ints, lengths: Ints) -> Ints:
    """The numbers first, first + 1, … of each run, one run after another."""
    return np.repeat(firsts - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())


def in_runs(chosen: Bools, firsts: Ints) -> NDArray[np.int32]:
    """How many are chosen in each run, given where the runs begin; none of them is empty."""
    return np.add.reduceat(chosen, firsts, dtype=np.int32)


def by_alphabet(numbers: Iterable[int], words: Sequence[str]) -> Steps[list[int]]:
    """The numbers of words in their order. By letter: one long sort would keep every other thread waiting."""
    by_letter, ordered = defaultdict[str, list[int]](list), list[int]()
    for number in numbers:
        by_letter[words[number][:1]].append(number)
    yield
    for letter in sorted(by_letter):
        ordered += sorted(by_letter[letter], key=words.__getitem__)
        yield
    return ordered


def each_once(numbers: NDArray[Any]) -> NDArray[Any]:
    """In ascending order. numpy's `unique` looks for them by a hash table, which takes ten times as long as a sort."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]


def many(rows: Iterable[Iterable[int]]) -> Many:
    """A column from the values of each document."""
    pairs = ((document, value) for document, row in enumerate(rows) for value in row)
    table = np.fromiter(chain.from_iterable(pairs), dtype=np.int64).reshape(-1, 2)
    return Many(table[:, 0].copy(), table[:, 1].copy())


def renumbered(values: NDArray[Any], numbers: Ints | None) -> NDArray[Any]:
    """Each value replaced by the number that it has elsewhere; as they are where it is the same vocabulary."""
    return values if numbers is None else numbers.take(values)


def joined(parts: Sequence[tuple[int, Many, Ints | None]]) -> Steps[Many]:
    """One column from those of several segments, given where the documents of each begin and what its values become."""
    documents, values = list[Ints](), list[Ints]()
    for start, part, numbers in parts:
        documents.append(np.add(part.documents, start, dtype=np.int64))
        values.append(renumbered(part.values, numbers))
        yield
    together = np.concatenate(documents)
    yield
    return Many(together, np.concatenate(values))
