"""Products like another one, and what stands beside it: from the index, so a new product has neighbours at once."""

import math
from collections.abc import Collection, Sequence

from app.search.documents import Document
from app.search.engine import engine
from app.search.query import PAGE_SIZE, Query
from app.search.words import fold

FEW = 5
BRAND, PRICE, WORD = 0.5, 1.0, 0.6  # what it says that these are the same, or near


async def similar(to: Document, without: Collection[int] = ()) -> list[Document]:
    """What can be bought of its own category, the most like it first; then of the category above.

    A list of a category is in the engine's memory for every product of it; only its order is worked out here.
    """
    found = dict[int, Document]()
    for path, _ in reversed(to.categories):
        there = (await engine().search(Query(category=path, in_stock=True, size=PAGE_SIZE))).documents
        for each in sorted(there, key=lambda other: -likeness(to, other)):
            found.setdefault(each.product, each)
        if len(found) > PAGE_SIZE // 4:
            break
    return [each for each in found.values() if each.product != to.product and each.product not in without]


async def of_category(categories: Sequence[tuple[str, str]]) -> list[Document]:
    """A few of the first of these (path, name), for what is not on sale itself."""
    queries = [Query(category=path, in_stock=True, size=FEW) for path, _ in categories[:1]]
    return [each for query in queries for each in (await engine().search(query)).documents]


async def of_brand_elsewhere(to: Document) -> list[Document]:
    """What its maker has in other categories."""
    if not to.brand:
        return []
    there = (await engine().search(Query(brands=(to.brand,), in_stock=True, size=PAGE_SIZE))).documents
    return [each for each in there if each.categories[-1] != to.categories[-1]]


async def beside(to: Document) -> list[Document]:
    """What stands next to its category: of the category above, without its own, near in price first."""
    if len(to.categories) < 2:
        return []
    there = (await engine().search(Query(category=to.categories[0][0], in_stock=True, size=PAGE_SIZE))).documents
    others = [each for each in there if each.categories[-1] != to.categories[-1]]
    return sorted(others, key=lambda other: -likeness(to, other))


def likeness(one: Document, other: Document) -> float:
    """By the maker, the price (half or double is far away) and the words of their names."""
    ratio = abs(math.log2(max(other.price_minor, 1) / max(one.price_minor, 1)))
    mine, theirs = set(fold(one.name).split()), set(fold(other.name).split())
    shared = len(mine & theirs) / max(len(mine | theirs), 1)
    return BRAND * (one.brand == other.brand) + PRICE * max(0.0, 1 - ratio) + WORD * shared
