"""What is remembered of baskets, each with less weight the older it is. No database, no clock.

A weight halves every so many days, so the memory of yesterday is that of today but for one factor: new baskets are
added to it without reading the old ones again. It is made anew in seconds too (`./feira bench recommendations`).
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
FORGOTTEN = 1e-6  # a pair that weighs less is dropped, so that the memory does not grow for ever


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


class Memory:
    """`pairs[i, j]`: the weight of baskets with i and j (i, i: with i). `history[c, i]`: of those in which c bought i.

    Rows and columns are numbers of `items` and `customers`.
    """

    def __init__(self) -> None:
        self.at = -np.inf
        self.items, self.customers = Numbering(), Numbering()
        self.sales = Sales()
        self.pairs = csr_array((0, 0), dtype=np.float32)
        self.history = csr_array((0, 0), dtype=np.float32)

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
        pairs = self._pairs(held, weights(baskets.times, at, PAIRS_HALF_LIFE), at)
        self.pairs, self.history = pairs, self._history(held, baskets, at)
        self.sales.add(held, baskets.times, at)
        self.at = at

    def _pairs(self, held: csr_array, weight: Floats, at: float) -> csr_array:
        sizes = np.maximum(np.diff(held.indptr), 1)
        scaled = diags_array((weight / sizes**SIZE_POWER).astype(np.float32)) @ held
        found = csr_array(held.T.tocsr() @ scaled)
        if self.pairs.nnz:
            old = aged(self.pairs, found.shape, faded(self.at, at, PAIRS_HALF_LIFE))
            found = csr_array(old + found)
        if found.nnz and found.data.min() < FORGOTTEN:
            found.data[found.data < FORGOTTEN] = 0
            found.eliminate_zeros()
        return found

    def _history(self, held: csr_array, baskets: Baskets, at: float) -> csr_array:
        named = np.flatnonzero(baskets.customers != NOBODY)
        customers = self.customers.add(baskets.customers[named])
        weight = weights(baskets.times[named], at, HISTORY_HALF_LIFE).astype(np.float32)
        bought = csr_array((weight, (customers, named)), shape=(len(self.customers), len(baskets))) @ held
        return aged(self.history, bought.shape, faded(self.at, at, HISTORY_HALF_LIFE)) + csr_array(bought)


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


def aged(matrix: csr_array, shape: tuple[int, ...], factor: float) -> csr_array:
    """A copy in the new shape, weighing less."""
    grown = matrix * np.float32(factor)
    grown.resize(shape)
    return csr_array(grown)


def rows_of(matrix: csr_array, rows: Codes) -> csr_array:
    """These rows; an empty one for UNKNOWN."""
    is_known = rows >= 0
    if not matrix.shape[0]:
        return csr_array((len(rows), matrix.shape[1]), dtype=matrix.dtype)
    found = csr_array(matrix[np.where(is_known, rows, 0)])
    return csr_array(diags_array(is_known.astype(matrix.dtype)) @ found)
