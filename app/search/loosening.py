"""What to offer where nothing (or not all of it) was found: only searches that do find something, with their counts."""

from app.search.arrivals import Arrivals
from app.search.engine import engine
from app.search.listing import filters_on
from app.search.query import Query, address
from app.search.rows import Row
from app.search.words import query_words

MOST_WORDS = 6
MOST_OFFERS = 5


async def fewer_words(text: str) -> list[Row]:
    """The text with one word less, then its single words, without filters: those that find something."""
    words = [word.typed for word in query_words(text)][:MOST_WORDS]
    if len(words) < 2:
        return []
    shorter = [" ".join(words[:n] + words[n + 1 :]) for n in reversed(range(len(words)))]
    rows = []
    for less in dict.fromkeys([*shorter, *words]):
        asked = Query(q=less)
        count, every_word = await engine().count(asked)
        if count and every_word:
            rows.append(Row(less, address("/search", asked), count=count))
    return rows[:MOST_OFFERS]


async def fewer_filters(path: str, query: Query, there: Arrivals | None) -> list[Row]:
    """Each filter without which there would be something, with how much."""
    rows = []
    for label, less in filters_on(path, query, engine().known):
        count, _ = await engine().count(less, there)
        if count:
            rows.append(Row(label, address(path, less), count=count))
    return rows
