"""Reads rules such as `laptop, notebook` (each means the others) and `hob => cooktop` (only one way), one a line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.search.words import fold, is_correctable, pieces, query_words, unjoined

MOST_LINES = 5_000
LONGEST_LINE = 400
MOST_WORDS = 5  # of one side of a rule
MOST_OTHERS = 12  # of one expression

Expression = tuple[str, ...]
"""The stems of one or several words, as the index writes them."""


class Problem(NamedTuple):
    """A line that was passed over, and why."""

    language: str
    line: int
    reason: str


class Span(NamedTuple):
    """Words start..end of a query, and what else they may be called."""

    start: int
    end: int
    others: tuple[Expression, ...]


class Synonyms:
    """Immutable. Rules are applied once: what a rule leads to is not looked up again, so circles do no harm."""

    def __init__(
        self, others: Mapping[Expression, tuple[Expression, ...]], words: frozenset[str] = frozenset()
    ) -> None:
        self._others = others
        self._longest = max(map(len, others), default=0)
        self.words = words
        """Single words that have others, folded: those that may be meant by a misspelt one."""

    def __len__(self) -> int:
        return len(self._others)

    @classmethod
    def empty(cls) -> "Synonyms":
        return cls({})

    def but(self, others: "Synonyms") -> "Synonyms":
        """With the others, which count alone for what both know."""
        return Synonyms({**self._others, **others._others}, self.words | others.words)

    def of(self, words: Sequence[str]) -> list[Span]:
        """What parts of a query may also be called, from left to right, the longest part first; none overlap."""
        found, place = list[Span](), 0
        while place < len(words):
            span = next((span for span in self._at(words, place)), None)
            if span:
                found.append(span)
            place = span.end if span else place + 1
        return found

    def _at(self, words: Sequence[str], place: int) -> Iterator[Span]:
        for end in range(min(place + self._longest, len(words)), place, -1):
            if others := self._others.get(tuple(words[place:end])):
                yield Span(place, end, others)


def load(texts: Mapping[str, str]) -> tuple[Synonyms, list[Problem]]:
    """The rules of all languages (language -> text of its file), and the lines that are none."""
    found: dict[Expression, dict[Expression, None]] = {}
    words = set[str]()
    problems: list[Problem] = []
    for language, text in texts.items():
        lines = text.splitlines()
        for number, line in enumerate(lines[:MOST_LINES], 1):
            rule = line.partition("#")[0].strip()
            reason = _take(rule, found, words) if rule else ""
            if reason:
                problems.append(Problem(language, number, reason))
        if len(lines) > MOST_LINES:
            problems.append(Problem(language, MOST_LINES + 1, f"There are more than {MOST_LINES:,} lines."))
    others = {left: tuple(others)[:MOST_OTHERS] for left, others in found.items()}
    return Synonyms(others, frozenset(words)), problems


def _take(rule: str, found: dict[Expression, dict[Expression, None]], words: set[str]) -> str:
    """Learn a rule; why it is none, or "" where it is one."""
    if len(rule) > LONGEST_LINE:
        return f"The line is longer than {LONGEST_LINE} characters."
    left, arrow, right = rule.partition("=>")
    if "=>" in right:
        return "Write one arrow a line: what the middle one leads to is a rule of its own."
    lefts, rights = _expressions(left), _expressions(right if arrow else left)
    if not lefts or not rights or (not arrow and len(lefts) < 2):
        return "Write at least two words with a comma between them, or one => another."
    if any(len(each) > MOST_WORDS for each in [*lefts, *rights]):
        return f"One of them has more than {MOST_WORDS} words."
    for each in dict.fromkeys(asked for part in left.split(",") for asked in _asked(part)):
        others = found.setdefault(each, {})
        others.update(dict.fromkeys(other for other in rights if other != each))
    words.update(word for part in left.split(",") if is_correctable(word := fold(part.strip())))
    return ""


def _asked(text: str) -> Iterator[Expression]:
    """What a query with this expression is made of: "two-way radio" as it stands, and as three words.

    A query leaves small words out. Where one word would be left of several, as of "in ear", it would mean too much.
    """
    for written in dict.fromkeys((text, unjoined(text))):
        words = tuple(word.whole for word in query_words(written))
        if len(words) > 1 or len(written.split()) == 1:
            yield words


def _expressions(text: str) -> list[Expression]:
    return [expression for part in text.split(",") if (expression := tuple(pieces(part)))]
