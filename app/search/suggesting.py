"""What a search may become while it is being typed: words that go on, what others ask, categories, brands, products.

Everything comes from memory, and nothing is suggested that finds nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from string import ascii_lowercase

import numpy as np

from app.search.asked import Popular
from app.search.documents import Document
from app.search.snapshot import Snapshot
from app.search.sold import Sold
from app.search.understanding.spelling import corrected
from app.search.understanding.wordlist import Wordlist
from app.search.vocabularies import Bools
from app.search.words import SMALL_WORDS, fold, pieces

MOST = 6  # completions
MOST_PLACES = 2  # categories and brands among them
MOST_POPULAR = 3
MOST_PRODUCTS = 3
SHORTEST_PLACE = 2  # letters
LONGEST = 100
SHORTEST_MISSPELT, LONGEST_MISSPELT = 4, 16  # letters of a beginning that is put right
WHOLE = 0.3  # of the products found must have the last word as it stands, for others to follow it
SAMPLE = 4_000  # of the products found, about: enough to tell which words many of them have
TELLING = 0.7  # of the products found: what more of them have does not tell them apart


@dataclass(frozen=True)
class Suggestion:
    """`text` is what is searched for; `kept` is the part of it that was typed."""

    text: str
    kept: int = 0
    category: str = ""  # path
    brand: str = ""
    within: str = ""  # name of the department, for a category


@dataclass(frozen=True)
class Suggestions:
    rows: tuple[Suggestion, ...]
    products: tuple[Document, ...]


def suggest(
    snapshot: Snapshot, wordlist: Wordlist, popular: Sequence[Popular], typed: str, category: str = ""
) -> Suggestions:
    """For what stands in the field now; its last word may be only begun. With a category, for a search inside it."""
    text = " ".join(typed.split())[:LONGEST]
    words = fold(text).split()
    if not words or wordlist.stock is None or len(snapshot.alive) != wordlist.stock.size:
        return Suggestions((), ())
    is_open = not typed.endswith(" ")
    offered = snapshot.alive
    if category:
        number = snapshot.known.categories.find([category])
        offered = offered & snapshot.columns.categories.having(number, snapshot.size)
    holding = wordlist.holding(words, last_is_open=is_open) & offered
    if not holding.any():
        words = _put_right(wordlist, words, offered)
        text, is_open = " ".join(words), True
        holding = wordlist.holding(words, last_is_open=True) & offered
        if not holding.any():
            return Suggestions((), ())
    rows = chain(
        _popular(text, words, popular, wordlist, offered),
        _places(snapshot, words, category, offered),
        _going_on(wordlist, text, words, holding, is_open=is_open),
    )
    return Suggestions(tuple(islice(_distinct(rows, text), MOST)), _products(snapshot, holding))


def _put_right(wordlist: Wordlist, words: Sequence[str], alive: Bools) -> list[str]:
    """Whole words spelt as products have them; else the beginning of the last one, one edit away."""
    spelling = corrected(words, lambda word: 0 if wordlist.place(word) is None else 1, wordlist)
    if spelling.changes and (wordlist.holding(spelling.words, last_is_open=True) & alive).any():
        return list(spelling.words)
    *before, last = words
    rest = wordlist.holding(before, last_is_open=False) & alive
    best, most = last, 0
    for begun in sorted(_one_edit_away(last)) if SHORTEST_MISSPELT <= len(last) <= LONGEST_MISSPELT else ():
        first, end = wordlist.beginning(begun)
        if first < end and (held := int(wordlist.counts_within(first, end, rest).sum())) > most:
            best, most = begun, held
    return [*before, best]


def _one_edit_away(begun: str) -> set[str]:
    """With two letters exchanged, one left out, changed or put in; the first letter stays, as it mostly is right."""
    cuts = [(begun[:n], begun[n:]) for n in range(1, len(begun))]
    found = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1} | {a + b[1:] for a, b in cuts}
    return found | {a + letter + rest for a, b in cuts for letter in ascii_lowercase for rest in (b, b[1:])}


def _popular(
    text: str, words: Sequence[str], popular: Iterable[Popular], wordlist: Wordlist, offered: Bools
) -> Iterator[Suggestion]:
    """What others ask that begins so, if names on sale still have its words."""
    begun = " ".join(words)
    likely = (each for each in popular if each.query.startswith(begun) and each.query != begun)
    there = (each for each in likely if (wordlist.holding(each.query.split(), last_is_open=False) & offered).any())
    return (Suggestion(each.shown, len(text)) for each in islice(there, MOST_POPULAR))


def _places(snapshot: Snapshot, words: Sequence[str], inside: str, offered: Bools) -> Iterator[Suggestion]:
    """Categories and brands on sale whose names hold the words, the last one perhaps only begun."""
    if len(words[-1]) < SHORTEST_PLACE:
        return
    known = snapshot.known

    def is_below(n: int) -> bool:
        return not inside or str(known.categories.keys[n]).startswith(f"{inside}/")

    def is_sold_here(n: int) -> bool:
        return not inside or bool(offered[snapshot.columns.brand == n].any())

    for n in _begun(snapshot.sold_categories, words, is_below):
        path = str(known.categories.keys[n])
        above = known.categories.label(path.rpartition("/")[0]) if "/" in path else ""
        yield Suggestion(known.categories.labels[n], category=path, within=above)
    for n in _begun(snapshot.sold_brands, words, is_sold_here):
        yield Suggestion(known.brands.labels[n], brand=str(known.brands.keys[n]))


def _begun(places: Sold, words: Sequence[str], is_there: Callable[[int], bool]) -> list[int]:
    """Numbers of the largest places there of whose names every word is a beginning."""
    return list(islice(filter(is_there, places.begun(words)), MOST_PLACES))


def _going_on(
    wordlist: Wordlist, text: str, words: Sequence[str], holding: Bools, *, is_open: bool
) -> Iterator[Suggestion]:
    """The last word completed, then further words; those first that most products hold together with the others."""
    before = text.rpartition(" ")[0] if is_open else text
    head = f"{before} " if before else ""
    if is_open:
        first, last = wordlist.beginning(words[-1])
        for place in _most(wordlist.counts_within(first, last, holding)):
            if wordlist.words[first + place] != words[-1]:
                yield Suggestion(head + wordlist.shown[first + place], len(text))
    own = wordlist.place(words[-1])
    if own is not None:
        found = np.flatnonzero(holding)
        some = found[:: len(found) // SAMPLE + 1]
        counts = wordlist.counts_among(some)
        if counts[own] <= WHOLE * len(some):
            return
        counts[counts > TELLING * len(some)] = 0
        for place in _most(counts):
            if wordlist.words[place] not in words and wordlist.words[place] not in SMALL_WORDS:
                yield Suggestion(f"{text} {wordlist.shown[place]}", len(text))


def _most(counts: np.ndarray) -> list[int]:
    """Places with the highest counts, none of them 0."""
    places = np.flatnonzero(counts)
    if len(places) > MOST * 3:  # of equals at the edge those that come first, as a stable sort would have it
        least = np.partition(counts[places], -MOST * 3)[-MOST * 3]
        places = places[counts[places] >= least]
    chosen = places[np.argsort(-counts[places], kind="stable")[: MOST * 3]]
    return [int(place) for place in chosen]


def _distinct(rows: Iterable[Suggestion], typed: str) -> Iterator[Suggestion]:
    """Without a second search for the same: "lamps" below "lamp"."""
    seen = {(tuple(pieces(typed)), False)}
    for row in rows:
        key = tuple(pieces(row.text)), bool(row.category or row.brand)
        if key not in seen:
            seen.add(key)
            yield row


def _products(snapshot: Snapshot, holding: Bools) -> tuple[Document, ...]:
    """What can be bought before what is sold out, then what most sell."""
    numbers = np.flatnonzero(holding)
    if len(numbers) > MOST_PRODUCTS:  # the few best without sorting all
        numbers = numbers[np.argpartition(snapshot.standing[numbers], MOST_PRODUCTS)[:MOST_PRODUCTS]]
    first = numbers[np.argsort(snapshot.standing[numbers])]
    return tuple(snapshot.document(int(number)) for number in first)
