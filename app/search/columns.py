"""Columns of numbers beside the inverted index, so that filters, counts and sorts are a few numpy operations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from zlib import crc32

import numpy as np

from app.search import titles
from app.search.attributes import Attributes, AttributeVocabulary, attribute_column
from app.search.documents import Document
from app.search.titles import Named, Titles
from app.search.turns import Steps
from app.search.vocabularies import Bools, Ints, Many, Vocabulary, joined, many, renumbered

__all__ = [
    "Bools",
    "Columns",
    "Ints",
    "Many",
    "Numbering",
    "Vocabularies",
    "Vocabulary",
    "columns",
    "continued",
    "none",
]


class Vocabularies:
    def __init__(self) -> None:
        self.categories = Vocabulary()  # path
        self.brands = Vocabulary()
        self.suppliers = Vocabulary()  # slug
        self.colours = Vocabulary()
        self.words = Vocabulary()  # that products are called by: folded; labelled as it is written
        self.described = Vocabulary()  # all words of letters, as they are indexed
        self.stems = Vocabulary()  # of names
        self.attributes = AttributeVocabulary()
        self.origins = Vocabulary()  # (warehouses with stock, handling days): products of one arrive the same day


Numbering = Mapping[str, Ints]
"""For a vocabulary of `Vocabularies` the number there of each entry of another; without one, numbers stay."""

NUMBERED = {
    "brand": "brands",
    "origin": "origins",
    "categories": "categories",
    "suppliers": "suppliers",
    "colours": "colours",
    "titles": "stems",
}  # columns that hold numbers, and of which vocabulary


@dataclass(frozen=True)
class Columns:
    product: Ints
    price: Ints
    brand: Ints
    origin: Ints
    created: Ints
    sellers: Ints
    stars: Ints  # of all reviews together
    reviews: Ints
    mix: Ints  # a fixed shuffle, for lists that have no order of their own
    in_stock: Bools
    categories: Many  # with those above
    suppliers: Many
    colours: Many
    titles: Titles
    attributes: Attributes


def columns(
    documents: Sequence[Document],
    said: Sequence[Sequence[tuple[str, str]]],
    named: Sequence[Named],
    known: Vocabularies,
) -> Columns:
    """The columns of documents, of the attributes that each has, and of its name; teaches `known` their words."""

    def numbers(values: Iterable[int]) -> Ints:
        return np.fromiter(values, dtype=np.int64, count=len(documents))

    return Columns(
        product=numbers(d.product for d in documents),
        price=numbers(d.price_minor for d in documents),
        brand=numbers(known.brands.learn(d.brand, d.brand) for d in documents),
        origin=numbers(known.origins.learn((d.warehouses, d.handling_days)) for d in documents),
        created=numbers(d.created_at for d in documents),
        sellers=numbers(len(d.suppliers) for d in documents),
        stars=numbers(d.stars for d in documents),
        reviews=numbers(d.reviews for d in documents),
        mix=numbers(crc32(str(d.product).encode()) for d in documents),
        in_stock=np.fromiter((bool(d.stock) for d in documents), dtype=bool, count=len(documents)),
        categories=many([known.categories.learn(path, name) for path, name in d.categories] for d in documents),
        suppliers=many([known.suppliers.learn(slug, name) for slug, name in d.suppliers] for d in documents),
        colours=many([known.colours.learn(name, name) for name in d.colours] for d in documents),
        titles=titles.titles(named, known.stems),
        attributes=Attributes([(0, attribute_column(said, known.attributes))]),
    )


def none() -> Columns:
    """The columns of no document."""
    return columns((), (), (), Vocabularies())


def continued(parts: Sequence[tuple[Columns, Numbering]]) -> Steps[Columns]:
    """One table out of at least one, the documents of the second numbered on from those of the first, and so on.

    Each comes with the numbers by which its own are replaced; their attributes have been renumbered before.
    """
    starts = np.cumsum([0, *(len(part.product) for part, _ in parts)]).tolist()

    def one(name: str) -> Steps[Any]:
        values = [getattr(part, name) for part, _ in parts]
        if name == "attributes":
            return Attributes(
                [(start + more, each) for start, one in zip(starts, values, strict=False) for more, each in one.parts]
            )
        if name not in NUMBERED:
            return np.concatenate(values)
        numbers = [numbering.get(NUMBERED[name]) for _, numbering in parts]
        if isinstance(values[0], Many):
            return (yield from joined(list(zip(starts, values, numbers, strict=False))))
        if isinstance(values[0], Titles):
            return (yield from titles.joined(list(zip(values, numbers, strict=True))))
        return np.concatenate([renumbered(each, own) for each, own in zip(values, numbers, strict=True)])

    made = {}
    for each in fields(Columns):
        made[each.name] = yield from one(each.name)
        yield
    return Columns(**made)
