"""From a middling estimate to a promise: the pace of late, and the room that keeps the share of promises wanted.

Both are Kaplan-Meier quantiles over estimates stored at purchase time, with parcels under way as censored: leaving
those out would learn only from the quick ones.
"""

from dataclasses import dataclass

import numpy as np

from app.delivery.learning.effects import Codes
from app.delivery.learning.observations import Parcels
from app.delivery.learning.survival import Flags, Floats, quantile

ON_TIME = 0.955  # the share of promises to keep
AIMED_AT = 0.9525
"""A little less: months without a peak keep more than was aimed at, for the room remembers slower days.

Aiming higher all year, so that peaks that nobody foresaw are kept as well, makes every promise two days longer; for
those that are foreseen operators set surcharge days.
"""
LEAST = 100  # parcels, below which nothing is learned
LEAST_OF_GROUP = 10

PACE_HALF_LIFE = 10.0  # days
PACE_SHRINK = 50.0  # weight of parcels at which a group's own pace counts half
PACE_WINDOW = 60.0

SAFETY_HALF_LIFE = 45.0  # longer than the pace's: how fast parcels travel changes sooner than how unevenly
SAFETY_WINDOW = 75.0  # a peak is forgotten: looking back further, the months after it are promised too late
SAFETY_SHRINK = 100.0  # as PACE_SHRINK
BASE_DAYS = 6.0
"""The room grows with estimate + BASE_DAYS: less than in proportion, so that few days are spent for far places."""


@dataclass(frozen=True)
class Sample:
    """Parcels that count at a moment, with how long each took, or has taken so far, and its weight."""

    index: Codes
    took: Floats
    is_over: Flags
    weights: Floats


def sample(parcels: Parcels, at: float, half_life: float, window: float, has: Flags) -> Sample:
    """Of the last `window` days, those of which `has` holds; a weight halves every `half_life` days."""
    index = np.flatnonzero(has & (parcels.ordered > at - window) & parcels.counting(at))
    is_over = parcels.arrived(at)[index]
    took = np.where(is_over, parcels.took[index], parcels.waited(at)[index])
    return Sample(index, took, is_over, 0.5 ** ((at - parcels.ordered[index]) / half_life))


def pace(parcels: Parcels, points: Floats, groups: Codes, size: int, at: float) -> Floats | None:
    """By group: how much longer than estimated parcels have taken of late.

    That is the median of (1 + took) / (1 + point), a group's own shrunk toward that of all.

    Args:
        points: estimates in days, stored when ordered; NaN where there was none.
        groups: each parcel's group, 0..size-1.

    Returns:
        Factors of 1 + point; None when too few are known.
    """
    found = sample(parcels, at, PACE_HALF_LIFE, PACE_WINDOW, ~np.isnan(points))
    if len(found.index) < LEAST or not found.is_over.any():
        return None
    ratios = (1 + found.took) / (1 + points[found.index])
    return _by_group(ratios, found, groups[found.index], size, 0.5, PACE_SHRINK)


def _by_group(ratios: Floats, found: Sample, groups: Codes, size: int, share: float, shrink: float) -> Floats:
    """Each group's quantile, on the scale of logarithms shrunk toward that of all; those with few have that of all."""
    of_all = quantile(ratios, found.is_over, found.weights, share)
    factors = np.full(size, of_all)
    for group in np.unique(groups):
        own = groups == group
        if own.sum() >= LEAST_OF_GROUP and found.is_over[own].any():
            of_group = quantile(ratios[own], found.is_over[own], found.weights[own], share)
            trust = found.weights[own].sum() / (found.weights[own].sum() + shrink)
            factors[group] = of_group**trust * of_all ** (1 - trust)
    return factors


def safety(
    parcels: Parcels, points: Floats, groups: Codes, size: int, at: float, share: float = AIMED_AT
) -> Floats | None:
    """By group: the factor for `promised_days` at which `share` of the stored estimates would have been kept.

    One factor for all would keep few promises where ways vary most, and too many elsewhere. Arguments as of `pace`.

    Returns:
        None when too few are known.
    """
    found = sample(parcels, at, SAFETY_HALF_LIFE, SAFETY_WINDOW, ~np.isnan(points))
    if len(found.index) < LEAST or not found.is_over.any():
        return None
    return _by_group(_ratios(found, points), found, groups[found.index], size, share, SAFETY_SHRINK)


def _ratios(found: Sample, points: Floats) -> Floats:
    """A promise is a whole day: rounding up gives up to one day of room, which is not asked for twice."""
    return (found.took + BASE_DAYS - 1) / (points[found.index] + BASE_DAYS)


def promised_days(points: Floats, factor: float | Floats) -> Floats:
    """Whole days to promise: more than (point + BASE_DAYS) c - BASE_DAYS, never less than 0."""
    return np.maximum(np.floor((points + BASE_DAYS) * factor - BASE_DAYS) + 1, 0)
