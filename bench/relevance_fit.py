"""Fits the weights of the ranking to judged queries: coordinate ascent on nDCG over a coarse grid, none below 0.

Metzler & Croft, Linear feature-based models for information retrieval, Information Retrieval 10 (2007). A grid and few
weights, because a hundred queries cannot tell more; what a weight must gain to be moved keeps it from following chance.
"""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search import ranking, synonyms
from app.search.engine import Engine
from app.search.understanding import understand
from bench.relevance_catalogue import Judgments
from bench.relevance_measures import ndcg, ndcg_of_judged

GRID = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2)
FIXED = frozenset({"words", "in_stock", "sellers", "rating", "soon"})  # the scale, and what judgments do not speak of
LEAST_GAIN = 0.001  # in the mean of both measures
ROUNDS = 2
FOLDS, REPEATS = 5, 3

Weights = dict[str, float]


class Fitting:
    """The candidates of every judged query, with their features."""

    def __init__(self, engine: Engine, documents: dict[int, str], judged: Judgments) -> None:
        self.judged = {query: ratings for query, ratings in judged.items() if any(ratings.values())}
        self._features: dict[str, tuple[dict[str, NDArray[np.float64]], list[str]]] = {}
        snapshot, columns = engine.snapshot, engine.snapshot.columns
        for query in self.judged:
            understood = understand(query, snapshot, engine.wordlists.current, synonyms.current())
            matches = snapshot.match(understood)
            numbers = np.flatnonzero(matches.found)
            top = numbers[np.lexsort((columns.mix[numbers], -matches.scores[numbers]))][: ranking.RANKED]
            candidates = ranking.Candidates(top, matches.scores[top], columns, None)
            found = ranking.features(snapshot, understood, matches, candidates)
            self._features[query] = found, [documents[int(columns.product[number])] for number in top]

    def measures(self, weights: Weights, queries: Sequence[str]) -> tuple[float, float]:
        """nDCG@10 with what is unjudged as 0, and with it left out."""
        found = [(self._ranked(query, weights), self.judged[query]) for query in queries]
        both = [(ndcg(each, ratings) or 0.0, ndcg_of_judged(each, ratings) or 0.0) for each, ratings in found]
        return float(np.mean([one for one, _ in both])), float(np.mean([other for _, other in both]))

    def _ranked(self, query: str, weights: Weights) -> list[str]:
        features, documents = self._features[query]
        total = np.sum([weight * features[name] for name, weight in weights.items()], axis=0)
        return [documents[place] for place in np.argsort(-total, kind="stable")]

    def ascend(self, queries: Sequence[str]) -> Weights:
        weights = dict(ranking.weights())
        best = float(np.mean(self.measures(weights, queries)))
        for _ in range(ROUNDS):
            for name in sorted(set(weights) - FIXED):
                for value in GRID:
                    gained = float(np.mean(self.measures({**weights, name: value}, queries)))
                    if gained > best + LEAST_GAIN:
                        best, weights = gained, {**weights, name: value}
        return weights


def fitted(engine: Engine, documents: dict[int, str], judged: Judgments) -> dict[str, Any]:
    """The weights fitted on all queries, and how weights do on queries that they were not fitted on."""
    fitting = Fitting(engine, documents, judged)
    queries = sorted(fitting.judged)
    held_out = [each for repeat in range(REPEATS) for each in _folds(fitting, queries, repeat)]
    return {
        "fitted_weights": fitting.ascend(queries),
        "cross_validated": {
            "ndcg_judged": round(float(np.mean([one for one, _ in held_out])), 4),
            "ndcg_dropped": round(float(np.mean([other for _, other in held_out])), 4),
        },
    }


def _folds(fitting: Fitting, queries: Sequence[str], seed: int) -> list[tuple[float, float]]:
    """Each query's measures by weights that were fitted without it."""
    shuffled = random.Random(seed).sample(queries, len(queries))
    found = []
    for fold in range(FOLDS):
        held_out = shuffled[fold::FOLDS]
        weights = fitting.ascend([query for query in shuffled if query not in held_out])
        found += [fitting.measures(weights, [query]) for query in held_out]
    return found
