"""The quantile of times of which some are not over yet. No database, no clock."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def quantile(values: Floats, is_over: Flags, weights: Floats, share: float) -> float:
    """The value that `share` of them does not exceed, by the weighted Kaplan-Meier estimate of what is not over.

    Of a value that is not over only this is known: it will be larger. At equal values what is over comes first. Where
    too few are over to reach the share, the largest that is.

    Kaplan & Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958).

    Raises:
        ValueError: nothing is over, or a weight is not positive.
    """
    if not is_over.any():
        raise ValueError("nothing is over")
    if not (weights > 0).all():
        raise ValueError("every weight must be positive")
    order = np.lexsort((~is_over, values))
    values, is_over, weights = values[order], is_over[order], weights[order]
    at_risk = np.cumsum(weights[::-1])[::-1]
    kept = np.where(is_over, 1 - weights / at_risk, 1.0)
    kept[at_risk <= weights * (1 + 1e-12)] = np.where(is_over, 0.0, 1.0)[at_risk <= weights * (1 + 1e-12)]
    reached = np.flatnonzero(np.cumprod(kept) <= 1 - share + 1e-12)
    return float(values[reached[0]] if len(reached) else values[is_over].max())
