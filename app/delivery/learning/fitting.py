"""One fit: what was known at a moment, made into estimates for the orders of the time that follows."""

from collections.abc import Sequence

import numpy as np

from app.delivery.learning.effects import Effects, Factor, back_fit
from app.delivery.learning.observations import Parcels

LEAST = 50  # delivered parcels, below which nothing is learned
HALF_LIFE = 180.0  # days


def fit(parcels: Parcels, factors: Sequence[Factor], at: float) -> Effects | None:
    """The effects on log((1 + days) / (1 + days expected)) of what had arrived at the moment; None: too little has."""
    known = np.flatnonzero(parcels.arrived(at))
    if len(known) < LEAST:
        return None
    weights = 0.5 ** ((at - parcels.ordered[known]) / HALF_LIFE)
    seen = [Factor(factor.codes[known], factor.size, factor.shrink) for factor in factors]
    left = np.log1p(parcels.took[known]) - np.log1p(parcels.expected[known])
    return back_fit(left, weights, seen)
