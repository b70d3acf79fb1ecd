"""The words that products are called by, as sellers write them, with who holds which: for spelling and suggestions.

Put together from what lies beside segments (who holds which word) and what is known of words for good (`seen`), by a
few numpy operations, most of which leave other threads running.
"""

import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from app.search.columns import Bools, Ints, Vocabularies
from app.search.turns import Steps, breathe
from app.search.understanding.deletions import Deletions
from app.search.understanding.seen import SLICE, Seen
from app.search.understanding.spoken import NONE, Spoken, kept
from app.search.vocabularies import Held, in_runs, runs

SMALL = 5_000  # products: so few that the list is made anew with every change
REST_SECONDS = 20.0  # otherwise
COUNTED, TURNED = 100_000, 10_000  # pairs of a word and a product at a time: a millisecond
NOWHERE = -1


class Stock(Protocol):
    """What of a snapshot is looked at."""

    serial: int
    size: int
    total: int
    alive: Bools
    known: Vocabularies

    def held(self) -> Iterable[tuple[int, Ints, Held]]: ...
    def described(self) -> Bools: ...


class Wordlist:
    """Every word of the products on sale in alphabetical order, with its number of products.

    It does not change, but for `spoken`, the words that people use: they come to a list that has none.
    """

    def __init__(self, spoken: Spoken = NONE) -> None:
        self.spoken = spoken
        self.stock: Stock | None = None
        self.words: list[str] = []
        self.shown: list[str] = []
        self.counts: Ints = np.zeros(0, np.int64)
        self._holders: NDArray[np.int32] = np.zeros(0, np.int32)  # documents of the first word, of the second, ...
        self._starts: Ints = np.zeros(1, np.int64)
        self._called: NDArray[np.int32] = np.zeros(0, np.int32)  # places of the words of the first document, ...
        self._bounds: Ints = np.zeros(1, np.int64)
        self._places: Ints = np.zeros(0, np.int64)  # of each word of the vocabulary, NOWHERE without products
        self._deletions = self._other_deletions = Deletions(())
        self._others: Bools = np.zeros(0, dtype=bool)  # of the words of descriptions those that stand in no name

    def fill(self, stock: Stock, seen: Seen) -> Steps[None]:
        """Take up the words of a snapshot. Until that is over the list is of no use."""
        self.stock = stock
        yield from seen.keep_up()
        counts, living = np.zeros(len(seen.by_alphabet), np.int64), list[_Living]()
        for start, numbers, held in stock.held():
            living.append(_living(numbers, held, start, stock.alive))
            counts[living[-1].words] += living[-1].counts
            yield
        yield from self._take_words(seen, counts)
        yield from self._take_holders(living)
        yield from self._turn_round(stock.size)
        yield
        self._deletions, self._other_deletions = seen.words, seen.described
        described = stock.described()
        yield
        self._others = described & ~seen.stems_of(counts > 0)

    def _take_words(self, seen: Seen, counts: Ints) -> Steps[None]:
        order = seen.by_alphabet[counts[seen.by_alphabet] > 0]
        self.counts = counts[order]
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts)])
        self._places = np.full(len(counts), NOWHERE)
        self._places[order] = np.arange(len(order))
        yield
        keys, labels = seen.known.words.keys, seen.known.words.labels
        for start in range(0, len(order), SLICE):
            some = order[start : start + SLICE].tolist()
            self.words += [keys[n] for n in some]
            self.shown += [labels[n] or keys[n] for n in some]
            yield

    def _take_holders(self, living: Sequence["_Living"]) -> Steps[None]:
        """Each segment's documents of a word behind those of the segments before it."""
        self._holders = np.zeros(self._starts[-1], np.int32)
        ends = self._starts[:-1].copy()
        for words, counts, documents in living:
            places = self._places[words]
            self._holders[runs(ends[places], counts)] = documents
            ends[places] += counts
            yield

    def _turn_round(self, size: int) -> Steps[None]:
        """The words of each document. Slice by slice: sorted at once, searches would wait for it."""
        lengths, total = np.zeros(size, np.int64), len(self._holders)
        for start in range(0, total, COUNTED):
            lengths += np.bincount(self._holders[start : start + COUNTED], minlength=size)
            yield
        self._bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        self._called = np.zeros(total, np.int32)
        ends = self._bounds[:-1].copy()
        for start in range(0, total, TURNED):
            some = self._holders[start : start + TURNED]
            order = np.argsort(some, kind="stable")
            documents, counts = np.unique_counts(some[order])
            places = np.searchsorted(self._starts, np.arange(start, start + len(some)), side="right") - 1
            self._called[runs(ends[documents], counts)] = places[order]
            ends[documents] += counts
            yield

    def __contains__(self, word: str) -> bool:
        place = bisect_left(self.words, word)
        return place < len(self.words) and self.words[place] == word

    def beginning(self, prefix: str) -> tuple[int, int]:
        """The first place of a word that begins so, and the first place after them."""
        return bisect_left(self.words, prefix), bisect_left(self.words, prefix + "\U0010ffff")

    def place(self, word: str) -> int | None:
        found = bisect_left(self.words, word)
        return found if found < len(self.words) and self.words[found] == word else None

    def holders(self, first: int, last: int | None = None) -> NDArray[np.int32]:
        """Document numbers of the word at a place, or of all from `first` to before `last`, one word after another."""
        return self._holders[self._starts[first] : self._starts[first + 1 if last is None else last]]

    def counts_within(self, first: int, last: int, chosen: Bools) -> NDArray[np.int32]:
        """How many of the chosen documents hold each word from `first` to before `last`."""
        breathe()
        return in_runs(chosen.take(self.holders(first, last)), self._starts[first:last] - self._starts[first])

    def counts_among(self, documents: Ints) -> Ints:
        """How many of these documents hold each word of the list: quick if they are few of all."""
        firsts = self._bounds[documents]
        called = self._called[runs(firsts, self._bounds[documents + 1] - firsts)]
        return np.bincount(called, minlength=len(self.words))

    def near(self, word: str, distance: int) -> list[tuple[int, int]]:
        """(place, edits) of the words at most `distance` edits away."""
        near = self._deletions.near(word, distance, self._places != NOWHERE)
        return [(int(self._places[n]), edits) for n, edits in near]

    def others_near(self, word: str, distance: int) -> list[tuple[str, int]]:
        """(stem, edits) of words that stand only in descriptions, as they are indexed."""
        keys = self.stock.known.described.keys if self.stock else ()
        return [(keys[n], edits) for n, edits in self._other_deletions.near(word, distance, self._others)]

    def holding(self, prefixes: Sequence[str], last_is_open: bool) -> Bools:
        """Which documents hold all these words; of the last one perhaps only the beginning was typed."""
        size = self.stock.size if self.stock else 0
        found = np.ones(size, dtype=bool)
        for n, word in enumerate(prefixes):
            if word in prefixes[:n]:
                continue  # what holds it whole, holds its beginning
            has = np.zeros(size, dtype=bool)
            if last_is_open and n == len(prefixes) - 1:
                has[self.holders(*self.beginning(word))] = True
            elif (place := self.place(word)) is not None:
                has[self.holders(place)] = True
            found &= has
        return found


