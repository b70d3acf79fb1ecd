"""What is remembered of baskets, each with less weight the older it is. No database, no clock.

A weight halves every so many days, so the memory of yesterday is that of today but for one factor: new baskets are
added to it, and others taken back, without reading the rest again. In whatever steps that is done, what is remembered
is the same to the rounding of a float64.
"""

import numpy as np
from scipy.sparse import csr_array, diags_array

from app.recommendations.learning.baskets import NOBODY, Baskets, Codes, Floats
from app.recommendations.learning.numbering import Numbering

PAIRS_HALF_LIFE = 60.0  # days
HISTORY_HALF_LIFE = 365.0
SALES_HALF_LIFE = 7.0
SIZE_POWER = 0.75
"""A basket of n items counts 1 / n^0.75: who buys a hundred things says little of any two of them."""
FORGOTTEN = 1e-6  # what weighs less is dropped: the memory does not grow for ever, and what was taken back is gone


class Sales:
    """How many baskets held each item: `ever`, and `recent`, where a basket's weight halves every 7 days."""

    def __init__(self) -> None:
        self.at = -np.inf
        self.ever: Floats = np.zeros(0)
        self.recent: Floats = np.zeros(0)

    def add(self, held: csr_array, times: Floats, at: float) -> None:
        """`held`: a row for each basket, a column for each item, 1 where it holds it."""
        ever, recent = np.zeros(held.shape[1]), np.zeros(held.shape[1])
        ever[: len(self.ever)] = self.ever
        recent[: len(self.recent)] = self.recent * faded(self.at, at, SALES_HALF_LIFE)
        self.ever = ever + held.T @ np.ones(len(times))
        self.recent = recent + held.T @ weights(times, at, SALES_HALF_LIFE)
        self.at = at

    def take_back(self, held: csr_array, times: Floats) -> None:
        """As if these baskets had never been added. Of an item that was in no other, nothing is left by rounding."""
        self.ever = self.ever - held.T @ np.ones(len(times))
        recent = self.recent - held.T @ weights(times, self.at, SALES_HALF_LIFE)
        self.recent = np.where(self.ever > 0, np.maximum(recent, 0), 0)


class Memory:
    """`pairs[i, j]`: the weight of baskets with i and j (i, i: with i). `history[c, i]`: of those in which c bought i.

    Rows and columns are numbers of `items` and `customers`.
    """

    def __init__(self) -> None:
        self.at = -np.inf
        self.items, self.customers = Numbering(), Numbering()
        self.sales = Sales()
        self.pairs = csr_array((0, 0), dtype=np.float64)
        self.history = csr_array((0, 0), dtype=np.float64)

    def add(self, baskets: Baskets, at: float) -> None:
        """Remember these baskets too, and be as old as the moment `at`. A basket may come late, but only once.

        Raises:
            ValueError: the moment lies before that of an earlier call, or a basket after it. Nothing has changed then.
        """
        if not np.isfinite(at) or at < self.at:
            raise ValueError("the memory only grows older")
        if (baskets.times > at).any():
            raise ValueError("a basket lies in the future")
        held = held_by(baskets, self.items)
        self.pairs = _joined(self.pairs, faded(self.at, at, PAIRS_HALF_LIFE), self._pairs(held, baskets, at))
        self.history = _joined(self.history, faded(self.at, at, HISTORY_HALF_LIFE), self._history(held, baskets, at))
        self.sales.add(held, baskets.times, at)
        self.at = at

    def take_back(self, baskets: Baskets) -> None:
        """As if these baskets, each of which was added before, had never been."""
        held = held_by(baskets, self.items)
        self.pairs = _joined(self.pairs, 1, -self._pairs(held, baskets, self.at))
        self.history = _joined(self.history, 1, -self._history(held, baskets, self.at))
        self.sales.take_back(held, baskets.times)

    def _pairs(self, held: csr_array, baskets: Baskets, at: float) -> csr_array:
        """What these baskets add to `pairs`."""
        sizes = np.maximum(np.diff(held.indptr), 1)
        scaled = diags_array(weights(baskets.times, at, PAIRS_HALF_LIFE) / sizes**SIZE_POWER) @ held
        return csr_array(held.T.tocsr() @ scaled)

    def _history(self, held: csr_array, baskets: Baskets, at: float) -> csr_array:
        """What these baskets add to `history`."""
        named = np.flatnonzero(baskets.customers != NOBODY)
        customers = self.customers.add(baskets.customers[named])
        weight = weights(baskets.times[named], at, HISTORY_HALF_LIFE)
        return csr_array(csr_array((weight, (customers, named)), shape=(len(self.customers), len(baskets))) @ held)


def held_by(baskets: Baskets, items: Numbering) -> csr_array:
    """1 where a basket (row) holds an item (column, numbered by `items`, which learns the new ones)."""
    columns = items.add(baskets.items)
    ones = np.ones(len(columns), dtype=np.float32)
    held = csr_array((ones, columns, baskets.starts.copy()), shape=(len(baskets), len(items)))
    held.sum_duplicates()  # in place, and the starts are the baskets' own
    held.data[:] = 1
    return held


def weights(times: Floats, at: float, half_life: float) -> Floats:
    return np.asarray(0.5 ** ((at - times) / half_life))


def faded(since: float, at: float, half_life: float) -> float:
    """What is left of a weight; 0 of the memory of nothing."""
    return float(0.5 ** ((at - since) / half_life))


def _joined(matrix: csr_array, factor: float, added: csr_array) -> csr_array:
    """The matrix in the shape of what is added, times the factor, with it, and without what weighs next to nothing.

    The matrix itself is used up: it is by far the largest thing here, and a copy of it would be, too.
    """
    matrix.data *= factor
    matrix.resize(added.shape)
    found = added if added.nnz else matrix
    if matrix.nnz and added.nnz:
        matrix.sort_indices()  # sums of sorted rows are sorted, and several times faster
        added.sort_indices()
        found = csr_array(matrix + added)
    if found.nnz and found.data.min() < FORGOTTEN:
        found.data[found.data < FORGOTTEN] = 0
        found.eliminate_zeros()
    return found


def rows_of(matrix: csr_array, rows: Codes) -> csr_array:
    """These rows; an empty one for UNKNOWN."""
    is_known = rows >= 0
    if not matrix.shape[0]:
        return csr_array((len(rows), matrix.shape[1]), dtype=matrix.dtype)
    found = csr_array(matrix[np.where(is_known, rows, 0)])
    return csr_array(diags_array(is_known.astype(matrix.dtype)) @ found)
