"""What was meant by a word that no product has: a word nearby that stands with the other words of the query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

import numpy as np

from app.search.columns import Bools
from app.search.understanding.wordlist import Wordlist

SHORTEST = 4  # letters: of shorter words too many are near
LONGEST = 24
TWO_EDITS_FROM = 6  # letters
MOST_CORRECTED = 4  # words of one query

# What a candidate costs, in edits. Fitted by hand on one-edit typos in product names.
OTHER_FIRST_LETTER = 0.5
NOT_TOGETHER = 0.9  # no product has it and the other words
TENFOLD = 0.22  # of being ten times as frequent, off


@dataclass(frozen=True)
class Spelling:
    """`words` are those typed, with the corrected ones in the place of what they correct."""

    words: tuple[str, ...]
    changes: dict[str, str]  # typed -> meant


def is_correctable(word: str) -> bool:
    """Codes, numbers and short words are what they are."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def corrected(words: Sequence[str], is_known: Callable[[str], bool], wordlist: Wordlist) -> Spelling:
    """The query with every unknown word replaced by what was probably meant, where anything is near.

    Args:
        words: folded, as typed.
        is_known: whether a product has the word, in this form or by its stem.
    """
    unknown = [word for word in words if is_correctable(word) and word not in wordlist and not is_known(word)]
    with_others = _holding_any([word for word in words if word not in unknown], wordlist)
    changes: dict[str, str] = {}
    for word in unknown[:MOST_CORRECTED]:
        meant = _nearest(word, with_others, wordlist)
        if meant:
            changes[word] = meant
            with_others = with_others if with_others is not None else _holding_any([meant], wordlist)
    return Spelling(tuple(changes.get(word, word) for word in words), changes)


def _holding_any(words: Sequence[str], wordlist: Wordlist) -> Bools | None:
    """The documents that have all of the words, else any of them; None: nothing is known about them."""
    known = [word for word in words if word in wordlist]
    if not known or wordlist.stock is None:
        return None
    every = wordlist.holding(known, last_is_open=False)
    if every.any():
        return every
    return np.logical_or.reduce([wordlist.holding([word], last_is_open=False) for word in known])


def _nearest(word: str, with_others: Bools | None, wordlist: Wordlist) -> str | None:
    candidates = wordlist.near(word, 2 if len(word) >= TWO_EDITS_FROM else 1)
    if not candidates:
        return None

    def cost(candidate: tuple[int, int]) -> tuple[float, str]:
        place, edits = candidate
        cost = float(edits)
        found = wordlist.words[place]
        count = int(wordlist.counts[place])
        if with_others is not None:
            together = int(with_others[wordlist.holders(place)].sum())
            count = together or count
            cost += 0 if together else NOT_TOGETHER
        return cost + OTHER_FIRST_LETTER * (found[0] != word[0]) - TENFOLD * log10(count), found

    if len(candidates) > 64:  # only the promising ones are worth a look at their products
        candidates = sorted(candidates, key=lambda each: (each[1], -wordlist.counts[each[0]]))[:64]
    return min(map(cost, candidates))[1]