class _Living(NamedTuple):
    """Of a segment the words that something on sale has, of how many products each is, and which, word by word."""

    words: Ints
    counts: Ints
    documents: NDArray[np.int32]


def _living(words: Ints, held: Held, start: int, alive: Bools) -> _Living:
    living = alive[start:].take(held.documents)
    counts = in_runs(living, held.bounds[:-1]).astype(np.int64)
    return _Living(words[counts > 0], counts[counts > 0], held.documents[living] + np.int32(start))


class WordlistKeeper:
    """The list of a process; it may be a little older than the snapshot."""

    def __init__(self, known: Vocabularies, folder: Path) -> None:
        self.current = Wordlist()
        self._folder = folder
        self._seen = Seen(known)
        self._made = 0.0

    def keep_up(self, stock: Stock) -> Steps[None]:
        """Make the list anew if that is due."""
        if not self.current.spoken:
            self.current.spoken = kept(self._folder)
        old = self.current.stock
        if old is not None and old.serial == stock.serial:
            return
        resting = time.monotonic() - self._made < REST_SECONDS
        if not resting or stock.total < SMALL or old is None or old.total < stock.total / 2:
            made = Wordlist(self.current.spoken)
            yield from made.fill(stock, self._seen)
            self.current = made
            self._made = time.monotonic()
