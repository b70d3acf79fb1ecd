"""The names of products as numbers, so that many are compared with a query at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search import kinds
from app.search.turns import Steps
from app.search.vocabularies import Bools, Ints, Vocabulary, renumbered, runs

LONGEST = 28  # words of a name that are looked at
NOWHERE = 99


class Named(NamedTuple):
    """A name taken apart, as the index stores it."""

    stems: list[str]
    played: list[int]
    relation: int


def named(name: str, brand: str, said: Iterable[tuple[str, str]]) -> Named:
    """Take the name of a product apart, given what the product says of itself."""
    found = kinds.roles(name, brand, said)[:LONGEST]
    stems = [stem for stem, _ in found]
    return Named(stems, [role for _, role in found], kinds.relation(stems, NOWHERE))


class Rows(NamedTuple):
    """A few names as a table.

    words: stems by their numbers in a vocabulary, -1 behind the last.
    relations: the place of the first "for" or "with"; NOWHERE without one.
    """

    words: NDArray[np.int32]
    relations: NDArray[np.int8]

    def places(self, phrase: Sequence[int]) -> Ints:
        """Where a sequence of stems first begins in each name; NOWHERE if it does not stand there."""
        size = LONGEST - len(phrase) + 1
        if size < 1 or not phrase:
            return np.full(len(self.words), NOWHERE)
        here: Bools = np.logical_and.reduce([self.words[:, at : at + size] == n for at, n in enumerate(phrase)])
        return np.where(here.any(axis=1), here.argmax(axis=1), NOWHERE)


@dataclass(frozen=True)
class Titles:
    """All names, one after another: the words of the n-th are words[bounds[n]:bounds[n + 1]].

    words: stems by their numbers in a vocabulary.
    played: the part that each plays (`kinds`).
    relations: one a name, as in `Rows`.
    """

    bounds: Ints
    words: NDArray[np.int32]
    played: NDArray[np.int8]
    relations: NDArray[np.int8]

    def __getitem__(self, numbers: Ints) -> Rows:
        firsts, lengths = self.bounds[numbers], self.bounds[numbers + 1] - self.bounds[numbers]
        words = np.full((len(numbers), LONGEST), -1, np.int32)
        words[np.arange(LONGEST) < lengths[:, None]] = self.words[runs(firsts, lengths)]
        return Rows(words, self.relations[numbers])


def titles(rows: Sequence[Named], stems: Vocabulary) -> Titles:
    """The titles of products; teaches `stems` their words."""
    words = [stems.learn(stem) for each in rows for stem in each.stems]
    return Titles(
        _bounds(np.array([len(each.stems) for each in rows], np.int64)),
        np.array(words, np.int32),
        np.array([role for each in rows for role in each.played], np.int8),
        np.array([each.relation for each in rows], np.int8),
    )


def joined(parts: Sequence[tuple[Titles, Ints | None]]) -> Steps[Titles]:
    """Those of several segments, given what the numbers of the stems of each become."""
    words = list[NDArray[np.int32]]()
    for part, numbers in parts:
        words.append(renumbered(part.words, numbers).astype(np.int32))
        yield
    together = np.concatenate(words)
    yield
    bounds = _bounds(np.concatenate([np.diff(part.bounds) for part, _ in parts]))
    yield
    return Titles(
        bounds,
        together,
        np.concatenate([part.played for part, _ in parts]),
        np.concatenate([part.relations for part, _ in parts]),
    )


def _bounds(lengths: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
