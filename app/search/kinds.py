"""What a product is, read out of its name: "WindFall Tablet Stand tablet enclosure 32.8 cm Black" is an enclosure.

A name says whose it is and which model, then what it is, then how it is; or "what for what" and, in Portuguese and
Spanish, "what of what". So the thing is the last word before the first "for" or "de" that is no number, unit, colour
or value of the product's own attributes. What stands in brackets is beside the point, and brackets behind a measure,
33.8 cm (13.3"), begin the list of how it is. Whether a word that is a value here ("Type: case") or follows a number
("7 case") names a thing is told by the whole catalogue.
Of a set, a kit or a machine the word before tells what it is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.attributes import YES_OR_NO
from app.search.swatches import BASIC
from app.search.turns import Steps
from app.search.vocabularies import Bools, Ints
from app.search.words import fold, pieces

Stems = NDArray[np.int32]
Roles = NDArray[np.int8]

# The part that a word of a name plays.
# VALUE is a value in one word, which may name the thing elsewhere; SAID a word of a longer one ("Windows 10 Pro").
PLAIN, DESCRIBES, VALUE, AFTER_NUMBER, BEYOND, SAID = range(6)
_COUNTED = (VALUE, AFTER_NUMBER, PLAIN)
NOTHING = -1

# Words after which a name speaks of something else.
RELATIONS = frozenset(
    {"for", "with", "without", "per", "incl", "including", "compatible"}
    | {"para", "com", "sem", "con", "sin", "de", "del"}
)
# With a "de" behind them one name in English, too: "eau de parfum", "tour de France jersey".
NAMES_OF = frozenset({"eau", "fleur", "rio", "tour"})
# Stems that do not tell what a thing is; the word before does: a "tool set" is tools, an "espresso machine" espresso.
HOLLOW = frozenset({"set", "kit", "pack", "bundl", "system", "machin"})
LONGEST_VALUE = 5  # words: more are a sentence about the thing, which may name it
USUALLY = 0.5  # of its occurrences in names: above it a word is taken for a value, or a unit
SLICE = 4_000  # names looked at in one call of numpy, which keeps other threads waiting
OFTEN_LAST = 0.3  # of its occurrences as a plain word: from here on it is taken for a thing

_COLOURS = frozenset(BASIC) | {
    *("multicolour", "multicolor", "transparent", "clear", "cyan", "magenta", "turquoise", "violet", "bronze"),
    *("copper", "anthracite", "navy", "ivory", "colour", "color"),
}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
# "TD-8616 modem": TD names nothing, and it is not 8616 of any
_CODE = r"(?=[A-Z\d-]*\d)[A-Z][A-Z\d]*(?:-[A-Z\d]+)+(?![a-z])"
_TOKEN = re.compile(_CODE + r"|\d+[.,]\d+|[^\W_]+(?:['’][^\W_]+)*(?:\(s\))?|[,;:()–—|+]|-(?=\s)|(?<=\w{4})\.(?=\s)")
_YES = YES_OR_NO["yes"]
# Attributes, as stems, whose values name the thing; or may do so, in several words ("Type: digital camera").
_NAMING = frozenset({("product", "type"), ("kind",), ("model",), ("modelo",)})
_TYPE = (("type",), ("tipo",))


class Token(NamedTuple):
    """What a token of a name is, whosever name it is."""

    stems: tuple[str, ...]
    folded: str
    is_number: bool
    describes: bool


def describes(folded: str) -> bool:
    """Whether a word, whosever name it stands in, never is the thing: a number, a code, a colour."""
    return any(letter.isdigit() for letter in folded) or len(folded) < 2 or folded in _COLOURS


@lru_cache(maxsize=100_000)
def _token(token: str) -> Token:
    folded = fold(token)
    is_counted = folded.endswith("(s)")
    return Token(tuple(pieces(token)), folded, _NUMBER.fullmatch(folded) is not None, is_counted or describes(folded))


@lru_cache(maxsize=100_000)
def _stems(value: str) -> tuple[str, ...]:
    return tuple(pieces(value))


def roles(name: str, brand: str, said: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    """Each word of a name as a stem, in order, with the part that it plays."""
    tokens, makers, values = _TOKEN.findall(name), frozenset(_stems(brand)), frozenset(_values(said))
    long_values = _of_long_values(tokens, values)
    # the maker is named first, if at all: later the same word may be the thing ("Case Logic phone case")
    leading = sum(1 for _ in takewhile(lambda token: makers.issuperset(_token(token).stems), tokens))
    found: list[tuple[str, int]] = []
    after_number = beyond = aside = False
    before = ""
    for place, text in enumerate(tokens):
        token = _token(text)
        if text in "()":
            aside = text == "("
            beyond |= aside and bool(found) and found[-1][1] == AFTER_NUMBER
        elif not token.stems or _is_relation(token.folded, before):
            beyond |= any(role in (PLAIN, VALUE) for _, role in found)
        for stem in token.stems:
            if beyond or aside:
                role = BEYOND
            elif place < leading or token.describes:
                role = DESCRIBES
            elif place in long_values:
                role = SAID
            else:
                role = AFTER_NUMBER if after_number else VALUE if (stem,) in values else PLAIN
            found.append((stem, role))
        after_number = token.is_number or (after_number and not token.stems)
        before = token.folded
    return found


def _is_relation(word: str, before: str) -> bool:
    """Whether a name speaks of something else from a word on."""
    return word in RELATIONS and before not in NAMES_OF


def _values(said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """What the product says of itself, as its name may repeat it: "Colour printing: yes" as "colour printing"."""
    for name, value in said:
        asked = _stems(name)
        for stems in [asked] if value == _YES else map(_stems, value.split(",")):
            # "Case type: sleeve case" names the thing, too
            names_it = asked in _NAMING or (len(stems) > 1 and asked in (*_TYPE, (stems[-1], "type")))
            if 0 < len(stems) <= LONGEST_VALUE and not names_it:
                yield stems


def _of_long_values(tokens: Sequence[str], values: Iterable[tuple[str, ...]]) -> set[int]:
    """The places of the tokens that together are a value of several words."""
    by_first = defaultdict[str, list[tuple[str, ...]]](list)
    for value in values:
        if len(value) > 1:
            by_first[value[0]].append(value)
    stems = [(stem, place) for place, text in enumerate(tokens) for stem in _token(text).stems]
    found = set[int]()
    for start, (stem, _) in enumerate(stems):
        for value in by_first.get(stem, ()):
            run = stems[start : start + len(value)]
            if tuple(each for each, _ in run) == value:
                found.update(place for _, place in run)
    return found


def things(words: Stems, played: Roles, bounds: Ints, size: int, hollow: Sequence[int]) -> Steps[Ints]:
    """The stem of what each product is; NOTHING where its name does not say.

    Args:
        words: the stems (0..size-1) of all names, one name after another.
        played: the parts that they play.
        bounds: the words of the n-th name are words[bounds[n]:bounds[n + 1]].
        hollow: which stems are `HOLLOW`.
    """
    parts = [bounds[start : start + SLICE + 1] for start in range(0, len(bounds) - 1, SLICE)]
    by_role = np.zeros((len(_COUNTED), size), np.int64)
    for part in parts:
        stems, roles = words[part[0] : part[-1]], played[part[0] : part[-1]]
        by_role += [np.bincount(stems[roles == role], minlength=size) for role in _COUNTED]
        yield
    values, units, plains = by_role
    usual = USUALLY * np.maximum(by_role.sum(axis=0), 1)
    plain, last_plain = (values <= usual) & (units <= usual), np.zeros(size, np.int64)
    for part in parts:
        stems, roles = words[part[0] : part[-1]], played[part[0] : part[-1]]
        last = _last(stems, (roles == PLAIN) & plain[stems], part)
        last_plain += np.bincount(last[last != NOTHING], minlength=size)
        yield
    often_last, found = plain & (last_plain > OFTEN_LAST * plains), [np.zeros(0, np.int64)]
    for part in parts:
        stems, roles = words[part[0] : part[-1]], played[part[0] : part[-1]]
        naming = _naming(stems, roles, plain, often_last)
        found.append(_last(stems, naming & ~(np.isin(stems, hollow) & _follows(naming, part)), part))
        yield
    return np.concatenate(found)


def _naming(stems: Stems, roles: Roles, plain: Bools, often_last: Bools) -> Bools:
    """Which words may name the thing; those with another part in this name, if they do so in others."""
    others = (roles == VALUE) | (roles == AFTER_NUMBER)
    return (roles == PLAIN) & plain[stems] | others & often_last[stems]


def _follows(chosen: Bools, bounds: Ints) -> Bools:
    """Which words stand right behind a chosen one of the same name."""
    found = np.append(False, chosen)[: len(chosen)]
    firsts = bounds[:-1] - bounds[0]
    found[firsts[firsts < len(found)]] = False
    return found


def _last(stems: Stems, chosen: Bools, bounds: Ints) -> Ints:
    """The last chosen stem of each name, NOTHING without one."""
    found = np.full(len(bounds) - 1, NOTHING)
    places = np.flatnonzero(chosen)
    ends = np.searchsorted(places, bounds[1:] - bounds[0])  # behind the last that is chosen of each name
    starts = np.searchsorted(places, bounds[:-1] - bounds[0])
    has = ends > starts
    found[has] = stems[places[ends[has] - 1]]
    return found


def relation(stems: Sequence[str], nowhere: int) -> int:
    """The place of the first "for" or "with" that follows something."""
    places = range(1, len(stems))
    return next((place for place in places if _is_relation(stems[place], stems[place - 1])), nowhere)
