"""One segment of the index in memory. It never changes: it is taken up once, however often the index is refreshed."""

from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.util.numeric import byte_to_length

from app.search.columns import Bools, Ints, Vocabularies
from app.search.documents import Document
from app.search.extract_files import beside, kept
from app.search.extracts import Learnt, decoded, learnt, made
from app.search.index import schema
from app.search.mapped import Mapped
from app.search.turns import Steps, breathe

_LENGTHS = np.array([byte_to_length(code) for code in range(256)], dtype=np.float64)

Postings = tuple[Ints, NDArray[np.float64]]
NOTHING: Postings = (np.zeros(0, np.int64), np.zeros(0, np.float64))


class Segment:
    def __init__(self, reader: Any, learnt: Learnt) -> None:
        self.size: int = reader.doc_count_all()
        self.learnt = learnt
        self._reader = reader
        self._postings: dict[str, Postings] = {}

    def document(self, number: int) -> Document:
        """From the file, which stays mapped when it has been merged away."""
        return decoded(self._reader.stored_fields(number))

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """Words per document, as precise as the byte that Whoosh keeps of it."""
        codes = np.zeros(self.size, np.uint8)
        kept = self._reader._perdoc
        if kept.has_column("_words_len"):
            file, start, length = kept._get_column_file("_words_len")
            codes[:length] = np.frombuffer(file.get(start, length), np.uint8)  # ends with the last that has words
        return _LENGTHS[codes]

    def postings(self, word: str) -> Postings:
        """The documents that hold `word`, and how often each does; read from disk the first time."""
        found = self._postings.get(word)
        if found is None:
            found = self._read(word)
            if len(found[0]):  # what sellers write has an end, what shoppers type has none
                self._postings[word] = found
        return found

    def beginning(self, prefix: str, most: int) -> list[str]:
        """At most so many of its words that begin so, in alphabetical order."""
        return [term.decode() for term in islice(self._reader.expand_prefix("words", prefix), most)]

    def _read(self, word: str) -> Postings:
        """Block by block: one by one takes several times as long for a word that many products hold."""
        try:
            matcher = self._reader._terms.matcher("words", word.encode(), self._reader.schema["words"].format)
        except TermNotFound:
            return NOTHING
        numbers, weights = list[int](), list[float]()
        while matcher.is_active():
            matcher.id(), matcher.weight()  # these read the block, or the whole list if it is a short one
            numbers += matcher._ids
            weights += matcher._weights
            breathe()
            if not hasattr(matcher, "_next_block"):
                break
            matcher._next_block()
        return np.array(numbers, dtype=np.int64), np.array(weights, dtype=np.float64)


def taken_up(storage: Mapped, segment: Any, known: Vocabularies) -> Steps[Segment]:
    """A segment of an index, by what was made of it when it was written, or else is made now."""
    reader = SegmentReader(storage, schema(), segment)
    yield
    extract = kept(beside(storage, segment))
    yield
    if extract is None:
        extract = yield from made(reader)
    return Segment(reader, (yield from learnt(extract, known)))


def alive(segment: Any) -> Bools:
    """Which documents of a segment, as the index has it now, have not been taken out since it was written."""
    living = np.ones(segment.doc_count_all(), dtype=bool)
    living[np.fromiter(segment.deleted_docs(), np.int64)] = False
    return living
