"""How good a ranking is by people's judgments. Gains are 2^rating - 1 (Burges et al., Learning to rank, ICML 2005)."""

import random
from collections.abc import Mapping, Sequence
from math import log2

TOP = 10
RELEVANT = 1  # the least rating of what is worth finding at all
MISTYPED_FROM = 4  # letters of a word that gets a typo

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def ndcg(found: Sequence[str], judged: Mapping[str, int], top: int = TOP) -> float | None:
    """Normalised discounted cumulative gain of the first `top`, what is unjudged as 0; None: nothing is relevant.

    Jaervelin & Kekaelaeinen, Cumulated gain-based evaluation of IR techniques, TOIS 20 (2002).
    """
    best = _dcg(sorted(judged.values(), reverse=True)[:top])
    return _dcg([judged.get(each, 0) for each in found[:top]]) / best if best else None


def ndcg_of_judged(found: Sequence[str], judged: Mapping[str, int], top: int = TOP) -> float | None:
    """The same with everything unjudged dropped from the ranking."""
    return ndcg([each for each in found if each in judged], judged, top)


def _dcg(ratings: Sequence[int]) -> float:
    return sum((2**rating - 1) / log2(place + 2) for place, rating in enumerate(ratings))


def precision(found: Sequence[str], judged: Mapping[str, int], top: int = TOP) -> float:
    """The share of the first `top` places that hold something relevant."""
    return sum(judged.get(each, 0) >= RELEVANT for each in found[:top]) / top


def recall(found: Sequence[str], judged: Mapping[str, int], top: int) -> float | None:
    """The share of what is relevant that stands in the first `top` places; None: nothing is relevant."""
    relevant = {each for each, rating in judged.items() if rating >= RELEVANT}
    return len(relevant & set(found[:top])) / len(relevant) if relevant else None


def mistyped(query: str, seed: int) -> str:
    """`query` with one typo in its longest word: a letter left out, doubled, replaced, or two neighbours swapped.

    The same for the same seed. A query without a word of MISTYPED_FROM letters stays as it is.
    """
    chance = random.Random(f"{seed} {query}")
    words = query.split()
    longest = max((word for word in words if word.isalpha()), key=len, default="")
    if len(longest) < MISTYPED_FROM:
        return query
    place = chance.randrange(1, len(longest) - 1)
    kinds = {
        "left out": longest[:place] + longest[place + 1 :],
        "doubled": longest[:place] + longest[place] + longest[place:],
        "replaced": longest[:place] + chance.choice(_LETTERS.replace(longest[place], "")) + longest[place + 1 :],
        "swapped": longest[:place] + longest[place + 1] + longest[place] + longest[place + 2 :],
    }
    typo = kinds[chance.choice(sorted(kinds))]
    words[words.index(longest)] = typo
    return " ".join(words)
