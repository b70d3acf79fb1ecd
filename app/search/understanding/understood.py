"""What a query was understood to mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Lexicon(Protocol):
    """The words of the index."""

    def frequency(self, word: str) -> int:
        """How many products hold `word` (folded and stemmed, as `index_words` writes it)."""

    def frequency_together(self, words: Sequence[str]) -> int:
        """How many products hold all of the words."""

    def called(self, stem: str) -> int:
        """How many products are what a stem of their names says: a "laptop bag" is no laptop."""

    def beginning(self, prefix: str, most: int) -> list[str]:
        """At most so many words of the index that begin so."""


ALIKE = 0.95  # the worth from which words mean the same


@dataclass(frozen=True)
class Alternative:
    """Words of the index that all together stand for a word of the query."""

    words: tuple[str, ...]
    worth: float = 1.0  # of a hit, against a hit of the word as typed; at most 1

    @property
    def is_alike(self) -> bool:
        """Whether it is one word that means the same."""
        return len(self.words) == 1 and self.worth >= ALIKE


@dataclass(frozen=True)
class QueryWord:
    """One thing that a product must have, in any of the alternatives. It may cover several words as typed."""

    typed: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Narrowing:
    """A part of the words that was taken as a filter; `typed` are those words as typed."""

    kind: str  # "brand" or "category"
    key: str  # as in the address of a filter: a brand's name, a category's path
    label: str
    typed: str


@dataclass(frozen=True)
class Understood:
    """`words` may be several words as typed that mean one thing; `apart` are the same, each for itself."""

    words: tuple[QueryWord, ...]
    apart: tuple[QueryWord, ...]
    typed: str
    corrected: str = ""  # what was searched for instead of what was typed; empty if it was searched for as it is
    narrowed: tuple[Narrowing, ...] = ()
    things: tuple[str, ...] = ()  # the words, as typed, that name the thing itself: "case" in "case for iphone"

    @property
    def searched_for(self) -> str:
        """The text that was looked for."""
        return self.corrected or self.typed

    @property
    def typed_words(self) -> list[str]:
        """Single words, in the query's order, as they were searched for."""
        return [word.typed for word in self.apart]
