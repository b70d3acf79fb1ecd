"""What was bought together, by whom and when: all that recommendations are learned from. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOBODY = -1  # the customer of a guest's basket


@dataclass(frozen=True)
class Bought:
    """Orders that count, in any order: who bought (NOBODY: a guest) and when (days)."""

    ids: Codes
    customers: Codes
    times: Floats

    def where(self, chosen: Flags) -> "Bought":
        return Bought(self.ids[chosen], self.customers[chosen], self.times[chosen])


@dataclass(frozen=True)
class Baskets:
    """Baskets in any order. Basket b holds `items[starts[b]:starts[b + 1]]`; an item that is there twice counts once.

    Ids are the caller's own, 0 or more. Times are days (with fractions) since one common midnight.

    Raises:
        ValueError: the arrays do not fit together, an id is negative, or a time is not finite.
    """

    customers: Codes
    """NOBODY: bought without an account."""
    times: Floats
    starts: Codes
    items: Codes

    def __post_init__(self) -> None:
        if not len(self.customers) == len(self.times) == len(self.starts) - 1:
            raise ValueError("every basket needs a customer, a time and a start, and the last one an end")
        if self.starts[0] != 0 or self.starts[-1] != len(self.items) or (np.diff(self.starts) < 0).any():
            raise ValueError("the starts must go up from 0 to the number of items")
        if (self.items < 0).any() or (self.customers < NOBODY).any():
            raise ValueError("ids must not be negative")
        if not np.isfinite(self.times).all():
            raise ValueError("every time must be finite")

    def __len__(self) -> int:
        return len(self.times)

    def where(self, chosen: Flags) -> "Baskets":
        """Only the baskets that are chosen."""
        sizes = np.diff(self.starts)
        starts = np.concatenate([[0], np.cumsum(sizes[chosen])])
        return Baskets(self.customers[chosen], self.times[chosen], starts, self.items[np.repeat(chosen, sizes)])

    def and_then(self, others: "Baskets") -> "Baskets":
        """These, and the others after them."""
        return Baskets(
            np.concatenate([self.customers, others.customers]),
            np.concatenate([self.times, others.times]),
            np.concatenate([self.starts, self.starts[-1] + others.starts[1:]]),
            np.concatenate([self.items, others.items]),
        )


def baskets(rows: Sequence[tuple[int | None, float, Sequence[int]]]) -> Baskets:
    """From (customer or None, time in days, item ids) of each. Raises ValueError as `Baskets` does."""
    sizes = [len(items) for _, _, items in rows]
    return Baskets(
        np.array([NOBODY if customer is None else customer for customer, _, _ in rows], dtype=np.int64),
        np.array([time for _, time, _ in rows], dtype=np.float64),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.array([item for _, _, items in rows for item in items], dtype=np.int64),
    )


def pieces(values: Codes, starts: Codes) -> list[Codes]:
    """The values of each basket."""
    return [values[a:b] for a, b in pairwise(starts)]
