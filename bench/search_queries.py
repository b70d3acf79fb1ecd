"""Queries of all kinds that a page asks, in the proportions of a guess, the same each time."""

import random
from datetime import timedelta

from app.search.arrivals import Arrivals
from app.search.query import Query
from bench.promises import AT, ZONE, portugal
from bench.search_catalogue import Vocabulary

QUERIES = 400


def arrivals() -> Arrivals:
    """When things arrive for a shopper in Lisbon, without a database."""
    return Arrivals(portugal(), ZONE, AT)


def queries(vocabulary: Vocabulary) -> list[Query]:
    """Of one to four words or none, rare ones and frequent ones; half with filters or an order of their own."""
    chance, found = random.Random(3), list[Query]()
    for number in range(QUERIES):
        words = [*vocabulary.some(chance, number // 8 % 4), chance.choice(vocabulary.things)]
        if number % 10 == 7:
            words = [chance.choice(vocabulary.brands)]
        text = " ".join(words)
        if number % 10 == 3:
            place = chance.randrange(len(text))
            text = text[:place] + text[place + 1 :]  # a typo
        found.append(_narrowed(Query(q="" if number % 20 == 19 else text), number % 16))
    return found


def _narrowed(query: Query, kind: int) -> Query:
    match kind:
        case 1:
            return query.but(colours=("Blue", "Red"))
        case 3:
            return query.but(low=5_000, high=40_000, in_stock=True)
        case 5:
            return query.but(sort="price", page=3)
        case 6:
            return query.but(attributes=(("property-3", ("oak", "steel")),))
        case 9:
            return query.but(sort="arrives")
        case 11:
            return query.but(by=AT.date() + timedelta(days=3))
        case 13:
            return query.but(sort="newest", page=20)
    return query
