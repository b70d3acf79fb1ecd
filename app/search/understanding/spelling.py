"""What was meant by a word that no product has: a word nearby that stands with the other words of the query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10

import numpy as np

from app.search.columns import Bools
from app.search.turns import at_once
from app.search.understanding.deletions import Deletions
from app.search.understanding.wordlist import Wordlist
from app.search.words import is_correctable, pieces

TWO_EDITS_FROM = 8  # letters
TWO_EDITS_ALONE_FROM = 5  # where no other word is known: else the others find more than a guess ("cheap laptop")
SHORTEST_BEGINNING = 4  # letters
MOST_CORRECTED = 4  # words of one query
MOST_WEIGHED = 64  # candidates for one word
DOUBTFUL = 2  # products: a word that so few have, all in descriptions, may be a slip of theirs

# What a candidate costs, in edits. Fitted by hand on one-edit typos in product names.
OTHER_FIRST_LETTER = 0.25
NOT_TOGETHER = 0.9  # no product has it and the other words
TENFOLD = 0.22  # of being ten times as frequent, off
SAME_LETTERS = 0.3  # typed in another order, off
LETTERS_LEFT_OUT = 0.15  # or put in, and the others typed in order, off
NOT_IN_NAMES = 0.4  # it stands in descriptions only
NOT_SO = 0.6  # products only have what means the same
DOUBTED = 0.7  # the word as typed, that so few have
TOO_FAR = 3.0


@dataclass(frozen=True)
class Spelling:
    """`words` are those typed, with the corrected ones in the place of what they correct."""

    words: tuple[str, ...]
    changes: dict[str, str]  # typed -> meant


def corrected(
    words: Sequence[str],
    frequency: Callable[[str], int],
    wordlist: Wordlist,
    *,
    ruled: frozenset[str] = frozenset(),
    even_spoken: bool = False,
) -> Spelling:
    """The query with every unknown word replaced by what was probably meant, where anything is near.

    A word that people use is meant as it is typed, though nobody sells that.

    Args:
        words: folded, as typed.
        frequency: how many products have a word, in this form or by its stem, or what means the same.
        ruled: words that mean the same as others (`Synonyms.words`).
        even_spoken: replace those, too, by words of names.
    """
    unknown = [
        word
        for word in words
        if is_correctable(word)
        and word not in wordlist
        and frequency(word) <= DOUBTFUL
        and (even_spoken or word not in wordlist.spoken)
    ]
    with_others = _holding_any([word for word in words if word not in unknown], wordlist)
    changes: dict[str, str] = {}
    for word in unknown[:MOST_CORRECTED]:
        meant = _nearest(word, with_others, frequency, wordlist, ruled, is_spoken=word in wordlist.spoken)
        if meant:
            changes[word] = meant
            with_others = with_others if with_others is not None else _holding_any([meant], wordlist)
    return Spelling(tuple(changes.get(word, word) for word in words), changes)


def begun_alike(word: str, wordlist: Wordlist) -> str | None:
    """The most frequent word of those that share the longest beginning with one that would find nothing."""
    if not is_correctable(word) or word in wordlist.spoken:
        return None
    for length in range(len(word) - 1, SHORTEST_BEGINNING - 1, -1):
        first, last = wordlist.beginning(word[:length])
        if first < last:
            return wordlist.words[first + int(wordlist.counts[first:last].argmax())]
    return None


def _holding_any(words: Sequence[str], wordlist: Wordlist) -> Bools | None:
    """The documents that have all of the words, else any of them; None: nothing is known about them."""
    known = [word for word in words if word in wordlist]
    if not known or wordlist.stock is None:
        return None
    every = wordlist.holding(known, last_is_open=False)
    if every.any():
        return every
    return np.logical_or.reduce([wordlist.holding([word], last_is_open=False) for word in known])


def _nearest(
    word: str,
    with_others: Bools | None,
    frequency: Callable[[str], int],
    wordlist: Wordlist,
    ruled: frozenset[str],
    *,
    is_spoken: bool,
) -> str | None:
    """What was meant; None: nothing is near, or the word itself is likelier."""
    distance = 2 if len(word) >= (TWO_EDITS_ALONE_FROM if with_others is None else TWO_EDITS_FROM) else 1
    if is_spoken:
        distance = 1
    found = _named(word, distance, with_others, wordlist)
    if not is_spoken:
        found += _described(word, distance, frequency, wordlist) + _ruled(word, distance, frequency, ruled)
    if own := frequency(word):  # some seller wrote it so
        found.append((DOUBTED - TENFOLD * log10(own), word))
    cost, meant = min(found, default=(TOO_FAR, word))
    return meant if cost < TOO_FAR and meant != word else None


def _named(word: str, distance: int, with_others: Bools | None, wordlist: Wordlist) -> list[tuple[float, str]]:
    """Words of names nearby, with their costs."""
    near = wordlist.near(word, distance)
    if len(near) > MOST_WEIGHED:  # only the promising ones are worth a look at their products
        near = sorted(near, key=lambda each: (each[1], -wordlist.counts[each[0]]))[:MOST_WEIGHED]
    costs = []
    for place, edits in near:
        found, count, extra = wordlist.words[place], int(wordlist.counts[place]), 0.0
        if with_others is not None:
            together = int(with_others[wordlist.holders(place)].sum())
            count, extra = (together, 0.0) if together else (count, NOT_TOGETHER)
        costs.append((_cost(word, found, edits, count) + extra, found))
    return costs


def _described(
    word: str, distance: int, frequency: Callable[[str], int], wordlist: Wordlist
) -> list[tuple[float, str]]:
    """Words of descriptions nearby, written with the ending that was typed, with their costs."""
    stem = "".join(pieces(word))
    ending = word[len(stem) :] if word.startswith(stem) else ""
    near = sorted(wordlist.others_near(stem, distance), key=lambda each: each[1])[:MOST_WEIGHED]
    return [
        (_cost(stem, found, edits, max(frequency(found), 1)) + NOT_IN_NAMES, found + ending) for found, edits in near
    ]


def _ruled(word: str, distance: int, frequency: Callable[[str], int], ruled: frozenset[str]) -> list[tuple[float, str]]:
    """Words nearby that products only have in others that mean the same, with their costs."""
    words, deletions = _taken_apart(ruled)
    near = [(words[place], edits) for place, edits in deletions.near(word, distance, np.ones(len(words), dtype=bool))]
    near = sorted(near, key=lambda each: each[1])[:MOST_WEIGHED]
    return [(_cost(word, found, edits, count) + NOT_SO, found) for found, edits in near if (count := frequency(found))]


@lru_cache(maxsize=2)  # an old list may be asked for a moment longer
def _taken_apart(ruled: frozenset[str]) -> tuple[list[str], Deletions]:
    words = sorted(ruled)
    return words, at_once(Deletions(words).with_more(range(len(words))))


def _cost(typed: str, found: str, edits: int, count: int) -> float:
    cost = edits - TENFOLD * log10(count)
    if sorted(typed) == sorted(found):
        return cost - SAME_LETTERS
    if found[0] != typed[0]:
        cost += OTHER_FIRST_LETTER
    return cost - LETTERS_LEFT_OUT if _is_within(typed, found) or _is_within(found, typed) else cost


def _is_within(part: str, whole: str) -> bool:
    """Whether all letters of the part stand in the whole in their order."""
    letters = iter(whole)
    return len(part) < len(whole) and all(letter in letters for letter in part)
