"""Columns of numbers beside the inverted index, so that filters, counts and sorts are a few numpy operations.

The words behind the numbers are kept in vocabularies that only ever grow: a number means the same in every snapshot.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.search.documents import Document
from app.search.written import written

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


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

    def find(self, keys: Iterable[Hashable]) -> list[int]:
        """The numbers of those keys that are known."""
        return [self._numbers[key] for key in keys if key in self._numbers]

    def label(self, key: Hashable, default: str = "") -> str:
        number = self._numbers.get(key)
        return default if number is None else self.labels[number]


class Vocabularies:
    def __init__(self) -> None:
        self.categories = Vocabulary()  # path
        self.brands = Vocabulary()
        self.suppliers = Vocabulary()  # slug
        self.colours = Vocabulary()
        self.words = Vocabulary()  # folded; labelled as it is written
        self.origins = Vocabulary()  # (warehouses with stock, handling days): products of one arrive the same day


@dataclass(frozen=True)
class Many:
    """A column with any number of values per document: pairs of (document, value)."""

    documents: Ints
    values: Ints

    def having(self, wanted: Sequence[int], size: int) -> Bools:
        """Which of `size` documents have one of the `wanted` values."""
        found = np.zeros(size, dtype=bool)
        found[self.documents[np.isin(self.values, wanted)]] = True
        return found

    def counts(self, chosen: Bools, size: int) -> Ints:
        """How many of the chosen documents have each of `size` values."""
        return np.bincount(self.values[chosen[self.documents]], minlength=size)


def joined(parts: Sequence[tuple[int, Many]]) -> Many:
    """One column from those of several segments, given where each segment's documents begin."""
    return Many(
        np.concatenate([part.documents + start for start, part in parts]) if parts else np.zeros(0, np.int64),
        np.concatenate([part.values for _, part in parts]) if parts else np.zeros(0, np.int64),
    )


@dataclass(frozen=True)
class Columns:
    product: Ints
    price: Ints
    brand: Ints
    origin: Ints
    created: Ints
    sellers: Ints
    mix: Ints  # a fixed shuffle, for lists that have no order of their own
    in_stock: Bools
    categories: Many  # with those above
    suppliers: Many
    colours: Many
    words: Many  # of names, brands and categories


def columns(documents: Sequence[Document], known: Vocabularies) -> Columns:
    """The columns of documents; teaches `known` their words."""

    def numbers(values: Iterable[int]) -> Ints:
        return np.fromiter(values, dtype=np.int64, count=len(documents))

    def many(rows: Iterable[Iterable[int]]) -> Many:
        pairs = [(position, value) for position, row in enumerate(rows) for value in row]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return Many(table[:, 0].copy(), table[:, 1].copy())

    return Columns(
        product=numbers(d.product for d in documents),
        price=numbers(d.price_minor for d in documents),
        brand=numbers(known.brands.learn(d.brand, d.brand) for d in documents),
        origin=numbers(known.origins.learn((d.warehouses, d.handling_days)) for d in documents),
        created=numbers(d.created_at for d in documents),
        sellers=numbers(len(d.suppliers) for d in documents),
        mix=numbers(crc32(str(d.product).encode()) for d in documents),
        in_stock=np.fromiter((bool(d.stock) for d in documents), dtype=bool, count=len(documents)),
        categories=many([known.categories.learn(path, name) for path, name in d.categories] for d in documents),
        suppliers=many([known.suppliers.learn(slug, name) for slug, name in d.suppliers] for d in documents),
        colours=many([known.colours.learn(name, name) for name in d.colours] for d in documents),
        words=many([known.words.learn(word, shown) for word, shown in written(d).items()] for d in documents),
    )
