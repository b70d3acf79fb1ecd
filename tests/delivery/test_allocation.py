"""From which warehouses a supplier's lines come: one parcel first, then the soonest, then the fewest."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from app.delivery.allocation import Reach, Taken, allocate

DAY = date(2026, 11, 30)
DAYS = {"A": 1, "B": 2, "C": 3, "D": 3}
CENTS = {"A": 390, "B": 490, "C": 690, "D": 590}


@dataclass(frozen=True)
class Line:
    name: str
    stocks: dict[str, int]
    quantity: int = 1
    handling_days: int = 0


def reach(warehouses: str = "ABCD", closed: str = "") -> Reach:
    def arrival(code: str, handling_days: int) -> date | None:
        return None if code in closed else DAY + timedelta(DAYS[code] + handling_days)

    return Reach(list(warehouses), arrival, CENTS.__getitem__)


def ways(*lines: Line, closed: str = "") -> list[tuple[str, str, int]]:
    return [(taken.warehouse, taken.line.name, taken.quantity) for taken in allocate(lines, reach(closed=closed))]


def test_one_parcel_goes_before_the_earlier_day() -> None:
    lamp, mug = Line("lamp", {"A": 5, "C": 5}), Line("mug", {"C": 5})
    assert ways(lamp) == [("A", "lamp", 1)]
    assert ways(lamp, mug) == [("C", "lamp", 1), ("C", "mug", 1)]


def test_of_several_warehouses_that_have_all_the_soonest_sends() -> None:
    assert ways(Line("lamp", {"B": 5, "A": 5}), Line("mug", {"A": 5, "B": 5})) == [("A", "lamp", 1), ("A", "mug", 1)]


def test_as_soon_from_two_the_cheaper_lane_is_taken() -> None:
    assert ways(Line("lamp", {"C": 5, "D": 5})) == [("D", "lamp", 1)]


def test_without_one_that_has_all_every_line_comes_as_soon_as_it_can() -> None:
    lamp, mug = Line("lamp", {"A": 5, "B": 5}), Line("mug", {"C": 5})
    assert ways(lamp, mug) == [("A", "lamp", 1), ("C", "mug", 1)]


def test_no_more_parcels_than_the_same_days_need() -> None:
    lamp, mug, chair = Line("lamp", {"D": 5, "C": 5}), Line("mug", {"C": 5}), Line("chair", {"B": 5})
    assert ways(lamp, mug, chair) == [("C", "lamp", 1), ("C", "mug", 1), ("B", "chair", 1)]


def test_a_line_is_split_only_when_no_warehouse_has_enough() -> None:
    assert ways(Line("lamp", {"A": 2, "B": 9}, 5)) == [("B", "lamp", 5)]
    assert ways(Line("lamp", {"A": 2, "B": 9}, 10)) == [("A", "lamp", 2), ("B", "lamp", 8)]


def test_what_is_short_everywhere_does_not_split_the_rest() -> None:
    assert ways(Line("lamp", {"B": 2}, 9), Line("mug", {"A": 5, "B": 5})) == [("B", "lamp", 2), ("B", "mug", 1)]


def test_a_line_that_nobody_brings_there_keeps_its_parcel_apart() -> None:
    assert ways(Line("lamp", {"D": 5}), Line("mug", {"A": 5}), closed="D") == [("A", "mug", 1), ("D", "lamp", 1)]


LINES = some.lists(
    some.builds(
        Line,
        some.sampled_from(["lamp", "mug", "chair"]),
        some.dictionaries(some.sampled_from("ABCD"), some.integers(1, 6)),
        some.integers(1, 9),
        some.integers(0, 2),
    ),
    max_size=5,
)


@given(LINES)
def test_nothing_is_taken_twice_or_from_where_it_is_not(lines: list[Line]) -> None:
    found = allocate(lines, reach())
    for line in lines:
        pieces = [taken for taken in found if taken.line is line]
        assert sum(taken.quantity for taken in pieces) == min(line.quantity, sum(line.stocks.values()))
        assert all(0 < taken.quantity <= line.stocks[taken.warehouse] for taken in pieces)
        assert max(Counter(taken.warehouse for taken in pieces).values(), default=1) == 1


@given(LINES)
def test_more_than_one_parcel_means_that_no_warehouse_has_all_and_no_line_waits(lines: list[Line]) -> None:
    found = allocate(lines, reach())
    if len({taken.warehouse for taken in found}) < 2:
        return
    wanted = {id(line): min(line.quantity, sum(line.stocks.values())) for line in lines}
    stocked = [line for line in lines if line.stocks]
    assert not [code for code in "ABCD" if all(line.stocks.get(code, 0) >= wanted[id(line)] for line in stocked)]
    for line in stocked:
        alone = allocate([line], reach())
        assert _latest(found, line) <= _latest(alone, line)


def _latest(found: list[Taken[Line]], line: Line) -> int:
    return max(DAYS[taken.warehouse] for taken in found if taken.line is line)
