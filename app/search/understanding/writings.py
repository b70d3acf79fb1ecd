"""The ways in which products may write one word of a query: "usb-c" or "usbc", "8gb" or "8 gb", a code's beginning."""

import re

from app.search.understanding.understood import ALIKE, Alternative, Lexicon
from app.search.words import UNSTEMMED, pieces

NEARLY = 0.9  # the worth of a way that is probably meant
SHORTEST_PART = 3  # letters of each part of a word that was written in one
SHORTEST_CODE = 4
CALLED = 5  # products, from which on such a word is taken for the plural of what they are
MOST_CODES = 20
RARE = 10  # products, below which a code is looked for as the beginning of others, too
MOST_SIZES = 40

_MEASURE = re.compile(r"(\d+(?:\.\d+)?)([^\W\d_]{1,6})")
_INCHES = re.compile(
    r"(?<![\w.])(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:\"|''|”|″|-?inch(?:es)?\b|in\b|zoll\b|(?:pole|pul)gadas\b)",
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_CODE = re.compile(r"(?=.*\d)[^\W_]+")
_DECIMAL = re.compile(r"\d+\.\d")
_MODEL = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[^\W_]+")


def tidied(q: str) -> str:
    """Measures in one spelling: 15,6 inch, 15.6'' and 15.6" are what names write as (15.6")."""
    return _INCHES.sub(lambda found: found[1] + " ", _DECIMAL_COMMA.sub(".", q))


def rounded(q: str) -> frozenset[str]:
    """Whole numbers of inches in a query, which sellers give to a tenth."""
    return frozenset(number for number in _INCHES.findall(q) if number.isdigit())


def sizes(number: str, lexicon: Lexicon) -> tuple[Alternative, ...]:
    """What is called 24 inches: 23.8 as well as 24.1; and a screen of 15.6 is one of 15 and one of 16."""
    whole = int(number)
    near = [word for start in (whole - 1, whole) for word in lexicon.beginning(f"{start}.", MOST_SIZES)]
    return tuple(
        Alternative((word,), NEARLY) for word in near if _DECIMAL.fullmatch(word) and whole - 0.5 <= float(word)
    )


def ways(whole: str, parts: tuple[str, ...], lexicon: Lexicon) -> tuple[Alternative, ...]:
    """The word as typed first, then what else it may be written as."""
    found = [Alternative((whole,)), *([Alternative(parts)] if parts else [])]
    if len(whole) == UNSTEMMED and whole.endswith("s") and lexicon.called(whole[:-1]) >= CALLED:
        found.append(Alternative((whole[:-1],), ALIKE))  # "tvs", "cds", "pcs"
    if measure := _MEASURE.fullmatch(whole):
        found.append(Alternative((measure[1], *pieces(measure[2]))))
    if not any(is_known(way, lexicon) for way in found):
        found += _of_unknown(whole, lexicon)
    elif len(whole) >= SHORTEST_CODE and _MODEL.fullmatch(whole) and lexicon.frequency(whole) < RARE:
        found += _longer(whole, lexicon)
    return tuple(found)


def is_known(way: Alternative, lexicon: Lexicon) -> bool:
    return all(lexicon.frequency(word) for word in way.words)


def _longer(model: str, lexicon: Lexicon) -> list[Alternative]:
    """Codes that begin with a model: lc1100y is an lc1100; but wd4000 is no wd40."""
    codes = [code for code in lexicon.beginning(model, MOST_CODES) if code != model]
    return [Alternative((code,), NEARLY) for code in codes if not (model[-1] + code[len(model)]).isdigit()]


def _of_unknown(word: str, lexicon: Lexicon) -> list[Alternative]:
    """A code of which this is the beginning, a number without its leading zero, or two words written in one."""
    if _CODE.fullmatch(word):
        codes = lexicon.beginning(word, MOST_CODES) if len(word) >= SHORTEST_CODE else []
        longer = [f"0{word}"] if word.isdigit() and len(word) == 12 else []  # a UPC as an EAN
        return [Alternative((code,), NEARLY) for code in [*longer, *codes] if lexicon.frequency(code)]
    return _parted(word, lexicon)


def _parted(word: str, lexicon: Lexicon) -> list[Alternative]:
    """ "mousepad" -> mouse, pad: where the rarer of both parts is most frequent."""
    best, most = [], 0
    for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        parts = tuple(pieces(f"{word[:place]} {word[place:]}"))
        frequency = lexicon.frequency_together(parts) if len(parts) == 2 else 0
        if frequency > most:
            best, most = [Alternative(parts, NEARLY)], frequency
    return best


def joined(typed: tuple[str, str]) -> tuple[str, ...]:
    """Two words in one: "note book" -> notebook, "8 gb" -> 8gb; empty for pairs that nobody writes so."""
    first, second = typed
    is_measure = first.replace(".", "").isdigit() and second.isalpha() and len(second) <= 4
    if is_measure or (first.isalpha() and second.isalpha() and min(len(first), len(second)) >= SHORTEST_PART):
        return tuple(pieces(first + second))
    return ()
