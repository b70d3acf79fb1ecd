"""What is recommended: to a customer something new, something again, and to everybody what sells these days."""

import numpy as np
from scipy.sparse import csr_array

from app.recommendations.learning.baskets import Codes
from app.recommendations.learning.likeness import LIVELY_IN_SUM, liveliness
from app.recommendations.learning.lists import Lists, best, ranked
from app.recommendations.learning.memory import Memory, Sales, rows_of
from app.recommendations.learning.numbering import Numbering


def for_you(memory: Memory, alike: csr_array, customers: Codes, count: int = 20) -> Lists:
    """What customers have not bought and may want; an empty list for who is unknown.

    Args:
        alike: as `likeness.likely` found it in this memory.
        customers: their ids.
    """
    history = rows_of(memory.history, memory.customers.find(customers))
    # The root: who buys a thing every week is not asked fifty times what goes with it.
    scores = csr_array(history.sqrt() @ alike)
    scores = csr_array(scores - scores * (history > 0))  # of what a customer has bought exactly 0 is left
    scores.data *= (liveliness(memory) ** LIVELY_IN_SUM)[scores.indices]
    return ranked(customers, scores, memory.items.ids, count)


def again(memory: Memory, customers: Codes, count: int = 10) -> Lists:
    """What customers have bought and may buy again: often, lately, and what others buy these days too."""
    scores = rows_of(memory.history, memory.customers.find(customers)).astype(np.float64)
    scores.data *= np.sqrt(memory.sales.recent)[scores.indices]
    return ranked(customers, scores, memory.items.ids, count)


def trending(sales: Sales, items: Numbering, count: int = 20) -> list[tuple[int, float]]:
    """Ids of what sells best these days, the best first, with the weight of the baskets that held it."""
    places, ids = best(sales.recent, count), items.ids
    return list(zip(ids[places].tolist(), sales.recent[places].tolist(), strict=True))
