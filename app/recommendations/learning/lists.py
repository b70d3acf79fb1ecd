"""Lists of recommended items, the best first."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from app.recommendations.learning.baskets import Codes, Floats

NONE = -1  # stands where a list has no more items


@dataclass(frozen=True)
class Lists:
    """A row for each id in `of`: the ids of items, NONE after the last, and their scores, 0 there."""

    of: Codes
    ids: Codes
    scores: Floats

    def __getitem__(self, row: int) -> list[tuple[int, float]]:
        """The items of one row with their scores."""
        pairs = zip(self.ids[row].tolist(), self.scores[row].tolist(), strict=True)
        return [(one, score) for one, score in pairs if one != NONE]


def best(scores: Floats, count: int) -> Codes:
    """The places of the highest scores above 0, at most `count`, the highest first; of equal ones the first."""
    if len(scores) > 2 * count:
        edge = np.partition(scores, len(scores) - count)[len(scores) - count]
        places = np.flatnonzero((scores >= edge) & (scores > 0))
    else:
        places = np.flatnonzero(scores > 0)
    return places[np.argsort(-scores[places], kind="stable")][:count]


def empty(of: Codes, count: int) -> Lists:
    return Lists(of, np.full((len(of), count), NONE, dtype=np.int64), np.zeros((len(of), count)))


def ranked(of: Codes, scores: csr_array, ids: Codes, count: int) -> Lists:
    """Of scores with a row for each id in `of` and a column for each item; what is not stored, or 0, is in no list."""
    found = empty(of, count)
    scores.sort_indices()  # so that of equal scores the first item comes first
    for row in range(len(of)):
        of_row = slice(scores.indptr[row], scores.indptr[row + 1])
        places = best(scores.data[of_row], count)
        found.ids[row, : len(places)] = ids[scores.indices[of_row][places]]
        found.scores[row, : len(places)] = scores.data[of_row][places]
    return found
