"""What is recommended: to a customer something new, something again, and to everybody what sells these days."""

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from app.recommendations.learning.baskets import Codes
from app.recommendations.learning.likeness import LIVELY_IN_SUM, liveliness
from app.recommendations.learning.lists import Lists, best, empty, ranked
from app.recommendations.learning.memory import Memory, Sales, rows_of
from app.recommendations.learning.numbering import Numbering

AT_ONCE = 256  # customers, whose scores of all items are in memory together


def for_you(memory: Memory, alike: csr_array, customers: Codes, count: int = 20) -> Lists:
    """What customers have not bought and may want; an empty list for who is unknown.

    Args:
        alike: as `likeness.likely` found it in this memory.
        customers: their ids.
    """
    lively = liveliness(memory) ** LIVELY_IN_SUM

    def of(history: csr_array, ids: Codes) -> Lists:
        # The root: who buys a thing every week is not asked fifty times what goes with it.
        scores = (history.sqrt() @ alike).toarray() * lively
        return ranked(ids, scores, history.toarray() <= 0, memory.items.ids, count)

    return _of_customers(memory, customers, count, of)


def again(memory: Memory, customers: Codes, count: int = 10) -> Lists:
    """What customers have bought and may buy again: often, lately, and what others buy these days too."""
    sells = np.sqrt(memory.sales.recent)

    def of(history: csr_array, ids: Codes) -> Lists:
        bought = history.toarray()
        return ranked(ids, bought * sells, bought > 0, memory.items.ids, count)

    return _of_customers(memory, customers, count, of)


def trending(sales: Sales, items: Numbering, count: int = 20) -> list[tuple[int, float]]:
    """Ids of what sells best these days, the best first, with the weight of the baskets that held it."""
    places, ids = best(sales.recent, count), items.ids
    return list(zip(ids[places].tolist(), sales.recent[places].tolist(), strict=True))


def _of_customers(memory: Memory, customers: Codes, count: int, of: Callable[[csr_array, Codes], Lists]) -> Lists:
    """In pieces, so that many customers need no more memory than few."""
    found, rows = empty(customers, count), memory.customers.find(customers)
    for start in range(0, len(customers), AT_ONCE):
        piece = slice(start, start + AT_ONCE)
        part = of(rows_of(memory.history, rows[piece]), customers[piece])
        found.ids[piece], found.scores[piece] = part.ids, part.scores
    return found
