"""What takes long to work out about a word, and never changes: done once, however often lists of words are made."""

from bisect import bisect_left
from itertools import chain

import numpy as np

from app.search.columns import Bools, Ints, Vocabularies
from app.search.turns import Steps
from app.search.understanding.deletions import Deletions
from app.search.vocabularies import by_alphabet
from app.search.words import is_correctable, pieces

SLICE = 1_000  # words looked at before searches have their turn
NEW_SLICE = 100  # new words taken apart and stemmed meanwhile


class Seen:
    """Every word that this process has seen, whether anything on sale has it or not, by its number in `known`."""

    def __init__(self, known: Vocabularies) -> None:
        self.known = known
        self.by_alphabet: Ints = np.zeros(0, np.int64)  # the words that products are called by
        self.words = Deletions(known.words.keys)
        self.described = Deletions(known.described.keys)
        self._described = 0  # how many of those are in there
        self._stems: Ints = np.zeros(0, np.int64)  # of the first word, of the second, ... (numbers of `described`)
        self._counts: Ints = np.zeros(0, np.int64)  # how many stems each word has

    def keep_up(self) -> Steps[None]:
        """Look at the words that have come since."""
        keys = self.known.words.keys
        new, stems, counts = range(len(self.by_alphabet), len(keys)), list[int](), list[int]()
        correctable = list[int]()
        for start in new[::NEW_SLICE]:
            some = range(start, min(start + NEW_SLICE, new.stop))
            found = [self.known.described.learn_all([*filter(is_correctable, pieces(keys[n]))]) for n in some]
            stems += chain.from_iterable(found)
            counts += map(len, found)
            correctable += [n for n in some if is_correctable(keys[n])]
            yield
        by_alphabet = yield from self._with(new)
        words = yield from self.words.with_more(correctable)
        others = range(self._described, len(self.known.described))
        described = yield from self.described.with_more(others)
        yield
        # all of it or nothing: what breaks off is begun again
        self.by_alphabet, self.words, self.described, self._described = by_alphabet, words, described, others.stop
        self._stems = np.append(self._stems, np.array(stems, np.int64))
        self._counts = np.append(self._counts, np.array(counts, np.int64))

    def _with(self, new: range) -> Steps[Ints]:
        """All words by the alphabet."""
        keys, places = self.known.words.keys, list[int]()
        numbers = yield from by_alphabet(new, keys)
        for start in range(0, len(numbers), SLICE):
            some = numbers[start : start + SLICE]
            places += [bisect_left(self.by_alphabet, keys[n], key=keys.__getitem__) for n in some]
            yield
        return np.insert(self.by_alphabet, places, numbers) if numbers else self.by_alphabet

    def stems_of(self, words: Bools) -> Bools:
        """Which words that products are described by are stems of these."""
        found = np.zeros(len(self.known.described), dtype=bool)
        found[self._stems[np.repeat(words, self._counts)]] = True
        return found
