"""Ids of any size as rows and columns of a matrix, in the order in which they were met; those met at once by id."""

from collections.abc import Iterable

import numpy as np

from app.recommendations.learning.baskets import Codes

UNKNOWN = -1


class Numbering:
    """0, 1, … for each id; a number is never given twice and never changes."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        """`ids`: different ones, met before in this order."""
        self._ids = list(ids)
        self._codes = {one: number for number, one in enumerate(self._ids)}

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> Codes:
        """The id of each number."""
        return np.array(self._ids, dtype=np.int64)

    def add(self, ids: Codes) -> Codes:
        """The numbers of these ids; new ones get the next."""
        different, places = np.unique(ids, return_inverse=True)
        for one in different.tolist():
            if one not in self._codes:
                self._codes[one] = len(self._ids)
                self._ids.append(one)
        return self._find(different)[places]

    def find(self, ids: Codes) -> Codes:
        """The numbers of these ids; UNKNOWN for what was never met."""
        different, places = np.unique(ids, return_inverse=True)
        return self._find(different)[places]

    def _find(self, different: Codes) -> Codes:
        return np.array([self._codes.get(one, UNKNOWN) for one in different.tolist()], dtype=np.int64)
