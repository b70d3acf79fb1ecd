"""Days promised and days taken as lines of a chart. Only geometry: the page draws it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.delivery.transit.kept import Tally

WIDTH, HEIGHT = 1200, 200


@dataclass(frozen=True)
class Chart:
    """Lines as points of an SVG polyline in a box of WIDTH by HEIGHT; a week without parcels breaks a line."""

    promised: tuple[str, ...]
    taken: tuple[str, ...]
    ticks: tuple[tuple[int, float], ...]  # (days, height from the top)


def chart(weeks: Sequence[Tally]) -> Chart | None:
    """None when there is nothing to draw."""
    promised, taken = [week.promised_days for week in weeks], [week.taken_days for week in weeks]
    highest = max((days for days in [*promised, *taken] if days is not None), default=None)
    if highest is None:
        return None
    step = max(1, math.ceil(highest / 4))
    top = step * math.ceil(max(highest, 1) / step)
    ticks = tuple((days, _height(days, top)) for days in range(0, top + 1, step))
    return Chart(_lines(promised, top), _lines(taken, top), ticks)


def _lines(values: Sequence[float | None], top: int) -> tuple[str, ...]:
    """A lone week is drawn as a short line, or it would not be seen."""
    lines, line = list[str](), list[str]()
    wide = WIDTH / len(values)
    for number, value in enumerate([*values, None]):
        if value is not None:
            line.append(f"{(number + 0.5) * wide:.0f},{_height(value, top):.1f}")
        elif line:
            if len(line) == 1:
                x, _, y = line[0].partition(",")
                line = [f"{int(x) - 12},{y}", f"{int(x) + 12},{y}"]
            lines.append(" ".join(line))
            line = []
    return tuple(lines)


def _height(days: float, top: int) -> float:
    return HEIGHT * (1 - days / top)
