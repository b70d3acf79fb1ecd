"""Reads a query: which words it asks for, and how each may be written."""

from app.search.understanding.understood import Alternative, Lexicon, QueryWord, Understood
from app.search.words import query_words


def understand(q: str, lexicon: Lexicon) -> Understood:
    """The words of `q`, each with the ways in which products may write it."""
    return Understood(tuple(_word(typed, whole, parts) for typed, whole, parts in query_words(q)), typed=q)


def _word(typed: str, whole: str, parts: tuple[str, ...]) -> QueryWord:
    ways = (Alternative((whole,)), Alternative(parts)) if parts else (Alternative((whole,)),)
    return QueryWord(typed, ways)
