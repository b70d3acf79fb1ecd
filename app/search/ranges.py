"""Ranges of a measured attribute: "1..2 kg" in an address, "1 to 2 kg" on the page."""

import re
from itertools import pairwise
from math import floor, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.attributes import NO_UNIT, Values
from app.search.vocabularies import Bools

NO_SUCH_UNIT = NO_UNIT - 1
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
SHARES = (0.2, 0.4, 0.6, 0.8)  # of the products, below which a range ends

_RANGE = re.compile(r"(-?\d{1,9}(?:\.\d{1,4})?)?\.\.(-?\d{1,9}(?:\.\d{1,4})?)?(?: (\S{1,8}))?")


class Range(NamedTuple):
    """From `low` to below `high`; None: open at that end."""

    low: float | None
    high: float | None
    unit: str

    def holds(self, values: Values) -> Bools:
        """Which values of an attribute lie in it."""
        numbers, units = values.measures()
        inside = units == next(iter(values.units.find([self.unit])), NO_SUCH_UNIT)
        if self.low is not None:
            inside = inside & (numbers >= self.low)
        return inside if self.high is None else inside & (numbers < self.high)

    @property
    def value(self) -> str:
        return f"{_plain(self.low)}..{_plain(self.high)}" + (f" {self.unit}" if self.unit else "")

    @property
    def label(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.low is None:
            return f"Under {_plain(self.high)}{unit}"
        if self.high is None:
            return f"{_plain(self.low)}{unit} and more"
        return f"{_plain(self.low)} to {_plain(self.high)}{unit}"


def range_of(value: str) -> Range | None:
    """The range that a value in an address names; None if it names none."""
    match = _RANGE.fullmatch(value)
    if match is None or not (match[1] or match[2]):
        return None
    return Range(float(match[1]) if match[1] else None, float(match[2]) if match[2] else None, match[3] or "")


def ranges(numbers: NDArray[np.float64], unit: str) -> list[Range]:
    """Ranges with round ends that part numbers about evenly; none where they are all alike.

    Args:
        numbers: one or more, in ascending order.
    """
    least, most = float(numbers[0]), float(numbers[-1])
    # as np.quantile has it, whose checks take longer than all the rest here
    quantiles = np.interp(np.multiply(SHARES, len(numbers) - 1), np.arange(len(numbers)), numbers)
    cuts = sorted({_rounded(cut, most) for cut in quantiles.tolist()})
    cuts = [cut for cut in cuts if least < cut <= most]
    if not cuts:
        return []
    ends: list[float | None] = [None, *cuts, None]
    return [Range(low, high, unit) for low, high in pairwise(ends)]


def _rounded(cut: float, most: float) -> float:
    """The nearest multiple of a round step that is a tenth of the cut or less; of 0, a hundredth of the most."""
    size = abs(cut) or most / 10 or 1.0
    power = 10.0 ** floor(log10(size / 5))
    step = power * max(step for step in STEPS if step * power <= size / 5 or step == 1.0)
    return round(round(cut / step) * step, 4)


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}" if abs(number) < 1e5 else f"{number:.0f}"
