"""The order of what a query has found: the best hits by their words, ranked anew by what they are and how they stand.

A linear model with few weights, none below 0, that anybody can read and change: `weights.toml`.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.search import rated
from app.search.arrivals import NEVER
from app.search.columns import Columns
from app.search.snapshot import Matches, Snapshot
from app.search.sorting import first
from app.search.titles import NOWHERE, Rows
from app.search.turns import breathe
from app.search.understanding import QueryWord, Understood
from app.search.understanding.narrowing import spans
from app.search.vocabularies import Bools, Floats, Ints

RANKED = 200  # of the best by their words are ranked anew
APART = 0.8  # worth of words that mean one thing together, where they stand apart; less where only some do
USUAL = 10  # products that are called by a word, from which on it is taken for the thing where the last word is none
PROBABLY = 0.8  # worth of what a product is by what it says of itself, where its name does not say
SOLD_OUT_WORTH = 0.5  # of a hit that can be bought, when the best are chosen
WEIGHTS = Path(__file__).with_name("weights.toml")


class WeightsInvalid(Exception):
    """weights.toml does not hold exactly our features, each with a number of at least 0."""


@cache
def weights() -> dict[str, float]:
    """Raises WeightsInvalid."""
    found = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))
    if set(found) != set(FEATURES) or not all(isinstance(each, float) and each >= 0 for each in found.values()):
        raise WeightsInvalid(f"{WEIGHTS.name} must give a number of at least 0 for each of {', '.join(FEATURES)}")
    return found


@dataclass(frozen=True)
class Candidates:
    """Documents to be ranked, with what there is to rank them by."""

    numbers: Ints
    scores: Floats
    columns: Columns
    days: Ints | None


def ranked(
    snapshot: Snapshot, understood: Understood, matches: Matches, left: Bools, days: Ints | None, count: int
) -> Ints:
    """The first `count` of the documents that are left, the best first; equals in a fixed shuffle."""
    numbers, columns = np.flatnonzero(left), snapshot.columns
    scores = matches.scores[numbers] * np.where(columns.in_stock[numbers], 1.0, SOLD_OUT_WORTH)
    by_words = numbers[first([-scores, columns.mix[numbers]], max(count, RANKED))]
    top, rest = by_words[:RANKED], by_words[RANKED:]
    if not len(top):
        return top
    candidates = Candidates(top, matches.scores[top], columns, None if days is None else days[top])
    found = features(snapshot, understood, matches, candidates)
    total = np.sum([weight * found[name] for name, weight in weights().items()], axis=0)
    return np.concatenate([top[np.argsort(-total, kind="stable")], rest])[:count]


def features(snapshot: Snapshot, understood: Understood, matches: Matches, candidates: Candidates) -> dict[str, Floats]:
    """Every feature of every candidate, from 0 to 1; `rating` from -1 to 1, and 0 for what nobody has reviewed."""
    top, columns = candidates.numbers, candidates.columns
    titles = columns.titles[top]
    words = matches.words
    standings = [standing(word, titles, top, snapshot) for word in words]
    places, worths = [each.places for each in standings], [each.worths for each in standings]
    stands = [worth > 0 for worth in worths]
    rarities = np.array([max(_rarity(word, snapshot), 0.1) for word in words])
    foremost = np.min(places, axis=0)
    asked = asked_for(snapshot, understood, words)
    thing = asked[-1]
    things = np.max([standings[n].things for n in asked], axis=0)
    category = np.max([_is_held(words[n], candidates, snapshot) for n in asked], axis=0)
    side_by_side = [after == before + 1 for before, after in pairwise(places)]
    return {
        "words": _share(candidates.scores),
        "named": rarities @ np.array(worths) / rarities.sum(),
        "thing": things,
        "category": category,
        "at_least": np.maximum(things, category) * float(not matches.every_word),
        "phrase": np.logical_and.reduce([*side_by_side, *stands]) * float(len(places) > 1),
        "before_for": (~(stands[thing] & (places[thing] > titles.relations))).astype(float),
        "brand": _is_brand(understood, columns.brand[top], snapshot).astype(float),
        "detailed": _share(np.log1p(columns.attributes.had(top))),
        "early": np.where(foremost < NOWHERE, 1 / (1 + foremost), 0.0),
        "in_stock": columns.in_stock[top].astype(float),
        "sellers": 1 - 1 / np.maximum(columns.sellers[top], 1),
        "rating": rated.feature(columns.stars[top], columns.reviews[top], snapshot.mean_stars),
        "soon": _soon(candidates.days, len(top)),
    }


FEATURES = (
    "words",
    "named",
    "thing",
    "category",
    "at_least",
    "phrase",
    "before_for",
    "brand",
    "detailed",
    "early",
    "in_stock",
    "sellers",
    "rating",
    "soon",
)


class Standing(NamedTuple):
    """Where a word of the query stands in each name (NOWHERE: it does not), and the worth of how it is written.

    things: the same worth where that word, or the last of several that stand for it, is what the product is,
        less where it probably is.
    """

    places: Ints
    worths: Floats
    things: Floats


def standing(word: QueryWord, titles: Rows, numbers: Ints, snapshot: Snapshot) -> Standing:
    """By the best of its alternatives that the name has."""
    breathe()
    things, likely = snapshot.things[numbers], snapshot.likely[numbers]
    probably = np.zeros(len(things))
    places, worths, named = np.full(len(things), NOWHERE), np.zeros(len(things)), np.zeros(len(things), dtype=bool)
    for way in sorted(word.alternatives, key=lambda way: way.worth):
        stems = snapshot.known.stems.find(way.words)
        if len(stems) < len(way.words):
            continue
        here = titles.places(stems)
        behind_for = (here > titles.relations) & (here < NOWHERE)
        is_thing = (things == stems[-1]) & ~behind_for  # a "screen for computer screens" is another
        worth = np.where(here < NOWHERE, way.worth, 0.0)
        if len(stems) > 1 and way is word.alternatives[0]:
            # a "digital wireless headphone" for "digital headphone", a "laser printer" for "colour printer"
            each = [titles.places([number]) for number in stems]
            has = [place < NOWHERE for place in each]
            # or in another order: a "cord extension" for "extension cord"
            is_thing |= np.isin(things, stems) & np.logical_and.reduce(has)
            apart = APART * np.mean(has, axis=0) * is_thing * (here == NOWHERE)
            here, worth = np.where(apart > 0, each[-1], here), np.maximum(worth, apart)
        named |= is_thing & (worth > 0)
        probably = np.maximum(probably, PROBABLY * way.worth * (likely == stems[-1]))
        places, worths = np.where(worth > worths, here, places), np.maximum(worth, worths)
    return Standing(places, worths, np.maximum(worths * named, probably))


def asked_for(snapshot: Snapshot, understood: Understood, words: Sequence[QueryWord]) -> list[int]:
    """Which of the words say what is asked for: those taken for that, or the last one that names a thing at all.

    In "running shoes men" that is the shoes. Where no word names a thing, the last one.
    """
    found = [n for n, word in enumerate(words) if not set(understood.things).isdisjoint(word.typed.split())]
    found = found or [len(words) - 1]
    if len(words) == 1 or any(_called(words[n], snapshot) for n in found):
        return found
    return next(([n] for n in reversed(range(len(words))) if _called(words[n], snapshot) >= USUAL), found)


def _called(word: QueryWord, snapshot: Snapshot) -> int:
    """How many products are, or probably are, what the word says; of a category's name, many."""
    if any(way.words in snapshot.held_by_categories for way in word.alternatives):
        return USUAL
    return int(snapshot.being(word).sum())


