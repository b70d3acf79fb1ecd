"""What is known of parcels at a moment: which have arrived, which are still under way, which are lost."""

from dataclasses import dataclass

import numpy as np

from app.delivery.learning.survival import Flags, Floats

LOST_DAYS = 45  # on the way for longer: it will hardly come, and says nothing of those that do
STUCK_DAYS = 30  # not even handed to the carrier for longer: the sale fell through


@dataclass(frozen=True)
class Parcels:
    """Parcels by the moment of purchase. Times are days (with fractions) since one common midnight; NaN: not yet."""

    ordered: Floats
    handed_over: Floats
    delivered: Floats
    took: Floats
    """Days from purchase to delivery as they are counted for the promise; NaN when not delivered."""
    is_void: Flags
    """Cancelled: never counted."""
    expected: Floats
    """Days that it was expected to take before anything was learned; 0: nothing is known."""

    def age(self, at: float) -> Floats:
        """Whole days since each was ordered."""
        return np.floor(at) - np.floor(self.ordered)

    def waited(self, at: float) -> Floats:
        """How long each has been under way, counted as `took` is."""
        return self.age(at)

    def arrived(self, at: float) -> Flags:
        return ~self.is_void & (self.delivered < at)

    def counting(self, at: float) -> Flags:
        """Ordered before the moment and arrived, or under way with a chance to arrive."""
        age = self.age(at)
        stuck = (age > STUCK_DAYS) & ~(self.handed_over < at)
        under_way = ~(self.delivered < at) & (age < LOST_DAYS) & ~stuck
        return ~self.is_void & (self.ordered < at) & (self.arrived(at) | under_way)
