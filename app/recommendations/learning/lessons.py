"""What orders have taught so far: the memory, and which orders are in it. No database, no clock.

Whatever has happened since (orders paid late, cancelled, given to an account, older than what is remembered) shows by
comparing the orders that count now with those that are in it. So nothing hangs on the order in which numbers were
given or transactions committed, and it does not matter whether a learning was done twice, or half.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from app.recommendations.learning.baskets import Baskets, Bought, Codes, Flags, baskets
from app.recommendations.learning.memory import (
    HISTORY_HALF_LIFE,
    PAIRS_HALF_LIFE,
    SALES_HALF_LIFE,
    SIZE_POWER,
    Memory,
)
from app.recommendations.learning.numbering import Numbering

FORMAT = np.array([1, PAIRS_HALF_LIFE, HISTORY_HALF_LIFE, SALES_HALF_LIFE, SIZE_POWER])
"""What was kept under another is of no use."""
_MATRICES = ("pairs", "history")


@dataclass
class Lessons:
    """A memory of the baskets of the orders `ids`, learned from nothing at the moment `begun`."""

    begun: float
    memory: Memory = field(default_factory=Memory)
    ids: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    baskets: Baskets = field(default_factory=lambda: baskets([]))

    def compared(self, orders: Bought) -> tuple[Flags, Flags]:
        """Which of those learned count no longer (as they were learned), and which of `orders` are to be learned."""
        _, mine, theirs = np.intersect1d(self.ids, orders.ids, assume_unique=True, return_indices=True)
        same = (self.baskets.customers[mine] == orders.customers[theirs]) & (
            self.baskets.times[mine] == orders.times[theirs]
        )
        gone, new = np.ones(len(self.ids), dtype=np.bool_), np.ones(len(orders.ids), dtype=np.bool_)
        gone[mine[same]] = new[theirs[same]] = False
        return gone, new

    def learn(self, gone: Flags, ids: Codes, new: Baskets, at: float) -> None:
        """Take back what is gone and add what is new, as of the moment. Raises ValueError as `Memory.add` does."""
        if gone.any():
            self.memory.take_back(self.baskets.where(gone))
        self.memory.add(new, at)
        self.ids = np.concatenate([self.ids[~gone], ids])
        self.baskets = self.baskets.where(~gone).and_then(new)

    def write(self, file: Path) -> None:
        memory, rest = self.memory, self.baskets
        arrays: dict[str, Any] = {
            "format": FORMAT,
            "moments": np.array([self.begun, memory.at]),
            "items": memory.items.ids,
            "customers": memory.customers.ids,
            "ever": memory.sales.ever,
            "recent": memory.sales.recent,
            "orders": self.ids,
            "buyers": rest.customers,
            "times": rest.times,
            "starts": rest.starts,
            "bought": rest.items,
        }
        for name in _MATRICES:
            matrix: csr_array = getattr(memory, name)
            arrays |= {f"{name}_data": matrix.data, f"{name}_columns": matrix.indices, f"{name}_rows": matrix.indptr}
        with file.open("wb") as opened:
            np.savez(opened, **arrays)

    @classmethod
    def read(cls, file: Path) -> "Lessons | None":
        """None: there are none, they are damaged, or another program has written them."""
        try:
            with np.load(file, allow_pickle=False) as kept:
                return _lessons(kept) if np.array_equal(kept["format"], FORMAT) else None
        except Exception:  # noqa: BLE001 - a damaged file fails in any way; all of it can be learned anew
            return None


def _lessons(kept: Any) -> Lessons:
    memory = Memory()
    begun, memory.at = kept["moments"].tolist()
    memory.items, memory.customers = (Numbering(kept[name].tolist()) for name in ("items", "customers"))
    memory.sales.at, memory.sales.ever, memory.sales.recent = memory.at, kept["ever"], kept["recent"]
    memory.pairs, memory.history = (
        csr_array(
            (kept[f"{name}_data"], kept[f"{name}_columns"], kept[f"{name}_rows"]), shape=(rows, len(memory.items))
        )
        for name, rows in zip(_MATRICES, (len(memory.items), len(memory.customers)), strict=True)
    )
    learned = Baskets(kept["buyers"], kept["times"], kept["starts"], kept["bought"])
    return Lessons(begun, memory, kept["orders"], learned)
