"""The SKUs of one feed: which came already, and at its end which are listed at all. It may be millions of them."""

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_MASK = 0xFFFF_FFFF_FFFF_FFFF


class SeenSkus:
    """About 24 bytes a SKU, with room for those that are expected.

    Only hashes are kept, of which two in a million million are the same by accident.
    """

    def __init__(self, expected: int = 0) -> None:
        slots = 1 << max(10, (2 * expected).bit_length())
        self._hashes = array("Q", bytes(8 * slots))
        self._lines = array("I", bytes(4 * slots))
        self._count = 0
        self._mentioned = array("Q")

    def first(self, sku: str, line: int) -> int:
        """Remember a good row; 0, or the line of the good row that had the SKU before."""
        place, wanted = self._find(hash(sku) & _MASK)
        if self._lines[place]:
            return self._lines[place]
        self._hashes[place], self._lines[place] = wanted, line
        self._count += 1
        if self._count * 2 > len(self._hashes):
            self._grow()
        return 0

    def mention(self, sku: str) -> None:
        """Remember the SKU of a row that cannot be used: it is not missing from the feed."""
        self._mentioned.append(hash(sku) & _MASK)

    def listed(self) -> "ListedSkus":
        hashes = np.frombuffer(self._hashes, np.uint64)[np.frombuffer(self._lines, np.uint32) > 0]
        return ListedSkus(np.unique(np.concatenate([hashes, np.array(self._mentioned, np.uint64)])))

    def _find(self, wanted: int) -> tuple[int, int]:
        """The slot of a hash, or the free slot where it belongs. A slot is free when its line is 0."""
        mask = len(self._hashes) - 1
        place = wanted & mask
        while self._lines[place] and self._hashes[place] != wanted:
            place = (place + 1) & mask
        return place, wanted

    def _grow(self) -> None:
        hashes, lines = self._hashes, self._lines
        self._hashes = array("Q", bytes(8 * len(hashes) * 2))
        self._lines = array("I", bytes(4 * len(lines) * 2))
        for wanted, line in zip(hashes, lines, strict=True):
            if line:
                place, _ = self._find(wanted)
                self._hashes[place], self._lines[place] = wanted, line


class ListedSkus:
    """What a feed, read to its end, lists."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        self._hashes = hashes

    def holds(self, skus: Sequence[str]) -> list[bool]:
        """For each SKU whether the feed lists it."""
        wanted = np.array([hash(sku) & _MASK for sku in skus], np.uint64)
        if not len(self._hashes):
            return [False] * len(skus)
        places = np.searchsorted(self._hashes, wanted)  # they are sorted: np.isin would sort them all at each call
        places[places == len(self._hashes)] = 0
        answer: list[bool] = (self._hashes[places] == wanted).tolist()
        return answer
