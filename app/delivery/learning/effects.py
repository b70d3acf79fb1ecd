"""How long a way takes: a mean and shrunk effects of what orders have in common. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

PASSES = 4


def coded(values: Sequence[object]) -> tuple[Codes, int]:
    """0, 1, … for each different value, in the order in which they come; and how many there are."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64), len(known)


@dataclass(frozen=True)
class Factor:
    """A property of every observation, as codes 0..size-1.

    `shrink` is the weight of evidence at which an effect counts half: a group with less stays near zero.
    """

    codes: Codes
    size: int
    shrink: float


@dataclass(frozen=True)
class Effects:
    """What `back_fit` found: `values[i][code]` is added to `mean` for the i-th factor."""

    mean: float
    values: tuple[Floats, ...]

    def at(self, codes: Sequence[Codes]) -> Floats:
        """The fitted value for codes of each factor, in the order of the factors."""
        total = np.full(len(codes[0]), self.mean)
        for effect, of in zip(self.values, codes, strict=True):
            total += effect[of]
        return total


def back_fit(values: Floats, weights: Floats, factors: Sequence[Factor], passes: int = PASSES) -> Effects:
    """An additive model by back-fitting (Hastie & Tibshirani, Generalized Additive Models, 1990, ch. 4).

    Each effect is the weighted mean of what the others leave over, shrunk by w / (w + shrink).

    Raises:
        ValueError: there is nothing to fit.
    """
    if not len(values):
        raise ValueError("no observations")
    mean = float(np.average(values, weights=weights))
    effects = [np.zeros(factor.size) for factor in factors]
    evidence = [np.bincount(factor.codes, weights, factor.size) for factor in factors]
    left = values - mean
    for _ in range(passes):
        for i, factor in enumerate(factors):
            left = left + effects[i][factor.codes]
            sums = np.bincount(factor.codes, weights * left, factor.size)
            effects[i] = sums / (evidence[i] + factor.shrink)
            left = left - effects[i][factor.codes]
    return Effects(mean, tuple(effects))
