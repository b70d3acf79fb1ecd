"""What a query becomes by a list of synonyms, and how many products it then finds."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from app.search.engine import Engine
from app.search.query import LONGEST_QUERY
from app.search.synonyms.keeping import current, of_feira, texts
from app.search.synonyms.parsing import Synonyms, load
from app.search.understanding import QueryWord, understand
from app.search.words import pieces


@dataclass(frozen=True)
class Count:
    total: int
    every_word: bool  # False: no product has all words, so many have some


@dataclass(frozen=True)
class Trial:
    typed: str
    corrected: str  # the spelling that was searched for instead; empty if it was searched for as typed
    words: tuple[tuple[str, list[str]], ...]  # each word, and what else it may be called
    without: Count  # any synonyms
    saved: Count
    tried: Count


async def tried(engine: Engine, q: str, language: str, text: str) -> Trial:
    """`q` by what counts, with `text` in the place of the operators' list of `language`; no page is shown from it."""
    q = " ".join(q.split())[:LONGEST_QUERY]
    saved = await asyncio.to_thread(current)
    own, _ = await asyncio.to_thread(lambda: load({**texts(), language: text}))
    draft = of_feira().but(own)
    counts = [await _count(engine, q, synonyms) for synonyms in (Synonyms.empty(), saved, draft)]
    understood = understand(q, engine.snapshot, engine.wordlists.current, draft)
    words = tuple((word.typed, _others(word)) for word in understood.words)
    return Trial(q, understood.corrected, words, *counts)


async def still_fail(engine: Engine, queries: Sequence[str]) -> set[str]:
    """Those of the queries that find no product with all of their words now, either."""
    synonyms = await asyncio.to_thread(current)
    failing = set()
    for query in queries:  # one by one: shoppers' searches get their turns between them
        count = await _count(engine, query, synonyms)
        if not count.total or not count.every_word:
            failing.add(query)
    return failing


async def _count(engine: Engine, q: str, synonyms: Synonyms) -> Count:
    snapshot, wordlist = engine.snapshot, engine.wordlists.current

    def count() -> Count:
        matches = snapshot.match(understand(q, snapshot, wordlist, synonyms))
        return Count(int(matches.found.sum()), matches.every_word)

    return await engine.run(count)


def _others(word: QueryWord) -> list[str]:
    """The ways to write it, as the index has them, but for the one that was typed."""
    own = tuple(pieces(word.typed))
    return list(dict.fromkeys(" ".join(way.words) for way in word.alternatives if way.words != own))
