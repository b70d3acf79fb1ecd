"""What was sold day by day as the bars of a chart. Only geometry: the page draws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.orders.sales import Tally
from app.suppliers.sales_period import Period

WIDTH, HEIGHT = 1200, 200
MOST_BARS = 62  # of a longer period a bar is a month


@dataclass(frozen=True)
class Bar:
    """A day, or the days of a month that are in the period, in a box of WIDTH by HEIGHT; `y` from its top."""

    first: date
    tally: Tally
    x: float
    width: float
    kept_y: float  # from there to the bottom: what was kept
    sold_y: float  # from there to kept_y: what was cancelled or came back


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]  # (minor units, y)
    by_month: bool


def chart(period: Period, sold: Mapping[date, Tally]) -> Chart:
    by_month = len(period.days) > MOST_BARS
    spans = [list(span) for _, span in groupby(period.days, lambda day: day.replace(day=1) if by_month else day)]
    tallies = [sum((sold[day] for day in span if day in sold), Tally()) for span in spans]
    step = _step(max(tally.minor for tally in tallies))
    top = step * max(1, -(-max(tally.minor for tally in tallies) // step))
    wide = WIDTH / len(spans)
    bars = (
        Bar(span[0], tally, n * wide + wide / 10, wide * 0.8, _y(tally.kept_minor, top), _y(tally.minor, top))
        for n, (span, tally) in enumerate(zip(spans, tallies, strict=True))
    )
    return Chart(tuple(bars), tuple((minor, _y(minor, top)) for minor in range(0, top + 1, step)), by_month)


def _step(highest: int) -> int:
    """A round amount, so that two to five of them reach the highest; a whole unit of money at least."""
    size = 100
    while size * 10 * 2 <= highest:
        size *= 10
    return next((size * n for n in (1, 2, 5) if size * n * 5 >= highest), size * 10)


def _y(minor: int, top: int) -> float:
    return HEIGHT * (1 - minor / top)
