"""Text becomes words: folded, split, stemmed; codes such as "usb-c" and "i7-8550u" stay findable in any spelling."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter import stem

LONGEST_WORD = 60
UNSTEMMED = 3  # letters of a word that is its own stem
SHORTEST_CORRECTABLE, LONGEST_CORRECTABLE = 3, 24  # letters: of shorter words too many are near
MOST_WORDS = 16  # of one query

WORD = re.compile(r"[^\W_]+(?:[-.'][^\W_]+)*")
_JOINT = re.compile(r"[-.']")
_POSSESSIVE = re.compile(r"'s?$")
_PLURAL = re.compile(r"(?<=\w)\(s\)")
_DECIMAL = re.compile(r"\d+\.\d+")
SMALL_WORDS = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
    | {"com", "da", "de", "do", "e", "em", "para"}
    | {"con", "del", "el", "en", "la", "las", "los", "un", "una"}
)
# Porter's stem of these is that of another thing: of an earring an ear, of a controller control. They keep their own.
_OWN_STEM = frozenset(
    {"gaming", "earring", "clothing", "training", "bedding", "painting", "dressing", "legging", "boxing", "bearing"}
    | {"monitoring", "stocking", "wedding", "housing", "driving", "wired", "corded", "powered", "controller"}
    | {"organizer", "organiser", "recorder", "presenter", "generator", "opener", "moisturizer", "convertible"}
    | {"labeller", "duplexer", "suite", "anime", "comforter", "dresser", "checker", "liquidizer", "liquidiser"}
)


class Token(NamedTuple):
    """What a product must contain: `whole`, or else every one of `parts`."""

    typed: str
    whole: str
    parts: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case without accents: "Chávena" and "CHAVENA" are one word."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _written(text: str) -> list[str]:
    """The words of a text, folded. "1 pc(s)" is one of some pcs: not to be found by "pc"."""
    return WORD.findall(_PLURAL.sub("s", fold(text)))


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    if len(word) <= UNSTEMMED or not (word.isascii() and word.isalpha()):
        return word
    if (one := word.removesuffix("s")) in _OWN_STEM:
        return one
    short = word[:-1]  # "toys", which Porter makes "toi", is the plural of what stays as it is
    return short if len(short) == UNSTEMMED and word[-1] == "s" != short[-1] else str(stem(word))


@lru_cache(maxsize=100_000)
def _split(word: str) -> tuple[str, tuple[str, ...]]:
    """The word in one piece, and its pieces if it has joints."""
    word = _POSSESSIVE.sub("", word)[:LONGEST_WORD]
    if _DECIMAL.fullmatch(word):
        return word, ()
    parts = tuple(_stemmed(part) for part in _JOINT.split(word) if part)
    return (parts[0], ()) if len(parts) == 1 else ("".join(_JOINT.split(word)), parts)


def index_words(text: str) -> list[str]:
    """Every word that a product with this text should be found by, in order."""
    words: list[str] = []
    for found in _written(text):
        whole, parts = _split(found)
        words += [whole, *parts]
    return words


def pieces(text: str) -> list[str]:
    """The stems of a text in order, what has joints in its parts: "USB-C lamps" -> usb, c, lamp."""
    return [stem for found in _written(text) for whole, parts in [_split(found)] for stem in parts or (whole,)]


def unjoined(text: str) -> str:
    """The text with the pieces of joined words each for itself: "USB-C lamps" -> USB C lamps."""
    return _JOINT.sub(" ", text)


def is_correctable(word: str) -> bool:
    """Whether it can be misspelt, or be meant by what is: codes, numbers and short words are what they are."""
    return SHORTEST_CORRECTABLE <= len(word) <= LONGEST_CORRECTABLE and word.isalpha()


def query_words(text: str) -> list[Token]:
    """The words of a query, each once; small words only count where there is nothing else."""
    words: dict[str, Token] = {}
    for found in _written(text):
        whole, parts = _split(found)
        words.setdefault(whole, Token(found, whole, parts))
    telling = [word for word in words.values() if word.typed not in SMALL_WORDS]
    return (telling or list(words.values()))[:MOST_WORDS]
