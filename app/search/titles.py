"""The names of products as rows of numbers, so that many are compared with a query at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search import kinds
from app.search.vocabularies import Bools, Ints, Vocabulary

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


def titles(rows: Sequence[Named], stems: Vocabulary) -> Titles:
    """The titles of products; teaches `stems` their words."""
    words = np.full((len(rows), LONGEST), -1, np.int32)
    played = np.full((len(rows), LONGEST), kinds.MISSING, np.int8)
    for row, each in enumerate(rows):
        words[row, : len(each.stems)] = [stems.learn(stem) for stem in each.stems]
        played[row, : len(each.stems)] = each.played
    return Titles(words, played, np.array([each.relation for each in rows], np.int8))


def joined(parts: Sequence[tuple[Titles, Ints | None]]) -> Titles:
    """Those of several segments, given what the numbers of the stems of each become."""
    return Titles(
        np.concatenate([_renumbered(part.words, numbers) for part, numbers in parts]),
        np.concatenate([part.played for part, _ in parts]),
        np.concatenate([part.relations for part, _ in parts]),
    )


def _renumbered(words: NDArray[np.int32], numbers: Ints | None) -> NDArray[np.int32]:
    if numbers is None:
        return words
    with_none = np.append(numbers, -1).astype(np.int32)  # which -1, behind the last word of a name, leads to
    return with_none.take(words)
