"""From a query to a page of results: what a snapshot holds, narrowed, counted and put in order."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.search import facets, rated, synonyms
from app.search.arrivals import Arrivals
from app.search.columns import Bools, Ints
from app.search.documents import Document
from app.search.facets import Facets
from app.search.nearly import MOST, nearly
from app.search.query import PAGE_SIZE, Query
from app.search.ranking import SOLD_OUT_WORTH, ranked
from app.search.snapshot import Matches, Snapshot
from app.search.sorting import first
from app.search.turns import breathe
from app.search.understanding import Narrowing, Understood, understand
from app.search.understanding.narrowing import BRAND, CATEGORY, LEAST, narrowings, spans
from app.search.understanding.wordlist import Wordlist
from app.search.words import fold, pieces


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
    nearly: tuple[Document, ...] = ()  # what to show below the few that have every word, not counted in any number


def answer(snapshot: Snapshot, wordlist: Wordlist, query: Query, arrivals: Arrivals | None) -> Result:
    understood = understand(query.q, snapshot, wordlist, synonyms.current(), query.reading)
    matches = snapshot.match(understood)
    days = facets.arrival_days(snapshot, arrivals) if arrivals else None
    understood = replace(understood, narrowed=tuple(_narrowed(snapshot, query, understood, matches)))
    on = facets.masks(snapshot, narrowed(query, understood), days)
    left = facets.passing(matches.found, on)
    total = int(left.sum())
    pages = max(-(-total // query.size), 1)
    page = min(query.page, pages)
    order = ordered(snapshot, query, understood, matches, left, days, page * query.size)[(page - 1) * query.size :]
    others, more = order[:0], nearly(snapshot, understood, matches)
    if more.any():
        most = min(query.size - len(order), MOST)
        others = ranked(snapshot, understood, matches, facets.passing(more, on), days, most)
    return Result(
        total=total,
        page=page,
        pages=pages,
        documents=tuple(_document(snapshot, number) for number in order.tolist()),
        facets=facets.count(snapshot, query, matches.found, on, days),
        understood=understood,
        every_word=matches.every_word,
        matched=int(matches.found.sum()),
        nearly=tuple(_document(snapshot, number) for number in others.tolist()),
    )


def _document(snapshot: Snapshot, number: int) -> Document:
    breathe()
    return snapshot.document(number)


def narrowed(query: Query, understood: Understood) -> Query:
    """The query with the filters that its words are."""
    for each in understood.narrowed:
        query = query.but(page=query.page, **{"brands": (each.key,)} if each.kind == BRAND else {"category": each.key})
    return query


def _narrowed(snapshot: Snapshot, query: Query, understood: Understood, matches: Matches) -> list[Narrowing]:
    """What the words narrow the list to: the same whatever filters and pages the shopper goes on to."""
    if query.reading or not matches.is_scored or not matches.every_word:
        return []
    typed, columns, known = understood.typed_words, snapshot.columns, snapshot.known
    category = snapshot.category_labels.get(fold(" ".join(understood.searched_for.split())))
    if category is not None and not query.category and _holds_enough(snapshot, category, matches):
        return [Narrowing(CATEGORY, str(known.categories.keys[category]), known.categories.labels[category], query.q)]
    if not spans(typed, snapshot.brand_names) and not spans(typed, snapshot.category_names):
        return []  # as in most queries: then nothing need be ranked twice
    best = ranked(snapshot, understood, matches, matches.found, None, PAGE_SIZE)
    found: list[Narrowing] = []
    if not query.brands:
        brands = [columns.brand[number : number + 1] for number in best]
        found += narrowings(BRAND, typed, snapshot.brand_names, known.brands, brands)
    if not query.category:
        left = [word for word in typed if word not in " ".join(each.typed for each in found).split()]
        if left and tuple(pieces(" ".join(left))) in snapshot.category_names:
            found += narrowings(CATEGORY, left, snapshot.category_names, known.categories, columns.categories.of(best))
    return found


def _holds_enough(snapshot: Snapshot, category: int, matches: Matches) -> bool:
    inside = snapshot.columns.categories.having([category], snapshot.size)
    return int((inside & matches.found).sum()) >= LEAST


def ordered(
    snapshot: Snapshot,
    query: Query,
    understood: Understood,
    matches: Matches,
    left: Bools,
    days: Ints | None,
    count: int,
) -> Ints:
    """The first `count` numbers of the documents that are left, in the order asked for; equals in a fixed shuffle."""
    columns = snapshot.columns
    if matches.is_scored and query.sort == "best":
        return ranked(snapshot, understood, matches, left, days, count)
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
        case "rating":
            keys.insert(0, rated.sort_key(columns.stars[numbers], columns.reviews[numbers], snapshot.mean_stars))
        case "newest":
            keys.insert(0, -columns.created[numbers])
    return numbers[first(keys, count)]
