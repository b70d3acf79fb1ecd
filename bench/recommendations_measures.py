"""How well lists foretell what was bought; every measure is a mean of which each basket, customer or week is one."""

from collections.abc import Sequence

import numpy as np

from app.recommendations.learning import choosing
from app.recommendations.learning.baskets import NOBODY, Baskets, Codes, Floats, pieces
from app.recommendations.learning.lists import Lists
from app.recommendations.learning.memory import Memory, Sales, held_by
from app.recommendations.learning.numbering import Numbering

WEEK = 7
WARM_UP = 8  # weeks of the log from which the first one is foretold
Measures = dict[str, float | None]


def gains(hits: np.ndarray, wanted: Codes, count: int) -> Floats:
    """nDCG@count of each list, with hits in its order and the number of items that were wanted (one or more)."""
    discounts = 1 / np.log2(np.arange(2, count + 2))
    best = np.cumsum(discounts)[np.minimum(wanted, count) - 1]
    return np.asarray((hits[:, :count] * discounts[: hits.shape[1]]).sum(axis=1) / best)


def bought_together(lists: Lists, after: Baskets) -> tuple[Measures, int]:
    """Each item of a basket in turn asks, and the rest is wanted; a basket's figures are the means over its items.

    Only items of which there is a list count, and baskets with at least two of them: of an item that was first sold
    after the fit there is no list, and it is in none.
    """
    known = {one: row for row, one in enumerate(lists.of.tolist())}
    found = []
    for basket in pieces(after.items, after.starts):
        rows = [known[one] for one in set(basket.tolist()) if one in known]
        if len(rows) > 1:
            hits = np.isin(lists.ids[rows], lists.of[rows])
            first = np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0)
            rest = len(rows) - 1
            found.append((hits[:, :10].sum(axis=1).mean() / rest, hits.sum(axis=1).mean() / rest, first.mean()))
    return means(("recall@10", "recall@20", "mrr"), found), len(found)


def customers_of(memory: Memory, after: Baskets) -> tuple[Codes, list[set[int]], list[set[int]]]:
    """The customers known to the memory who buy after it: their ids, what they bought anew, and what again."""
    bought: dict[int, set[int]] = {}
    for customer, basket in zip(after.customers.tolist(), pieces(after.items, after.starts), strict=True):
        if customer != NOBODY:
            bought.setdefault(customer, set()).update(basket.tolist())
    ids = np.array(list(bought), dtype=np.int64)
    is_known = memory.customers.find(ids) >= 0
    new, old = [], []
    for customer in ids[is_known].tolist():
        history = had(memory, customer)
        new.append(bought[customer] - history)
        old.append(bought[customer] & history)
    return ids[is_known], new, old


def had(memory: Memory, customer: int) -> set[int]:
    row = int(memory.customers.find(np.array([customer]))[0])
    start, end = memory.history.indptr[row : row + 2]
    return set(memory.items.ids[memory.history.indices[start:end]].tolist())


def for_customers(lists: Lists, wanted: Sequence[set[int]]) -> tuple[Measures, int]:
    """Recall at the length of the lists, and nDCG; a customer of whom nothing was wanted does not count."""
    count, rows = lists.ids.shape[1], [row for row, items in enumerate(wanted) if items]
    hits = np.array([[one in wanted[row] for one in lists.ids[row].tolist()] for row in rows], dtype=float)
    hits, sizes = hits.reshape(len(rows), count), np.array([len(wanted[row]) for row in rows], dtype=np.int64)
    found = np.column_stack([hits.sum(axis=1) / np.maximum(sizes, 1), gains(hits, sizes, count)])
    return means((f"recall@{count}", f"ndcg@{count}"), found), len(rows)


def weeks(baskets: Baskets, start: int) -> list[tuple[int, float, float]]:
    """Of every whole week: its first day, and the share of its 20 best sellers among the 20 that were foretold, first
    by what trended and then by all sales until then. One week begins on `start`."""
    first, end = int(np.floor(baskets.times.min())), int(np.floor(baskets.times.max())) + 1
    begin = first + (start - first) % WEEK
    sales, items, found = Sales(), Numbering(), []
    learn(sales, items, baskets.where(baskets.times < begin), begin)
    for day in np.unique(begin + (np.floor(baskets.times).astype(int) - begin) // WEEK * WEEK).tolist():
        if not begin <= day <= end - WEEK:
            continue
        week = baskets.where((baskets.times >= day) & (baskets.times < day + WEEK))
        guessed, usual = choosing.trending(sales, items), by_sales(sales, items)
        wanted = Sales()
        numbers = Numbering()
        learn(wanted, numbers, week, day + WEEK)
        if day - first >= WARM_UP * WEEK and len(numbers) >= 20:
            top = set(by_sales(wanted, numbers))
            found.append((day, len(top & {one for one, _ in guessed}) / 20, len(top & set(usual)) / 20))
        learn(sales, items, week, day + WEEK)
    return found


def learn(sales: Sales, items: Numbering, baskets: Baskets, at: int) -> None:
    sales.add(held_by(baskets, items), baskets.times, at)


def by_sales(sales: Sales, items: Numbering, count: int = 20) -> list[int]:
    """Ids of what was in the most baskets ever."""
    return items.ids[np.argsort(-sales.ever, kind="stable")[:count]].tolist()


def means(names: Sequence[str], rows: Sequence[Sequence[float]] | np.ndarray) -> Measures:
    if not len(rows):
        return dict.fromkeys(names)
    return {name: round(float(one), 4) for name, one in zip(names, np.mean(rows, axis=0), strict=True)}
