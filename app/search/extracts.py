"""What is taken out of a segment for a process to answer from: its columns, numbered by vocabularies of its own.

It is made once, from the segment's documents, by the process that writes it. Every other one learns the vocabularies,
which are small, and renumbers the columns: no document is decoded for that.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from whoosh.reading import IndexReader

from app.search.attributes import Attributes, Measure, one_column
from app.search.columns import Columns, Numbering, Vocabularies, columns, continued, none
from app.search.documents import Document
from app.search.titles import Named
from app.search.turns import Steps

LONGEST_STEM = 24  # letters
SLICE = 100  # documents decoded at a time: a millisecond
BLOCK = 2_000  # words learnt, or looked through, at a time
VALUES, STEMS = "values", "described"  # which no Vocabularies has by these names

_document = msgspec.json.Decoder(Document)
_named = msgspec.json.Decoder(Named)
_said = msgspec.json.Decoder(list[tuple[str, str]])


class Block(msgspec.Struct, frozen=True, array_like=True):
    """Some entries of a vocabulary, in the order of their numbers; of the values of an attribute, if one is given."""

    vocabulary: str
    keys: list[Any]
    labels: list[str] = []
    attribute: int = -1
    measures: list[Measure | None] = []


@dataclass(frozen=True)
class Extract:
    columns: Columns  # the attributes in one part
    blocks: Callable[[], Iterator[Block]]  # attributes come before their values, and these by attribute


@dataclass(frozen=True)
class Learnt:
    """An extract in the numbers of a process: of its columns only the attributes are renumbered already."""

    columns: Columns
    numbering: Numbering
    stems: frozenset[str]  # words of letters only: what products are described by, as it is indexed


def made(reader: IndexReader) -> Steps[Extract]:
    """Out of a segment. It is read beside a running event loop, too: slice by slice, with searches in between."""
    known, size = Vocabularies(), reader.doc_count_all()
    parts = [none()]
    for start in range(0, size, SLICE):
        parts.append(_columns_of(reader, range(start, min(start + SLICE, size)), known))
        yield
    together = yield from continued([(part, {}) for part in parts])
    one = replace(together, attributes=Attributes([(0, one_column(together.attributes.parts))]))
    yield
    stems, words = list[str](), (term.decode() for term in reader.lexicon("words"))
    while some := list(islice(words, BLOCK)):
        stems += [word for word in some if word.isalpha() and 2 < len(word) <= LONGEST_STEM]
        yield
    return Extract(one, lambda: _blocks(known, stems))


def _columns_of(reader: Any, numbers: Iterable[int], known: Vocabularies) -> Columns:
    stored = [reader.stored_fields(number) for number in numbers]
    documents = [decoded(each) for each in stored]
    said = [_said.decode(each["attributes"]) for each in stored]
    return columns(documents, said, [_named.decode(each["title"]) for each in stored], known)


def decoded(stored: Any) -> Document:
    return _document.decode(stored["document"])


def _blocks(known: Vocabularies, stems: Sequence[str]) -> Iterator[Block]:
    for name, entries in vars(known).items():
        labels = entries.labels if any(entries.labels) else []
        for part in _slices(len(entries)):
            yield Block(name, entries.keys[part], labels[part])
    for attribute, values in enumerate(known.attributes.values):
        measures = values.measured()
        for part in _slices(len(values)):
            yield Block(VALUES, values.keys[part], values.labels[part], attribute, measures[part])
    for part in _slices(len(stems)):
        yield Block(STEMS, list(stems[part]))


def _slices(size: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, size, BLOCK)]


def learnt(extract: Extract, known: Vocabularies) -> Steps[Learnt]:
    """Teaches `known` the words of an extract."""
    numbers, values, stems = defaultdict[str, list[int]](list), defaultdict[int, list[int]](list), set[str]()
    for block in extract.blocks():
        if block.vocabulary == STEMS:
            stems.update(block.keys)
        elif block.vocabulary == VALUES:
            taking = known.attributes.values[numbers["attributes"][block.attribute]]
            values[block.attribute] += taking.take_all(block.keys, block.labels, block.measures)
        else:
            keys = [_origin(key) for key in block.keys] if block.vocabulary == "origins" else block.keys
            numbers[block.vocabulary] += getattr(known, block.vocabulary).learn_all(keys, block.labels)
        yield
    numbering = {name: np.array(found, np.int64) for name, found in numbers.items()}
    [(_, said)] = extract.columns.attributes.parts
    if values:
        said = said.renumbered(numbering["attributes"], list(values.values()))
    yield
    return Learnt(replace(extract.columns, attributes=Attributes([(0, said)])), numbering, frozenset(stems))


def _origin(key: Sequence[Any]) -> tuple[tuple[str, ...], int]:
    """As `Vocabularies.origins` has it; a file makes lists of tuples."""
    warehouses, days = key
    return tuple(warehouses), days
