"""From which warehouses one supplier's lines come: the policy "one parcel first".

1. One parcel, if a warehouse has all of it; of several, the one that is there soonest, then the cheapest.
2. Else every line as soon as it can be: whole from the soonest warehouse that has enough, split only when none has.
3. Of the ways in which no line comes later than that, the one with the fewest parcels, then the cheapest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Generic, NamedTuple, Protocol, TypeVar

MOST_COMPARED = 6  # warehouses whose combinations are tried: 57 ways


class Stocked(Protocol):
    @property
    def quantity(self) -> int: ...
    @property
    def handling_days(self) -> int: ...
    @property
    def stocks(self) -> Mapping[str, int]:
        """Warehouse code -> pieces that can be sold."""


L = TypeVar("L", bound=Stocked)


class Taken(NamedTuple, Generic[L]):
    """So many pieces of a line from one warehouse."""

    warehouse: str
    line: L
    quantity: int


@dataclass(frozen=True)
class Reach:
    """What can be brought to the shopper's place from where."""

    warehouses: Sequence[str]
    arrival: Callable[[str, int], date | None]  # of an offer with so many handling days; None: not brought there
    price_minor: Callable[[str], int]  # of a parcel


def allocate(lines: Sequence[L], reach: Reach) -> list[Taken[L]]:
    """The pieces of one supplier's lines by warehouse; fewer than wanted where stock is short.

    A line that no warehouse brings to the place is taken from where it lies, so that the page can say so.
    """
    brought = [line for line in lines if _sources(line, reach)]
    stranded = Reach(reach.warehouses, lambda *_: date.max, lambda _: 0)
    return _together(brought, reach) + [
        taken for line in lines if not _sources(line, reach) for taken in _take(line, stranded, reach.warehouses)
    ]


def _together(lines: Sequence[L], reach: Reach) -> list[Taken[L]]:
    if not lines:
        return []
    whole = [code for code in reach.warehouses if all(_has_all(code, line, reach) for line in lines)]
    if whole:
        best = min(whole, key=lambda code: (_last_arrival(reach, code, lines), reach.price_minor(code)))
        return [Taken(best, line, _wanted(line, reach)) for line in lines]
    soonest = _each(lines, reach, reach.warehouses)
    return _fewer(lines, reach, soonest) or soonest


def _fewer(lines: Sequence[L], reach: Reach, soonest: Sequence[Taken[L]]) -> list[Taken[L]] | None:
    """As much, and no line later, from fewer warehouses; None if there is no such way, or too many to try."""
    stocked = [code for code in reach.warehouses if any(code in _sources(line, reach) for line in lines)]
    used = len({taken.warehouse for taken in soonest})
    if len(stocked) > MOST_COMPARED:
        return None
    as_good = (_pieces(soonest), _latest(soonest, reach))
    for count in range(2, used):
        ways = [_each(lines, reach, among) for among in combinations(stocked, count)]
        found = [way for way in ways if (_pieces(way), _latest(way, reach)) == as_good]
        if found:
            return min(found, key=lambda way: sum(map(reach.price_minor, {taken.warehouse for taken in way})))
    return None


def _each(lines: Sequence[L], reach: Reach, among: Sequence[str]) -> list[Taken[L]]:
    return [taken for line in lines for taken in _take(line, reach, among)]


def _take(line: L, reach: Reach, among: Sequence[str]) -> list[Taken[L]]:
    """Whole from the soonest that has enough, else from the soonest on until there is enough."""
    sources = [code for code in _sources(line, reach) if code in among]
    for code in sources:
        if line.stocks[code] >= line.quantity:
            return [Taken(code, line, line.quantity)]
    taken, left = list[Taken[L]](), line.quantity
    for code in sources:
        if left:
            taken.append(Taken(code, line, min(left, line.stocks[code])))
            left -= taken[-1].quantity
    return taken


def _sources(line: Stocked, reach: Reach) -> list[str]:
    """Warehouses that have some of it and bring it to the place, the best first."""
    found = [
        (arrival, reach.price_minor(code), order, code)
        for order, code in enumerate(reach.warehouses)
        if line.stocks.get(code, 0) > 0 and (arrival := reach.arrival(code, line.handling_days))
    ]
    return [code for *_, code in sorted(found)]


def _has_all(code: str, line: Stocked, reach: Reach) -> bool:
    has_enough = line.stocks.get(code, 0) >= _wanted(line, reach)
    return has_enough and reach.arrival(code, line.handling_days) is not None


def _wanted(line: Stocked, reach: Reach) -> int:
    """What is short everywhere does not split what is there."""
    return min(line.quantity, sum(line.stocks[code] for code in _sources(line, reach)))


def _arrival(reach: Reach, code: str, line: Stocked) -> date:
    return reach.arrival(code, line.handling_days) or date.max


def _last_arrival(reach: Reach, code: str, lines: Sequence[Stocked]) -> date:
    return max(_arrival(reach, code, line) for line in lines)


def _pieces(way: Sequence[Taken[L]]) -> int:
    return sum(taken.quantity for taken in way)


def _latest(way: Sequence[Taken[L]], reach: Reach) -> dict[int, date]:
    """When the last piece of each line comes."""
    latest: dict[int, date] = {}
    for taken in way:
        arrival = _arrival(reach, taken.warehouse, taken.line)
        latest[id(taken.line)] = max(latest.get(id(taken.line), arrival), arrival)
    return latest
