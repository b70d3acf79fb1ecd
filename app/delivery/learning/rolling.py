"""Gone through day by day: each order is estimated with only what was known at the midnight before it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from app.delivery.learning.effects import Codes, Effects, Factor
from app.delivery.learning.fitting import fit
from app.delivery.learning.observations import Parcels
from app.delivery.learning.safety import pace
from app.delivery.learning.survival import Floats

WEEK = 7


class Day(NamedTuple):
    """What was known in the morning, and the estimates for all orders up to this day's."""

    number: int
    orders: Codes  # indices of the parcels ordered on this day
    points: Floats  # days, of every parcel; NaN: not ordered yet, or too little was known
    effects: Effects | None
    paces: Floats | None


def rolled(parcels: Parcels, factors: Sequence[Factor], groups: Codes, size: int, days: range) -> Iterator[Day]:
    """The days one after another: effects are fitted anew on every seventh, the pace of the `size` groups on each."""
    raw, points = np.full(len(groups), np.nan), np.full(len(groups), np.nan)
    on_day, effects = np.floor(parcels.ordered), None
    for count, today in enumerate(days):
        if count % WEEK == 0:
            effects = fit(parcels, factors, today)
        orders = np.flatnonzero(on_day == today)
        paces = pace(parcels, raw, groups, size, today) if effects else None
        if effects and len(orders):
            raw[orders] = estimate(effects, [factor.codes[orders] for factor in factors], parcels.expected[orders])
            points[orders] = at_pace(raw[orders], paces, groups[orders])
        yield Day(today, orders, points, effects, paces)


def estimate(effects: Effects, codes: Sequence[Codes], expected: Floats) -> Floats:
    """Middling days for codes of each factor, before the pace of late."""
    return np.asarray(np.expm1(effects.at(codes) + np.log1p(expected)))


def at_pace(raw: Floats, paces: Floats | None, groups: Codes) -> Floats:
    """Estimates as they come true of late."""
    return raw if paces is None else (1 + raw) * paces[groups] - 1
