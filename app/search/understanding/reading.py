"""Reads a query: which words it asks for, and how each may be written."""

from app.search.understanding.spelling import corrected
from app.search.understanding.understood import Alternative, Lexicon, QueryWord, Understood
from app.search.understanding.wordlist import Wordlist
from app.search.words import query_words


def understand(q: str, lexicon: Lexicon, wordlist: Wordlist, reading: str = "") -> Understood:
    """The words of `q`, each with the ways in which products may write it.

    Args:
        reading: "typed": the spelling is not put right.
    """
    words = query_words(q)
    if reading != "typed":
        spelling = corrected([word.typed for word in words], lambda word: _is_known(word, lexicon), wordlist)
        if spelling.changes:
            meant = " ".join(spelling.words)
            return Understood(_words(meant), typed=q, corrected=meant)
    return Understood(_words(q), typed=q)


def _is_known(word: str, lexicon: Lexicon) -> bool:
    return any(lexicon.frequency(each.whole) for each in query_words(word))


def _words(text: str) -> tuple[QueryWord, ...]:
    return tuple(_word(*word) for word in query_words(text))


def _word(typed: str, whole: str, parts: tuple[str, ...]) -> QueryWord:
    ways = (Alternative((whole,)), Alternative(parts)) if parts else (Alternative((whole,)),)
    return QueryWord(typed, ways)