def _is_held(word: QueryWord, candidates: Candidates, snapshot: Snapshot) -> Floats:
    """The worth of the word as the name of a category, or as a part of it, for what is in that category."""
    found = np.zeros(len(candidates.numbers))
    for way in word.alternatives:
        for category, share in snapshot.held_by_categories.get(way.words, ()):
            inside = candidates.columns.categories.having([category], snapshot.size)[candidates.numbers]
            found = np.maximum(found, way.worth * share * inside)
    return found


def _is_brand(understood: Understood, brands: Ints, snapshot: Snapshot) -> Bools:
    """Whether the query names the brand of the product."""
    named = [number for *_, number in spans(understood.typed_words, snapshot.brand_names)]
    return np.isin(brands, named)


def _share(values: Floats) -> Floats:
    """Of the largest of all candidates."""
    return values / max(values.max(), 1e-9)


def _rarity(word: QueryWord, snapshot: Snapshot) -> float:
    known = [way.words for way in word.alternatives if all(snapshot.frequency(each) for each in way.words)]
    return snapshot.rarity(known[0]) if known else 0.0


def _soon(days: Ints | None, count: int) -> Floats:
    """1 for what arrives first of all, less by the day; 0 for what does not arrive."""
    if days is None or not (days < NEVER).any():
        return np.zeros(count)
    return np.where(days < NEVER, 1 / (1.0 + days - days.min()), 0.0)
