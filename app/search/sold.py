"""Categories and brands that products on sale have, found by how the words of their names begin."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.search.turns import Steps
from app.search.vocabularies import Ints, by_alphabet
from app.search.words import fold

BEHIND = "\U0010ffff"  # every letter


class Sold(NamedTuple):
    """Numbers in a vocabulary, the largest first; folded words of their names by the alphabet, each with its place."""

    numbers: Sequence[int] = ()
    words: Sequence[str] = ()
    places: Sequence[int] = ()

    def begun(self, words: Sequence[str]) -> list[int]:
        """The numbers of those, the largest first, of whose names every word is a beginning."""
        found = [set(self.places[slice(*self._span(word))]) for word in words]
        return [self.numbers[place] for place in sorted(set.intersection(*found))]

    def _span(self, word: str) -> tuple[int, int]:
        return bisect_left(self.words, word), bisect_left(self.words, word + BEHIND)


def sold(sizes: Ints, labels: Sequence[str]) -> Steps[Sold]:
    """Of a vocabulary, given how many products each entry has."""
    numbers = np.argsort(-sizes[: len(labels)], kind="stable")
    numbers = numbers[sizes[numbers] > 0].tolist()
    words = [(word, place) for place, number in enumerate(numbers) for word in _words(labels[number])]
    yield
    order = yield from by_alphabet(range(len(words)), [word for word, _ in words])
    return Sold(numbers, [words[n][0] for n in order], [words[n][1] for n in order])


@lru_cache(maxsize=20_000)  # with every snapshot they are asked for anew
def _words(label: str) -> tuple[str, ...]:
    return tuple(fold(label).split())
