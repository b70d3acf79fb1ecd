"""What a product probably is, where its name does not say: what those are called that say the same of themselves.

No word of "HP 74XL Black" or "Canon EOS 7D" names a thing that others are called, too. But what has page yields and a
printing colour is mostly called a cartridge, and what has a lens mount a camera: each attribute that a product has
votes for what products with that attribute are called, by how much larger their share is than among all products, so
that a height votes for nothing. The thing with the most votes is taken.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.attributes import AttributeColumn
from app.search.kinds import NOTHING
from app.search.turns import Steps
from app.search.vocabularies import Ints, runs

FEW = 10  # products: what fewer are called is taken for a word that names no thing
OTHERS = 2  # products that are not of the brand with the most: what fewer are called is taken for a line of that brand
LEAST_SHARE = 0.2  # beyond that among all products, for an attribute to vote for a thing
LEAST_VOTE = 0.1  # of an attribute, on average over all that a product has, for it to be taken for that thing
# Looked at in one call of numpy, which keeps other threads waiting:
SLICE = 4_000  # products
PAIRS = 20_000  # of an attribute and a thing, counted
CELLS = 100_000  # of a table of attributes or products by things

Part = tuple[int, AttributeColumn]


class _Pairs(NamedTuple):
    """Each attribute that a product has, beside the row of that product."""

    rows: Ints
    attributes: Ints


class _Votes(NamedTuple):
    """Of the n-th attribute: for things[bounds[n]:bounds[n + 1]], so much for each. Things are places in `called`."""

    bounds: Ints
    things: Ints
    shares: NDArray[np.float64]


def likely(things: Ints, brands: Ints, parts: Sequence[Part], attributes: int, stems: int) -> Steps[Ints]:
    """The stem of what each product probably is; NOTHING where its own name says, or nothing speaks for any.

    Args:
        things: what names say (`kinds.things`), as numbers below `stems`, or NOTHING.
        brands: of each product, as numbers, or NOTHING.
        parts: the attributes of the products, as numbers below `attributes`.
    """
    sizes = np.bincount(things[things != NOTHING], minlength=stems)
    largest = yield from _of_one_brand(things, brands, stems)
    called = np.flatnonzero((sizes >= FEW) & (sizes - largest >= OTHERS))
    places = np.full(stems + 1, NOTHING)  # in `called`; the last is for NOTHING, which is -1
    places[called] = np.arange(len(called))
    said = places[things]
    found = np.full(len(things), NOTHING)
    yield
    if not len(called):
        return found
    named = list[_Pairs]()  # whose rows are what the products are
    for start, column in parts:
        for some in _slices(np.flatnonzero(said[start : start + len(column.offsets) - 1] != NOTHING), SLICE):
            pairs = _pairs(column, some)
            named.append(pairs._replace(rows=said[start + some][pairs.rows]))
            yield
    votes = yield from _votes(named, attributes, sizes[called] / sizes[sizes >= FEW].sum())
    at_once = max(CELLS // len(called), 1)
    for start, column in parts:
        for some in _slices(np.flatnonzero(said[start : start + len(column.offsets) - 1] == NOTHING), at_once):
            best = _best(_pairs(column, some), votes, (len(some), len(called)))
            found[start + some] = np.where(best == NOTHING, NOTHING, called[best])
            yield
    return found


def _of_one_brand(things: Ints, brands: Ints, stems: int) -> Steps[Ints]:
    """How many products of each thing are of the brand that has the most of them."""
    all_brands = int(brands.max(initial=0)) + 1
    pairs, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for some in _slices(np.flatnonzero((things != NOTHING) & (brands != NOTHING)), SLICE):
        pair, count = np.unique(things[some] * all_brands + brands[some], return_counts=True)
        pairs.append(pair)
        counts.append(count)
        yield
    pair, places = np.unique(np.concatenate(pairs), return_inverse=True)
    together = np.zeros(len(pair), np.int64)
    np.add.at(together, places, np.concatenate(counts))
    largest = np.zeros(stems, np.int64)
    np.maximum.at(largest, pair // all_brands, together)
    yield
    return largest


def _slices(numbers: Ints, size: int) -> Iterator[Ints]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def _pairs(column: AttributeColumn, documents: Ints) -> _Pairs:
    firsts, lengths = column.offsets[documents], column.offsets[documents + 1] - column.offsets[documents]
    return _Pairs(
        np.repeat(np.arange(len(documents)), lengths), column.attributes[runs(firsts, lengths)].astype(np.int64)
    )


def _votes(named: Sequence[_Pairs], attributes: int, among_all: NDArray[np.float64]) -> Steps[_Votes]:
    """What each attribute votes for, by the products whose names say what they are.

    Args:
        among_all: the share of each thing among all that are called anything.
    """
    voting, chosen, shares = list[Ints](), list[Ints](), list[NDArray[np.float64]]()
    things = len(among_all)
    block = max(CELLS // things, 1)
    for start in range(0, attributes, block):
        counts, cells = np.zeros(block * things, np.int64), list[Ints]()
        for pairs in named:
            here = (pairs.attributes >= start) & (pairs.attributes < start + block)
            cells.append((pairs.attributes[here] - start) * things + pairs.rows[here])
            if sum(map(len, cells)) >= PAIRS:
                counts += np.bincount(np.concatenate(cells), minlength=len(counts))
                cells.clear()
            yield
        if cells:
            counts += np.bincount(np.concatenate(cells), minlength=len(counts))
            yield
        table = counts.reshape(block, things)
        share = table / np.maximum(table.sum(axis=1, keepdims=True), 1) - among_all
        rows, columns = np.nonzero(share >= LEAST_SHARE)
        voting.append(start + rows)
        chosen.append(columns)
        shares.append(share[rows, columns])
        yield
    none = np.zeros(0, np.int64)
    bounds = np.searchsorted(np.concatenate([none, *voting]), np.arange(attributes + 1))
    return _Votes(bounds, np.concatenate([none, *chosen]), np.concatenate([np.zeros(0), *shares]))


def _best(pairs: _Pairs, votes: _Votes, shape: tuple[int, int]) -> Ints:
    """The place of the thing with the most votes for each of some products, NOTHING where they are too few."""
    firsts, many = votes.bounds[pairs.attributes], np.diff(votes.bounds)[pairs.attributes]
    cast = runs(firsts, many)
    cells = np.repeat(pairs.rows, many) * shape[1] + votes.things[cast]
    totals = np.bincount(cells, votes.shares[cast], minlength=shape[0] * shape[1]).reshape(shape)
    most, all_votes = totals.max(axis=1), np.bincount(pairs.rows, minlength=shape[0])
    return np.where((most > 0) & (most >= LEAST_VOTE * all_votes), totals.argmax(axis=1), NOTHING)
