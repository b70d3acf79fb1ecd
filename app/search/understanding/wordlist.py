"""The words that products are called by, as sellers write them, with who holds which: for spelling and suggestions.

Built from the columns of a snapshot by a few numpy operations, most of which leave other threads running.
"""

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.search.columns import Bools, Columns, Ints, Vocabularies
from app.search.turns import Steps, at_once
from app.search.understanding.deletions import deletions
from app.search.words import pieces

SHORTEST = 3  # letters of a word that can be meant by a misspelt one
LONGEST = 24
SMALL = 5_000  # products: so few that the list is made anew with every change
REST_SECONDS = 20.0  # otherwise
SLICE = 1_000  # words looked at before searches have their turn


Thing = TypeVar("Thing")


class Stock(Protocol):
    """What of a snapshot is looked at."""

    serial: int
    size: int
    total: int
    alive: Bools
    columns: Columns
    known: Vocabularies

    def stems(self) -> Iterable[str]: ...


class Wordlist:
    """Every word of the products on sale in alphabetical order, with its number of products; immutable."""

    def __init__(self) -> None:
        self.stock: Stock | None = None
        self.words: list[str] = []
        self.shown: list[str] = []
        self.counts: Ints = np.zeros(0, np.int64)
        self._holders: NDArray[np.int32] = np.zeros(0, np.int32)  # documents of the first word, of the second, ...
        self._starts: Ints = np.zeros(1, np.int64)
        self._meant: Ints = np.zeros(0, np.int64)
        self._deletions = at_once(deletions(()))
        self._others: list[str] = []
        self._other_deletions = self._deletions

    def fill(self, stock: Stock) -> Steps[None]:
        """Take up the words of a snapshot. Until that is over the list is of no use."""
        self.stock = stock
        yield from self._take_words(stock)
        listed, meant = set[str](), list[int]()
        for start in range(0, len(self.words), SLICE):
            some = list(enumerate(self.words[start : start + SLICE], start))
            listed.update(stem for _, word in some for stem in pieces(word))
            meant += [n for n, word in some if SHORTEST <= len(word) <= LONGEST and word.isalpha()]
            yield
        self._meant = np.array(meant, dtype=np.int64)
        self._deletions = yield from deletions([self.words[n] for n in meant])
        self._others = yield from _in_order((stem for stem in stock.stems() if stem not in listed), str)
        self._other_deletions = yield from deletions(self._others)

    def _take_words(self, stock: Stock) -> Steps[None]:
        keys, labels = list(stock.known.words.keys), list(stock.known.words.labels)
        living = stock.alive[stock.columns.words.documents]
        values, documents = stock.columns.words.values[living], stock.columns.words.documents[living]
        yield
        used = np.flatnonzero(np.bincount(values, minlength=len(keys)))
        order = yield from _in_order(used.tolist(), keys.__getitem__)
        rank = np.zeros(len(keys), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        places = rank[values]
        yield
        self.words, self.shown = [keys[n] for n in order], [labels[n] or keys[n] for n in order]
        self.counts = np.bincount(places, minlength=len(order))
        yield
        self._holders = documents[np.argsort(places, kind="stable")].astype(np.int32)
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts)])

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

    def counts_within(self, first: int, last: int, chosen: Bools) -> Ints:
        """How many of the chosen documents hold each word from `first` to before `last`."""
        running = np.concatenate([np.zeros(1, np.int64), np.cumsum(chosen[self.holders(first, last)])])
        starts = self._starts[first : last + 1] - self._starts[first]
        return np.diff(running[starts])

    def near(self, word: str, distance: int) -> list[tuple[int, int]]:
        """(place, edits) of the words at most `distance` edits away."""
        return [(int(self._meant[n]), edits) for n, edits in self._deletions.near(word, distance)]

    def others_near(self, word: str, distance: int) -> list[tuple[str, int]]:
        """(stem, edits) of words that stand only in descriptions, as they are indexed."""
        return [(self._others[n], edits) for n, edits in self._other_deletions.near(word, distance)]

    def holding(self, prefixes: Sequence[str], last_is_open: bool) -> Bools:
        """Which documents hold all these words; of the last one perhaps only the beginning was typed."""
        size = self.stock.size if self.stock else 0
        found = np.ones(size, dtype=bool)
        for n, word in enumerate(prefixes):
            has = np.zeros(size, dtype=bool)
            if last_is_open and n == len(prefixes) - 1:
                has[self.holders(*self.beginning(word))] = True
            elif (place := self.place(word)) is not None:
                has[self.holders(place)] = True
            found &= has
        return found


def _in_order(things: Iterable[Thing], word: Callable[[Thing], str]) -> Steps[list[Thing]]:
    """Sorted by their words, letter by letter: one long sort would keep every other thread waiting."""
    by_letter: defaultdict[str, list[Thing]] = defaultdict(list)
    rest = iter(things)
    while some := list(islice(rest, SLICE)):
        for thing in some:
            by_letter[word(thing)[:1]].append(thing)
        yield
    ordered = list[Thing]()
    for letter in sorted(by_letter):
        ordered += sorted(by_letter[letter], key=word)
        yield
    return ordered


class WordlistKeeper:
    """The list of a process; it may be a little older than the snapshot."""

    def __init__(self) -> None:
        self.current = Wordlist()
        self._made = 0.0

    def keep_up(self, stock: Stock) -> Steps[None]:
        """Make the list anew if that is due."""
        old = self.current.stock
        if old is not None and old.serial == stock.serial:
            return
        resting = time.monotonic() - self._made < REST_SECONDS
        if not resting or stock.total < SMALL or old is None or old.total < stock.total / 2:
            made = Wordlist()
            yield from made.fill(stock)
            self.current = made
            self._made = time.monotonic()
