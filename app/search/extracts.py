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
from app.search.vocabularies import Held, Ints, Many, held, joined, many
from app.search.words import is_correctable
from app.search.written import written

SLICE = 40  # documents decoded at a time: two milliseconds
LOOKED = 400  # words looked through at a time: a millisecond
BLOCK = 2_000  # words learnt at a time, as they lie in a file
VALUES = "values"  # of attributes, beside the names of vocabularies

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
    held: Held  # words that products are called by
    blocks: Callable[[], Iterator[Block]]  # attributes come before their values, and these by attribute


@dataclass(frozen=True)
class Learnt:
    """An extract with what its numbers are in a process; those of attributes are replaced already."""

    columns: Columns
    held: Held
    numbering: Numbering


def made(reader: IndexReader) -> Steps[Extract]:
    """Out of a segment. It is read beside a running event loop, too: slice by slice, with searches in between."""
    known, size = Vocabularies(), reader.doc_count_all()
    parts, words = [none()], list[tuple[int, Many, None]]()
    for start in range(0, size, SLICE):
        documents, part = _columns_of(reader, range(start, min(start + SLICE, size)), known)
        parts.append(part)
        words.append((start, many(_words_of(document, known) for document in documents), None))
        yield
    table = yield from continued([(part, {}) for part in parts])
    said = yield from one_column(table.attributes.parts)
    one = replace(table, attributes=Attributes([(0, said)]))
    yield
    indexed = (term.decode() for term in reader.lexicon("words"))
    while some := list(islice(indexed, LOOKED)):
        known.described.learn_all([word for word in some if is_correctable(word)])
        yield
    holding = yield from joined(words)
    return Extract(one, held(holding, len(known.words)), lambda: _blocks(known))


def _columns_of(reader: Any, numbers: Iterable[int], known: Vocabularies) -> tuple[list[Document], Columns]:
    stored = [reader.stored_fields(number) for number in numbers]
    documents = [decoded(each) for each in stored]
    said = [_said.decode(each["attributes"]) for each in stored]
    return documents, columns(documents, said, [_named.decode(each["title"]) for each in stored], known)


def _words_of(document: Document, known: Vocabularies) -> list[int]:
    return [known.words.learn(word, shown) for word, shown in written(document).items()]


def decoded(stored: Any) -> Document:
    return _document.decode(stored["document"])


def _blocks(known: Vocabularies) -> Iterator[Block]:
    for name, entries in vars(known).items():
        labels = entries.labels if any(entries.labels) else []
        for part in _slices(len(entries)):
            yield Block(name, entries.keys[part], labels[part])
    for attribute, values in enumerate(known.attributes.values):
        measures = values.measured()
        for part in _slices(len(values)):
            yield Block(VALUES, values.keys[part], values.labels[part], attribute, measures[part])


def _slices(size: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, size, BLOCK)]


def learnt(extract: Extract, known: Vocabularies) -> Steps[Learnt]:
    """Teaches `known` the words of an extract."""
    numbers: dict[str, list[int]] = {name: [] for name in vars(known)}
    values = defaultdict[int, list[int]](list)
    for block in extract.blocks():
        if block.vocabulary == VALUES:
            taking = known.attributes.values[numbers["attributes"][block.attribute]]
            values[block.attribute] += taking.take_all(block.keys, block.labels, block.measures)
        else:
            keys = [_origin(key) for key in block.keys] if block.vocabulary == "origins" else block.keys
            numbers[block.vocabulary] += getattr(known, block.vocabulary).learn_all(keys, block.labels)
        yield
    numbering = dict[str, Ints]()
    for name, found in numbers.items():
        numbering[name] = np.array(found, np.int64)
        yield
    [(_, said)] = extract.columns.attributes.parts
    if values:
        said = yield from said.renumbered(numbering["attributes"], list(values.values()))
    return Learnt(replace(extract.columns, attributes=Attributes([(0, said)])), extract.held, numbering)


def _origin(key: Sequence[Any]) -> tuple[tuple[str, ...], int]:
    """As `Vocabularies.origins` has it; a file makes lists of tuples."""
    warehouses, days = key
    return tuple(warehouses), days
