"""One segment of the index in memory. It never changes, so it is read once, however often the index is refreshed.

It is read beside a running event loop: bytecode gives way to other threads, one long call into C does not. So documents
are decoded slice by slice and forgotten, with searches in between; what Whoosh holds as bytes is taken up as arrays.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader, TermNotFound
from whoosh.util.numeric import byte_to_length

from app.search.attributes import Attributes, one_column
from app.search.columns import Bools, Columns, Ints, Vocabularies, columns, continued
from app.search.documents import Document
from app.search.titles import Named
from app.search.turns import Steps

LONGEST_STEM = 24  # letters
SLICE = 100  # documents decoded at a time: a millisecond
WORDS = 2_000  # looked through at a time

_decoder = msgspec.json.Decoder(Document)
_named = msgspec.json.Decoder(Named)
_said = msgspec.json.Decoder(list[tuple[str, str]])
_LENGTHS = np.array([byte_to_length(code) for code in range(256)], dtype=np.float64)

Postings = tuple[Ints, NDArray[np.float64]]
NOTHING: Postings = (np.zeros(0, np.int64), np.zeros(0, np.float64))


class Segment:
    def __init__(self, reader: Any, read: Columns, stems: frozenset[str]) -> None:
        self.size: int = reader.doc_count_all()
        self.columns = read
        self.stems = stems  # words of letters only: what products are described by, as it is indexed
        self._reader = reader
        self._postings: dict[str, Postings] = {}

    def document(self, number: int) -> Document:
        """From the file, which stays mapped when it has been merged away."""
        return _decoder.decode(self._reader.stored_fields(number)["document"])

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
            if not hasattr(matcher, "_next_block"):
                break
            matcher._next_block()
        return np.array(numbers, dtype=np.int64), np.array(weights, dtype=np.float64)


def read(reader: IndexReader, known: Vocabularies) -> Steps[Segment]:
    """A segment with its columns and its stems."""
    parts = [columns((), (), (), known)]
    for start in range(0, reader.doc_count_all(), SLICE):
        parts.append(_columns_of(reader, range(start, min(start + SLICE, reader.doc_count_all())), known))
        yield
    together = continued(parts)
    yield
    stems = set[str]()
    words = (term.decode() for term in reader.lexicon("words"))
    while some := list(islice(words, WORDS)):
        stems.update(word for word in some if word.isalpha() and 2 < len(word) <= LONGEST_STEM)
        yield
    one = replace(together, attributes=Attributes([(0, one_column(together.attributes.parts))]))
    yield
    return Segment(reader, one, frozenset(stems))


def _columns_of(reader: Any, numbers: Iterable[int], known: Vocabularies) -> Columns:
    stored = [reader.stored_fields(number) for number in numbers]
    documents = [_decoder.decode(each["document"]) for each in stored]
    said = [_said.decode(each["attributes"]) for each in stored]
    return columns(documents, said, [_named.decode(each["title"]) for each in stored], known)


def alive(reader: IndexReader, size: int) -> Bools:
    """Which documents of a segment have not been taken out since it was written."""
    living = np.ones(size, dtype=bool)
    segment: Any = reader
    living[np.fromiter(segment._perdoc.deleted_docs(), np.int64)] = False
    return living
