"""Words at most two edits away, found by what is left of them when letters are taken out (symmetric deletions).

The method is SymSpell's (Wolf Garbe, 2012): two words at most n edits apart have a form in common that each becomes by
n deletions; only the first letters are taken apart. It stands here on sorted arrays because the library keeps Python
lists: measured with the 9,300 words of a catalogue of electronics, 24 MB against 2.5 MB, and it holds the interpreter
for all of the building (200 ms) where numpy sorts beside other threads.
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from app.search.turns import Steps
from app.search.vocabularies import Bools, each_once

TAKEN_APART = 7  # first letters
MOST_EDITS = 2
SLICE = 5_000  # words in one call of numpy, which keeps other threads waiting
SORTED = 20_000  # hashes likewise
OUTWEIGHS = 4  # times: a part that much larger than what comes stays as it is
MOST_CANDIDATES = 4_000  # so many share a form only by malice

_BASE = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


@cache
def _deletions(length: int, most: int) -> tuple[tuple[int, ...], ...]:
    """Every choice of at most `most` places out of `length`."""
    return tuple(places for count in range(most + 1) for places in combinations(range(length), count))


class Part(NamedTuple):
    """Hashes of what is left of words, in ascending order, each with the place of a word that becomes it."""

    hashes: NDArray[np.uint32]
    places: NDArray[np.int32]

    def spans(self, forms: NDArray[np.uint32]) -> list[NDArray[np.int32]]:
        """The places of the words that become one of the forms."""
        first, last = np.searchsorted(self.hashes, forms), np.searchsorted(self.hashes, forms, side="right")
        return [self.places[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True) if b > a]


class Deletions:
    """An index of some words of a list, known by their places there. The list only grows; an index never changes."""

    def __init__(self, words: Sequence[str], parts: Sequence[Part] = ()) -> None:
        self._words = words
        self._parts = parts

    def near(self, word: str, distance: int, among: Bools) -> list[tuple[int, int]]:
        """(place, edits) of those words `among` which are at most `distance` (1 or 2) edits away, by the alphabet.

        Two neighbours that are swapped are one edit (optimal string alignment).
        """
        head = word[:TAKEN_APART]
        forms = np.array([_hash(head, gone) for gone in _deletions(len(head), distance)], dtype=np.uint32)
        spans = [span for part in self._parts for span in part.spans(forms)]
        if not spans:
            return []
        places = each_once(np.concatenate(spans))
        known, size = places[among[places]].tolist(), len(word)
        as_long = (place for place in known if abs(len(self._words[place]) - size) <= distance)
        candidates = list(islice(as_long, MOST_CANDIDATES))
        others = [self._words[place] for place in candidates]
        edits = cdist([word], others, scorer=OSA.distance, score_cutoff=distance, dtype=np.int32)[0]
        found = np.flatnonzero(edits <= distance).tolist()  # who is cut off has more
        return [(candidates[n], int(edits[n])) for n in sorted(found, key=others.__getitem__)]

    def with_more(self, places: Sequence[int]) -> Steps["Deletions"]:
        """The index with more words. What comes little by little is put together little by little."""
        if not places:
            return self
        part, parts = (yield from _part(self._words, places)), list(self._parts)
        while parts and len(parts[-1].hashes) < OUTWEIGHS * len(part.hashes):
            last = parts.pop()
            hashes, of = np.concatenate([last.hashes, part.hashes]), np.concatenate([last.places, part.places])
            part = yield from _sorted(hashes, of)
        return Deletions(self._words, [*parts, part])


def _part(words: Sequence[str], places: Sequence[int]) -> Steps[Part]:
    slices = [np.zeros(0, f"<U{TAKEN_APART}")]
    for start in range(0, len(places), SLICE):
        slices.append(np.array([words[place] for place in places[start : start + SLICE]], f"<U{TAKEN_APART}"))
        yield
    letters = np.concatenate(slices).view(np.uint32).reshape(-1, TAKEN_APART)
    lengths, numbers = (letters != 0).sum(axis=1), np.array(places, np.int32)
    hashes, of = list[NDArray[np.uint32]](), list[NDArray[np.int32]]()
    for gone in _deletions(TAKEN_APART, MOST_EDITS):
        rows = np.flatnonzero(lengths > max(gone, default=-1))
        hashes.append(_hashes(letters[rows], gone))
        of.append(numbers[rows])
        yield
    return (yield from _sorted(np.concatenate(hashes), np.concatenate(of)))


def _sorted(hashes: NDArray[np.uint32], places: NDArray[np.int32]) -> Steps[Part]:
    """By range of hashes: searches wait for one call of numpy."""
    parts, found = len(hashes) // SORTED + 1, list[Part]()
    ranges = hashes * np.uint64(parts) >> np.uint64(32)
    yield
    for number in range(parts):
        some = np.flatnonzero(ranges == number)
        order = some[np.argsort(hashes[some], kind="stable")]  # next to no work where few pieces are in order already
        found.append(Part(hashes[order], places[order]))
        yield
    return Part(np.concatenate([part.hashes for part in found]), np.concatenate([part.places for part in found]))


def _hashes(letters: NDArray[np.uint32], gone: tuple[int, ...]) -> NDArray[np.uint32]:
    found = np.zeros(len(letters), np.uint64)
    for column in range(letters.shape[1]):
        if column not in gone:
            here = letters[:, column]
            found = np.where(here != 0, (found + here) * np.uint64(_BASE), found)
    return (found >> np.uint64(32)).astype(np.uint32)


def _hash(head: str, gone: tuple[int, ...]) -> int:
    """The same of one word: a call of numpy costs more than a word has letters."""
    found = 0
    for place, letter in enumerate(head):
        if place not in gone:
            found = (found + ord(letter)) * _BASE & _MASK
    return found >> 32
