"""What is a word of somebody's name: titles are none, and letters keep the marks that their script writes upon them."""

import re
import unicodedata

JOINERS = "\u200c\u200d"
_TITLE = re.compile(r"[^\W\d_]{2,}\.")  # "Dr.", "Prof."; "J." is an initial


def words_of(name: str) -> list[str]:
    """The words of a name, without the titles before it: "Prof. Dr. Ana Lopes" → Ana, Lopes."""
    words = unicodedata.normalize("NFC", name).split()
    while words and _TITLE.fullmatch(words[0]):
        words.pop(0)
    return words


def given_name(name: str) -> str:
    """How to address somebody: the first word of the name; "" for none, or where an initial stands there."""
    first = next(iter(words_of(name)), "")
    return "" if first.endswith(".") else first


def bare(name: str) -> str:
    """The name without the marks upon its letters, and what joins them, for patterns of letters: `\\w` does not know
    them, and "प्रिया" has as many as letters. More marks than letters are no writing, and stay."""
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(each for each in composed if unicodedata.category(each) not in ("Mn", "Mc") and each not in JOINERS)
    return kept if 2 * len(kept) >= len(composed) else composed
