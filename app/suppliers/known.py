"""Rows that a supplier has sent before, just so: known by a fingerprint, they need not be judged or applied again.

Most rows of most feeds are of this kind. The fingerprint lies with the offer that the row made, so whatever else
changes the offer also changes, or takes away, what makes its row known.
"""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.infra.database import transaction, transaction_connection
from app.suppliers.formats import RawRow

UNKNOWN = 0  # the fingerprint of a row that has none
_COPY_HEADER, _COPY_TRAILER = 19, 2  # bytes around the rows of a binary COPY
_COPY_ROW = np.dtype([("fields", ">i2"), ("bytes", ">i4"), ("fingerprint", ">i8")])

_encode = msgspec.msgpack.Encoder().encode


class KnownRows:
    """The fingerprints of a supplier's offers on sale, 8 bytes each."""

    def __init__(self, fingerprints: NDArray[np.int64] | None = None) -> None:
        self._sorted = np.sort(fingerprints) if fingerprints is not None else np.zeros(0, np.int64)

    def hold(self, fingerprints: Sequence[int]) -> list[bool]:
        """For each fingerprint whether it is one of these."""
        if not len(self._sorted):
            return [False] * len(fingerprints)
        wanted = np.array(fingerprints, np.int64)
        places = np.searchsorted(self._sorted, wanted)
        places[places == len(self._sorted)] = 0
        answer: list[bool] = (self._sorted[places] == wanted).tolist()
        return answer


def fingerprint_of(row: RawRow, salt: bytes) -> int:
    """64 bits of what the row says; `salt` stands for all that decides how it is judged. UNKNOWN: it has none."""
    try:
        said = _encode(row.fields)
    except UnicodeEncodeError:
        return UNKNOWN
    return int.from_bytes(blake2b(said, digest_size=8, key=salt[:64]).digest(), "big", signed=True)


async def known_rows(supplier: int) -> KnownRows:
    """What the catalogue knows of this supplier now."""
    chunks: list[bytes] = []

    async def keep(chunk: bytes) -> None:
        chunks.append(chunk)

    async with transaction():
        await transaction_connection().copy_from_query(
            "SELECT fingerprint FROM offer WHERE supplier = $1 AND withdrawn_at IS NULL AND fingerprint IS NOT NULL",
            supplier,
            output=keep,
            format="binary",
        )
    rows = b"".join(chunks)[_COPY_HEADER:-_COPY_TRAILER]
    return KnownRows(np.frombuffer(rows, _COPY_ROW)["fingerprint"].astype(np.int64))
