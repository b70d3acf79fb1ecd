"""Reads a query: which words it asks for, how each may be written, and which of them names the thing."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from app.search.kinds import HOLLOW, NAMES_OF, describes
from app.search.synonyms import Synonyms
from app.search.understanding.spelling import begun_alike, corrected
from app.search.understanding.understood import ALIKE, Alternative, Lexicon, QueryWord, Understood
from app.search.understanding.wordlist import Wordlist
from app.search.understanding.writings import NEARLY, is_known, joined, rounded, sizes, tidied, ways
from app.search.words import Token, fold, pieces, query_words

SYNONYM = 0.6  # the worth of a synonym, against the word as typed; ALIKE where next to no product is what is typed
FEW = 10  # products
TYPED = "typed"  # the reading that puts no spelling right

# "case for iphone", "capa para telemóvel": the thing stands before.
_RELATION = re.compile(
    "".join(rf"(?<!\b{name})" for name in sorted(NAMES_OF)) + r"\s(?:for|with|without|para|com|sem|con|sin|de|del)\s"
)
_AND = re.compile(r"\s(?:and|or|e|ou|&|\+)\s")


def understand(q: str, lexicon: Lexicon, wordlist: Wordlist, synonyms: Synonyms, reading: str = "") -> Understood:
    """The words of `q`, each with the ways in which products may write it."""
    text, meant = tidied(q), ""
    if reading != TYPED:
        meant = _meant(query_words(text), lexicon, wordlist, synonyms)
        text = meant or text
    tokens = query_words(text)
    inches = {number: sizes(number, lexicon) for number in rounded(q)}
    written = [
        QueryWord(word.typed, ways(word.whole, word.parts, lexicon) + inches.get(word.whole, ())) for word in tokens
    ]
    alone = (_grouped([token], [word], lexicon, synonyms) for token, word in zip(tokens, written, strict=True))
    return Understood(
        words=tuple(_grouped(tokens, written, lexicon, synonyms)),
        apart=tuple(chain.from_iterable(alone)),
        typed=q,
        corrected=meant,
        things=_things(text),
    )


def _meant(words: Sequence[Token], lexicon: Lexicon, wordlist: Wordlist, synonyms: Synonyms) -> str:
    """What was probably meant by what was typed; empty if it is just that."""
    typed = [word.typed for word in words]
    in_one, in_rules = _parts_of_one(typed, lexicon), _parts_of_rules(words, lexicon, synonyms)

    def known(word: str) -> int:
        return in_one.get(word) or in_rules.get(word) or _frequency(word, lexicon, synonyms)

    spelling = corrected(typed, known, wordlist, ruled=synonyms.words)
    if not spelling.changes and not any(map(known, typed)):  # nothing at all would be found
        spelling = corrected(typed, known, wordlist, even_spoken=True)
    if spelling.changes:
        return " ".join(spelling.words)
    if len(typed) == 1 and not _frequency(typed[0], lexicon, synonyms):
        return begun_alike(typed[0], wordlist) or ""
    return ""


def _frequency(word: str, lexicon: Lexicon, synonyms: Synonyms) -> int:
    """How many products have it in any way of writing it, or a synonym of it."""
    found = 0
    for each in query_words(word):
        others = [words for _, _, alternatives in synonyms.of([each.whole]) for words in alternatives]
        written = [way.words for way in ways(each.whole, each.parts, lexicon)]
        found = max([found, *(lexicon.frequency_together(words) for words in [*written, *others])])
    return found


def _grouped(
    words: Sequence[Token], written: Sequence[QueryWord], lexicon: Lexicon, synonyms: Synonyms
) -> Iterator[QueryWord]:
    """One QueryWord for each word, or for several that together have a synonym or are written in one."""
    stems = [word.whole for word in words]
    spans = {start: (end, others) for start, end, others in synonyms.of(stems)}
    place = 0
    while place < len(words):
        end, others = spans.get(place, (place + 1, ()))
        together = words[place:end]
        if not others and (two := _in_one(words[place : place + 2], lexicon)):
            yield two
            place += 2
            continue
        own = written[place].alternatives if len(together) == 1 else (_as_typed(together),)
        worth = ALIKE if lexicon.called(own[0].words[-1]) < FEW else SYNONYM
        if len(together) > 1:
            others = tuple(dict.fromkeys([*others, *_with_one_replaced(together, synonyms)]))
        more = tuple(Alternative(other, worth) for other in others)
        yield QueryWord(" ".join(word.typed for word in together), own + more)
        place = end


def _as_typed(words: Sequence[Token]) -> Alternative:
    return Alternative(tuple(stem for word in words for stem in word.parts or (word.whole,)))


def _with_one_replaced(words: Sequence[Token], synonyms: Synonyms) -> Iterator[tuple[str, ...]]:
    """What several words that have a synonym together become by those that single ones have: a "pc desk"."""
    stems = [word.whole for word in words]
    for place, stem in enumerate(stems):
        for _, _, others in synonyms.of([stem]):
            yield from ((*stems[:place], *other, *stems[place + 1 :]) for other in others)


def _in_one(two: Sequence[Token], lexicon: Lexicon) -> QueryWord | None:
    """Two words that products write as one, too."""
    one = joined((two[0].typed, two[1].typed)) if len(two) == 2 else ()
    if not one or not is_known(Alternative(one), lexicon):
        return None
    return QueryWord(" ".join(word.typed for word in two), (_as_typed(two), Alternative(one, NEARLY)))


def _parts_of_one(typed: Sequence[str], lexicon: Lexicon) -> dict[str, int]:
    """How many products have a word together with its neighbour, as one word: "power" of "powerbank"."""
    found: dict[str, int] = {}
    for two in pairwise(typed):
        one = joined(two)
        frequency = lexicon.frequency_together(one) if one else 0
        found |= {word: max(frequency, found.get(word, 0)) for word in two}
    return found


def _parts_of_rules(words: Sequence[Token], lexicon: Lexicon, synonyms: Synonyms) -> dict[str, int]:
    """How many products have a synonym of several words, for each of these: "nav" of "sat nav" is no "nat"."""
    found: dict[str, int] = {}
    for start, end, others in synonyms.of([word.whole for word in words]):
        if end - start > 1:
            frequency = max(lexicon.frequency_together(each) for each in others)
            found |= dict.fromkeys((word.typed for word in words[start:end]), frequency)
    return found


def _things(text: str) -> tuple[str, ...]:
    """The last word before the first "for", and before each "and" there; the last of all where there is none.

    Numbers, codes and colours say how it is: in "laptop bag 15.6" and "headset ps4 white" the thing stands before, as
    it does in "tool set".
    """
    before = _RELATION.split(fold(text), maxsplit=1)[0]
    parts = [[word.typed for word in query_words(part)] for part in _AND.split(before)]
    named = [[word for word in part if not describes(word)] or part for part in parts]
    return tuple(_without_hollow(part)[-1] for part in named if part)


def _without_hollow(words: Sequence[str]) -> Sequence[str]:
    return words[:-1] if len(words) > 1 and HOLLOW.issuperset(pieces(words[-1])) else words
