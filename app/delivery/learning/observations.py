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

    def waited(self, at: float) -> Floats:
        """Whole days that each has been under way at the moment."""
        return np.floor(at) - np.floor(self.ordered)

    def arrived(self, at: float) -> Flags:
        return ~self.is_void & (self.delivered < at)

    def counting(self, at: float) -> Flags:
        """Ordered before the moment and arrived, or under way with a chance to arrive."""
        waited = self.waited(at)
        stuck = (waited > STUCK_DAYS) & ~(self.handed_over < at)
        under_way = ~(self.delivered < at) & (waited < LOST_DAYS) & ~stuck
        return ~self.is_void & (self.ordered < at) & (self.arrived(at) | under_way)
