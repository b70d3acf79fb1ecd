"""Which items go with an item: bought in one basket more than their sales alone would bring about."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from app.recommendations.learning.baskets import Codes, Floats
from app.recommendations.learning.lists import Lists, best, empty
from app.recommendations.learning.memory import Memory

COUNT = 20  # a longer list says less of each customer: its far end is chance

TOGETHER_POWER = 0.2
LIKELY_POWER = 0.4
"""Items are alike by C_ij / ((C_ii C_jj)^power + 0.5). A higher power favours what sells rarely: of use where many
lists are summed, and sales would come first anyway."""
DOUBT = 0.5  # pairs that were seen once or twice weigh less

LIVELY_IN_LIST = 0.25
LIVELY_IN_SUM = 0.75
"""Powers of `liveliness`, first when an item's list is chosen, then when a customer's lists are summed."""


def together(memory: Memory, count: int = COUNT) -> Lists:
    """For every item, what is bought in the same basket."""
    ids = memory.items.ids
    found = empty(ids, count)
    for item, columns, scores in _nearest(memory, TOGETHER_POWER, np.ones(len(ids)), count):
        found.ids[item, : len(columns)] = ids[columns]
        found.scores[item, : len(columns)] = scores
    return found


def likely(memory: Memory, count: int = COUNT) -> csr_array:
    """For every item (row), the likeness of the items that its buyers may want now; both are the memory's numbers."""
    rows = list(_nearest(memory, LIKELY_POWER, liveliness(memory) ** LIVELY_IN_LIST, count))
    ends = np.cumsum([0, *(len(columns) for _, columns, _ in rows)])
    columns = np.concatenate([np.zeros(0, np.int64), *(columns for _, columns, _ in rows)])
    scores = np.concatenate([np.zeros(0), *(scores for _, _, scores in rows)])
    return csr_array((scores, columns, ends), shape=memory.pairs.shape)


def liveliness(memory: Memory) -> Floats:
    """How much of an item's sales are of these days: more than usual for what is new or in season."""
    return np.asarray((memory.sales.recent + 1) / (memory.sales.ever + 10))


def _nearest(memory: Memory, power: float, boost: Floats, count: int) -> Iterator[tuple[int, Codes, Floats]]:
    """Of each item in turn: its number, and the numbers and scores of what is most like it."""
    pairs, own = memory.pairs, memory.pairs.diagonal().astype(np.float64) ** power
    for item in range(pairs.shape[0]):
        row = slice(pairs.indptr[item], pairs.indptr[item + 1])
        columns = pairs.indices[row]
        scores = pairs.data[row] / (own[item] * own[columns] + DOUBT) * boost[columns]
        scores[columns == item] = 0
        places = best(scores, count)
        yield item, columns[places].astype(np.int64), scores[places]
