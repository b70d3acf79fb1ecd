"""From a query to a page of results: what a snapshot holds, narrowed, counted and put in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search import facets
from app.search.arrivals import Arrivals
from app.search.columns import Bools, Ints
from app.search.documents import Document
from app.search.facets import Facets
from app.search.query import Query
from app.search.snapshot import Matches, Snapshot
from app.search.understanding import Understood, understand
from app.search.understanding.wordlist import Wordlist

SOLD_OUT_WORTH = 0.5  # of a hit that can be bought


@dataclass(frozen=True)
class Result:
    total: int
    page: int
    pages: int
    documents: tuple[Document, ...]
    facets: Facets
    understood: Understood
    every_word: bool  # False: no product has all words, these have some of them
    matched: int  # before any filter


def answer(snapshot: Snapshot, wordlist: Wordlist, query: Query, arrivals: Arrivals | None) -> Result:
    understood = understand(query.q, snapshot, wordlist, query.reading)
    matches = snapshot.match(understood.words)
    days = facets.arrival_days(snapshot, arrivals) if arrivals else None
    on = facets.masks(snapshot, query, days)
    left = facets.passing(matches.found, on)
    total = int(left.sum())
    pages = max(-(-total // query.size), 1)
    page = min(query.page, pages)
    order = ordered(snapshot, query, matches, left, days, page * query.size)[(page - 1) * query.size :]
    return Result(
        total=total,
        page=page,
        pages=pages,
        documents=tuple(snapshot.document(int(number)) for number in order),
        facets=facets.count(snapshot, query, matches.found, on, days),
        understood=understood,
        every_word=matches.every_word,
        matched=int(matches.found.sum()),
    )


def ordered(snapshot: Snapshot, query: Query, matches: Matches, left: Bools, days: Ints | None, count: int) -> Ints:
    """The first `count` numbers of the documents that are left, in the order asked for; equals in a fixed shuffle."""
    columns = snapshot.columns
    numbers = np.flatnonzero(left)
    in_stock = columns.in_stock[numbers]
    best = (
        matches.scores[numbers] * np.where(in_stock, 1.0, SOLD_OUT_WORTH)
        if matches.is_scored
        else columns.sellers[numbers] + 1000.0 * in_stock
    )
    keys: list[Any] = [-best, columns.mix[numbers], columns.product[numbers]]
    match query.sort:
        case "arrives" if days is not None:
            keys.insert(0, days[numbers])
        case "price":
            keys.insert(0, columns.price[numbers])
        case "price-down":
            keys.insert(0, -columns.price[numbers])
        case "newest":
            keys.insert(0, -columns.created[numbers])
    return numbers[first(keys, count)]


def first(keys: Sequence[NDArray[Any]], count: int) -> Ints:
    """The places of the `count` smallest entries in order, by the first key, equals by the next; sorts only those."""
    places = np.arange(len(keys[0]))
    settled: list[Ints] = []
    for depth, key in enumerate(keys):
        if len(places) <= count or depth == len(keys) - 1:
            break
        values = key[places]
        last = np.partition(values, count - 1)[count - 1]
        settled.append(places[values < last])
        count -= len(settled[-1])
        places = places[values == last]
    chosen = np.concatenate([*settled, _sorted(places, keys)[:count]])
    return _sorted(chosen, keys)


def _sorted(places: Ints, keys: Sequence[NDArray[Any]]) -> Ints:
    return places[np.lexsort([key[places] for key in reversed(keys)])]
