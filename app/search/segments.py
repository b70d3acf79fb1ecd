"""One segment of the index in memory. It never changes, so it is read once, however often the index is refreshed."""

from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader, TermNotFound

from app.search.columns import Bools, Columns, Ints, Vocabularies, columns
from app.search.documents import Document

_decoder = msgspec.json.Decoder(Document)
_said = msgspec.json.Decoder(list[tuple[str, str]])

Postings = tuple[Ints, NDArray[np.float64]]
NOTHING: Postings = (np.zeros(0, np.int64), np.zeros(0, np.float64))


class Segment:
    def __init__(self, reader: IndexReader, known: Vocabularies) -> None:
        self.size: int = reader.doc_count_all()
        self._reader = reader
        stored = [reader.stored_fields(number) for number in range(self.size)]
        self._stored: list[bytes] = [each["document"] for each in stored]
        said = [_said.decode(each["attributes"]) for each in stored]
        self.columns: Columns = columns([_decoder.decode(raw) for raw in self._stored], said, known)
        self._postings: dict[str, Postings] = {}

    def document(self, number: int) -> Document:
        return _decoder.decode(self._stored[number])

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """Words per document."""
        lengths = (self._reader.doc_field_length(number, "words", 0) for number in range(self.size))
        return np.fromiter(lengths, dtype=np.float64, count=self.size)

    def postings(self, word: str) -> Postings:
        """The documents that hold `word`, and how often each does; read from disk the first time."""
        found = self._postings.get(word)
        if found is None:
            found = self._postings[word] = self._read(word)
        return found

    def _read(self, word: str) -> Postings:
        try:
            matcher: Any = self._reader.postings("words", word)
        except TermNotFound:
            return NOTHING
        numbers: list[int] = []
        weights: list[float] = []
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return np.array(numbers, dtype=np.int64), np.array(weights, dtype=np.float64)


def alive(reader: IndexReader, size: int) -> Bools:
    """Which documents of a segment have not been taken out since it was written."""
    living = np.ones(size, dtype=bool)
    if reader.has_deletions():
        living[[number for number in range(size) if reader.is_deleted(number)]] = False
    return living
