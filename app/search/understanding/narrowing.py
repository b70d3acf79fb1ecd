"""Brands and categories that are named in a query become filters, where that hides next to nothing of the best results.

"samsung tv" asks for what Samsung makes. "samsung case" may be for what Samsung makes, and then the best results are of
other makers: so what was found decides, not the words alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from app.search.understanding.understood import Narrowing
from app.search.vocabularies import Ints, Vocabulary
from app.search.words import pieces

BRAND, CATEGORY = "brand", "category"
AGREEING = 0.8  # of the best results must be of the brand, or in the category
LEAST = 3  # results, below which nothing is narrowed
LONGEST_NAME = 4  # words

_LISTED = re.compile(r"\s*[,/&+]\s*|\s(?:and|or|e|ou|y|o)\s")

Named = Mapping[tuple[str, ...], int]
"""Numbers in a vocabulary by the stems of their labels."""

Holding = Mapping[tuple[str, ...], Sequence[tuple[int, float]]]
"""Numbers of categories by the stems of what they hold, each with the share that this is of what they say."""


def named(known: Vocabulary) -> Named:
    """What a vocabulary's entries are called by; of several with one name the first."""
    found: dict[tuple[str, ...], int] = {}
    for number, label in enumerate(list(known.labels)):
        if label and (stems := _stems(label)):
            found.setdefault(stems, number)
    return found


def holding(categories: Vocabulary) -> Holding:
    """By what a category says that it holds: "Mugs and cups" holds mugs, and it holds cups."""
    found = defaultdict[tuple[str, ...], list[tuple[int, float]]](list)
    for number, label in enumerate(list(categories.labels)):
        parts = [stems for part in _LISTED.split(label or "") if (stems := _stems(part))]
        for stems in dict.fromkeys(parts):
            found[stems].append((number, 1 / len(parts)))
    return found


@lru_cache(maxsize=20_000)  # with every snapshot they are asked for anew
def _stems(label: str) -> tuple[str, ...]:
    return tuple(pieces(label))


def spans(typed: Sequence[str], names: Named) -> list[tuple[int, int, int]]:
    """(start, end, number) of the names that stand in a query; none of two that overlap, the longer one first."""
    stems = [pieces(word) for word in typed]
    found = [
        (start, end, names[called])
        for start, end in combinations(range(len(typed) + 1), 2)
        if end - start <= LONGEST_NAME
        and (called := tuple(stem for part in stems[start:end] for stem in part)) in names
    ]
    kept: list[tuple[int, int, int]] = []
    for start, end, number in sorted(found, key=lambda span: span[0] - span[1]):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end, number))
    return kept


def narrowings(
    kind: str, typed: Sequence[str], names: Named, known: Vocabulary, best: Sequence[Ints]
) -> list[Narrowing]:
    """What to narrow by, given for each of the best results its numbers in the vocabulary."""
    if len(best) < LEAST:
        return []
    return [
        Narrowing(kind, str(known.keys[number]), known.labels[number], " ".join(typed[start:end]))
        for start, end, number in spans(typed, names)
        if _share(number, best) >= AGREEING
    ]


def _share(number: int, best: Iterable[Ints]) -> float:
    has = [number in each for each in best]
    return sum(has) / len(has)
