"""The whole index as of one commit: immutable, in memory, and searched without a lock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from app.search.columns import Bools, Vocabularies, columns, continued
from app.search.documents import Document
from app.search.segments import Segment
from app.search.understanding.understood import Alternative, QueryWord

K1, B = 1.2, 0.75  # BM25's usual saturation and length normalisation

Scores = NDArray[np.float64]

_serials = count()


@dataclass(frozen=True)
class Matches:
    """Which documents hold the words of a query, and how well; not `every_word`: none has all, these have some."""

    found: Bools
    scores: Scores
    every_word: bool = True
    is_scored: bool = True


class Snapshot:
    def __init__(self, segments: Sequence[Segment], living: Sequence[Bools], known: Vocabularies) -> None:
        self.known = known
        self._segments = segments
        self._starts = np.cumsum([0, *(segment.size for segment in segments)])
        self.size = int(self._starts[-1])
        self.alive: Bools = np.concatenate(living) if living else np.zeros(0, dtype=bool)
        self.columns = continued([columns((), (), known), *(segment.columns for segment in segments)])
        self.total = int(self.alive.sum())
        self.serial = next(_serials)

    def document(self, number: int) -> Document:
        place = int(np.searchsorted(self._starts, number, side="right")) - 1
        return self._segments[place].document(number - int(self._starts[place]))

    def documents(self) -> Iterator[Document]:
        """Every product on sale, decoded one by one."""
        return (self.document(int(number)) for number in np.flatnonzero(self.alive))

    def match(self, words: Sequence[QueryWord]) -> Matches:
        """Documents with all words; if there is none, those with any of them. No words: every document, unscored."""
        if not words:
            return Matches(self.alive, np.zeros(self.size), is_scored=False)
        per_word = [self._word(word) for word in words]
        scores = np.sum([score for score, _ in per_word], axis=0)
        every = self.alive & np.logical_and.reduce([has for _, has in per_word])
        if every.any() or len(words) == 1:
            return Matches(every, scores)
        some = self.alive & np.logical_or.reduce([has for _, has in per_word])
        return Matches(some, scores, every_word=False)

    def frequency(self, word: str) -> int:
        """How many products hold a word of the index."""
        return sum(len(segment.postings(word)[0]) for segment in self._segments)

    def _word(self, word: QueryWord) -> tuple[Scores, Bools]:
        """By its best alternative."""
        scores = np.max([self._alternative(each) for each in word.alternatives], axis=0)
        return scores, scores > 0

    def _alternative(self, alternative: Alternative) -> Scores:
        pieces = [self._score(word) for word in alternative.words]
        every = np.logical_and.reduce([piece > 0 for piece in pieces])
        return np.where(every, alternative.worth * np.mean(pieces, axis=0), 0.0)

    def _score(self, word: str) -> Scores:
        """BM25 of one word for every document, 0 where it is not."""
        scores = np.zeros(self.size)
        postings = [segment.postings(word) for segment in self._segments]
        holders = sum(len(numbers) for numbers, _ in postings)
        if not holders:
            return scores
        rarity = np.log(1 + max(self.size - holders + 0.5, 0.5) / (holders + 0.5))
        for segment, start, (numbers, weights) in zip(self._segments, self._starts, postings, strict=False):
            if len(numbers):
                relative = segment.lengths[numbers] / self._mean_length
                scores[start + numbers] = rarity * weights * (K1 + 1) / (weights + K1 * (1 - B + B * relative))
        return scores

    @property
    def _mean_length(self) -> float:
        return max(sum(float(segment.lengths.sum()) for segment in self._segments) / max(self.size, 1), 1.0)
