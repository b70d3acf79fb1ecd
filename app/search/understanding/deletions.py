"""Words at most two edits away, found by what is left of them when letters are taken out (symmetric deletions).

The method is SymSpell's (Wolf Garbe, 2012): two words at most n edits apart have a form in common that each becomes by
n deletions; only the first letters are taken apart. It stands here on sorted arrays because the library keeps Python
lists: measured with the 9,300 words of a catalogue of electronics, 24 MB against 2.5 MB, and it holds the interpreter
for all of the building (200 ms) where numpy sorts beside other threads.
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.search.turns import Steps

TAKEN_APART = 7  # first letters
MOST_EDITS = 2
SLICE = 5_000  # words in one call of numpy, which keeps other threads waiting
MOST_CANDIDATES = 4_000  # so many share a form only by malice

_BASE = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


@cache
def _deletions(length: int, most: int) -> tuple[tuple[int, ...], ...]:
    """Every choice of at most `most` places out of `length`."""
    return tuple(places for count in range(most + 1) for places in combinations(range(length), count))


class Deletions:
    """An index of words, which are known by their places."""

    def __init__(self, words: Sequence[str], hashes: NDArray[np.uint32], places: NDArray[np.int32]) -> None:
        self._words = words
        self._hashes = hashes  # in ascending order,
        self._places = places  # each with the place of a word that becomes it

    def near(self, word: str, distance: int) -> list[tuple[int, int]]:
        """(place, edits) of the words at most `distance` (1 or 2) edits away; swapping two neighbours is one edit."""
        head = word[:TAKEN_APART]
        forms = np.array([_hash(head, gone) for gone in _deletions(len(head), distance)], dtype=np.uint32)
        first, last = np.searchsorted(self._hashes, forms), np.searchsorted(self._hashes, forms, side="right")
        spans = [self._places[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True) if b > a]
        if not spans:
            return []
        places = [
            place
            for place in np.unique(np.concatenate(spans)).tolist()
            if abs(len(self._words[place]) - len(word)) <= distance
        ][:MOST_CANDIDATES]
        edits = distances(word, [self._words[place] for place in places])
        return [(place, n) for place, n in zip(places, edits.tolist(), strict=True) if n <= distance]


def deletions(words: Sequence[str]) -> Steps[Deletions]:
    """An index of these words."""
    parts = [np.zeros(0, f"<U{TAKEN_APART}")]
    for start in range(0, len(words), SLICE):
        parts.append(np.array(words[start : start + SLICE], f"<U{TAKEN_APART}"))
        yield
    letters = np.concatenate(parts).view(np.uint32).reshape(-1, TAKEN_APART)
    lengths = (letters != 0).sum(axis=1)
    hashes, places = [np.zeros(0, np.uint32)], [np.zeros(0, np.int32)]
    for gone in _deletions(TAKEN_APART, MOST_EDITS):
        rows = np.flatnonzero(lengths > max(gone, default=-1)).astype(np.int32)
        hashes.append(_hashes(letters[rows], gone))
        places.append(rows)
        yield
    every = np.concatenate(hashes)
    order = np.argsort(every, kind="stable")
    yield
    return Deletions(words, every[order], np.concatenate(places)[order])


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


def distances(word: str, others: Sequence[str]) -> NDArray[np.int64]:
    """Edits from `word` to each of the others: letters put in, taken out, replaced, or neighbours swapped.

    Optimal string alignment, row by row for all of them at once.
    """
    if not others:
        return np.zeros(0, np.int64)
    longest = max(len(other) for other in others)
    letters = np.array(others, dtype=f"<U{longest}").view(np.uint32).reshape(len(others), longest)
    steps = np.arange(longest + 1)
    before, row = np.zeros(0, np.int64), np.tile(steps, (len(others), 1))
    for n, letter in enumerate(word, 1):
        above = row
        row = np.empty_like(above)
        row[:, 0] = n
        differs = letters != ord(letter)
        row[:, 1:] = np.minimum(above[:, 1:] + 1, above[:, :-1] + differs)
        if n > 1:
            swapped = (letters[:, :-1] == ord(letter)) & (letters[:, 1:] == ord(word[n - 2]))
            row[:, 2:] = np.where(swapped, np.minimum(row[:, 2:], before[:, :-2] + 1), row[:, 2:])
        row = np.minimum.accumulate(row - steps, axis=1) + steps
        before = above
    return row[np.arange(len(others)), [len(other) for other in others]]
