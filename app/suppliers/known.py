"""Rows that a supplier has sent before, just so: known by a fingerprint, they need not be judged or applied again.

Most rows of most feeds are of this kind. The fingerprint lies with the offer that the row made, so whatever else
changes the offer also changes, or takes away, what makes its row known.
"""

from collections.abc import Sequence
from enum import IntEnum
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.infra.columns import numbers
from app.suppliers.formats import RawRow

UNKNOWN = 0  # the fingerprint of a row that has none
WARNED = 1  # added to the fingerprint of a row that went in with a warning

_encode = msgspec.msgpack.Encoder().encode


class Acquaintance(IntEnum):
    NONE = 0
    GOOD = 1
    WARNED = 2  # the row went in with a warning, which the report of that time explains


class KnownRows:
    """The fingerprints of a supplier's offers on sale with the offers' ids, 17 bytes each."""

    def __init__(self, fingerprints: NDArray[np.int64] | None = None, offers: NDArray[np.int64] | None = None) -> None:
        none = np.zeros(0, np.int64)
        found = fingerprints if fingerprints is not None else none
        order = np.argsort(found)
        self._sorted = found[order]
        self._offers = offers[order] if offers is not None else none
        self._asked_for = np.zeros(len(found), np.bool_)

    def __len__(self) -> int:
        return len(self._sorted)

    def ask(self, fingerprints: Sequence[int]) -> list[int]:
        """For each fingerprint how well its row is known: values of Acquaintance."""
        if not len(self._sorted):
            return [Acquaintance.NONE] * len(fingerprints)
        wanted = np.array(fingerprints, np.int64)
        places = np.searchsorted(self._sorted, wanted)
        places[places == len(self._sorted)] = 0
        nearest = self._sorted[places]
        is_known = (nearest | WARNED) == (wanted | WARNED)
        self._asked_for[places[is_known]] = True
        answer: list[int] = np.where(is_known, 1 + (nearest & WARNED), 0).tolist()
        return answer

    def listed(self) -> NDArray[np.int64]:
        """Ids of the offers whose rows came just so in what was asked: the feed lists them."""
        return self._offers[self._asked_for]


def fingerprint_of(row: RawRow, salt: bytes) -> int:
    """63 bits of what the row says; `salt` stands for all that decides how it is judged. UNKNOWN: it has none."""
    try:
        said = _encode(row.fields)
    except UnicodeEncodeError:
        return UNKNOWN
    return int.from_bytes(blake2b(said, digest_size=8, key=salt[:64]).digest(), "big", signed=True) & ~WARNED


async def known_rows(supplier: int, feed: int) -> KnownRows:
    """What the catalogue knows of this supplier by others than `feed`: whoever goes on with it knows the same."""
    found = await numbers(
        """SELECT fingerprint, id::bigint FROM offer
           WHERE supplier = $1 AND feed <> $2 AND withdrawn_at IS NULL AND fingerprint IS NOT NULL""",
        supplier,
        feed,
        columns=2,
    )
    return KnownRows(found[0], found[1])


async def on_sale_but(supplier: int, known: KnownRows) -> list[int]:
    """Ids of the supplier's offers that are on sale, or that the shop keeps off it, without those of known rows."""
    sql = "SELECT id::bigint FROM offer WHERE supplier = $1 AND (withdrawn_at IS NULL OR is_suspended)"
    (on_sale,) = await numbers(sql, supplier, columns=1)
    others: list[int] = np.setdiff1d(on_sale, known.listed(), assume_unique=True).tolist()
    return others
