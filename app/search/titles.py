"""The names of products as rows of numbers, so that many are compared with a query at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.search import kinds
from app.search.vocabularies import Bools, Ints, Vocabulary

LONGEST = 28  # words of a name that are looked at
NOWHERE = 99

Named = tuple[str, str, Iterable[tuple[str, str]]]
"""A product's name, its brand, and what it says of itself."""


@dataclass(frozen=True)
class Titles:
    """One row a product.

    words: stems by their numbers in a vocabulary, -1 behind the last.
    played: the part that each plays (`kinds`).
    relations: the place of the first "for" or "with"; NOWHERE without one.
    """

    words: NDArray[np.int32]
    played: NDArray[np.int8]
    relations: NDArray[np.int8]

    def __getitem__(self, numbers: Ints) -> "Titles":
        return Titles(self.words[numbers], self.played[numbers], self.relations[numbers])

    def places(self, phrase: Sequence[int]) -> Ints:
        """Where a sequence of stems first begins in each name; NOWHERE if it does not stand there."""
        size = LONGEST - len(phrase) + 1
        if size < 1 or not phrase:
            return np.full(len(self.words), NOWHERE)
        here: Bools = np.logical_and.reduce([self.words[:, at : at + size] == n for at, n in enumerate(phrase)])
        return np.where(here.any(axis=1), here.argmax(axis=1), NOWHERE)


def titles(named: Iterable[Named], count: int, stems: Vocabulary) -> Titles:
    """The titles of `count` products; teaches `stems` their words."""
    words = np.full((count, LONGEST), -1, np.int32)
    played = np.full((count, LONGEST), kinds.MISSING, np.int8)
    relations = np.full(count, NOWHERE, np.int8)
    for row, (name, brand, said) in enumerate(named):
        found = kinds.roles(name, brand, said)[:LONGEST]
        words[row, : len(found)] = [stems.learn(stem) for stem, _ in found]
        played[row, : len(found)] = [role for _, role in found]
        relations[row] = kinds.relation([stem for stem, _ in found], NOWHERE)
    return Titles(words, played, relations)


def joined(parts: Sequence[Titles]) -> Titles:
    return Titles(
        np.concatenate([part.words for part in parts]),
        np.concatenate([part.played for part in parts]),
        np.concatenate([part.relations for part in parts]),
    )
