"""What lanes take is learned from parcels; with few it stays what was set by hand."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from app.delivery.calendar import working_days_after
from app.delivery.transit.estimating import LaneKey, learn
from app.delivery.transit.road import RoadCalendar
from tests.delivery.portugal import portugal

TODAY = date(2026, 11, 27)
LISBOA, PORTO, MADEIRA = (LaneKey("LIS", zone, "standard") for zone in ("lisboa", "porto", "madeira"))
HAND_SET = {LISBOA: 1, PORTO: 1, MADEIRA: 3}
DELIVERY = portugal()


def parcels(lane: LaneKey, days: int, count: int, first: int = 0, under_way: int = 0) -> list[dict[str, Any]]:
    """Parcels of the last weeks that took so many working days on the road; the last `under_way` have not come yet."""
    road = DELIVERY.road_day(lane.warehouse, lane.zone)
    assert road
    found = []
    for number in range(count):
        ordered = TODAY - timedelta(days=12 + (first + number) % 60)
        ships = working_days_after(road, ordered, 1)
        arrived = working_days_after(road, ships, days)
        found.append(
            {
                "warehouse": lane.warehouse,
                "zone": lane.zone,
                "service_level": lane.level,
                "ordered_on": ordered,
                "ships_on": ships,
                "handed_over_on": ships,
                "delivered_on": None if number >= count - under_way or arrived >= TODAY else arrived,
                "is_void": False,
            }
        )
    return found


def days_of(records: list[dict[str, Any]]) -> dict[LaneKey, int]:
    found = learn(records, HAND_SET, DELIVERY, TODAY)
    assert found is not None
    return {lane: each.days for lane, each in found.items()}


def test_with_few_parcels_nothing_is_learned() -> None:
    assert learn([], HAND_SET, DELIVERY, TODAY) is None
    assert learn(parcels(LISBOA, 1, 30), HAND_SET, DELIVERY, TODAY) is None


def test_lanes_that_keep_what_was_set_keep_it() -> None:
    records = parcels(LISBOA, 1, 300) + parcels(PORTO, 1, 200) + parcels(MADEIRA, 3, 100)
    assert days_of(records) == HAND_SET


def test_a_slow_lane_gets_longer_and_the_others_do_not() -> None:
    records = parcels(LISBOA, 1, 300) + parcels(PORTO, 1, 200) + parcels(MADEIRA, 5, 150)
    assert days_of(records) == {LISBOA: 1, PORTO: 1, MADEIRA: 5}


def test_a_lane_of_which_little_is_known_leans_on_what_was_set() -> None:
    records = parcels(LISBOA, 1, 300) + parcels(PORTO, 1, 200) + parcels(MADEIRA, 9, 3)
    assert days_of(records)[MADEIRA] <= 4


def test_a_lane_without_parcels_is_as_much_slower_as_all_are() -> None:
    records = parcels(LISBOA, 2, 300) + parcels(PORTO, 2, 300)
    assert days_of(records)[MADEIRA] > HAND_SET[MADEIRA]


def test_a_lane_that_varies_gets_the_room_that_keeps_its_promises() -> None:
    madeira = parcels(MADEIRA, 3, 120) + parcels(MADEIRA, 6, 40, first=7)
    found = days_of(parcels(LISBOA, 1, 400) + madeira)
    assert found[MADEIRA] >= 5
    assert found[LISBOA] == 1


def test_parcels_that_have_not_come_yet_count_as_slow() -> None:
    arrived = parcels(LISBOA, 1, 300) + parcels(LISBOA, 4, 8, first=30)
    waiting = parcels(LISBOA, 1, 60, under_way=60)
    assert days_of(arrived + waiting)[LISBOA] > days_of(arrived)[LISBOA]


def test_cancelled_parcels_and_lanes_that_are_gone_say_nothing() -> None:
    usual = parcels(LISBOA, 1, 300) + parcels(PORTO, 1, 200)
    cancelled = [{**each, "is_void": True} for each in parcels(LISBOA, 9, 300)]
    gone = [{**each, "service_level": "by boat"} for each in parcels(LISBOA, 9, 300)]
    assert days_of(usual + cancelled + gone) == days_of(usual)


def test_days_on_the_road_are_working_days_of_both_ends() -> None:
    """1 December 2026 is a holiday, 28 and 29 November a weekend."""
    first, last = date(2026, 11, 20).toordinal(), date(2026, 12, 10).toordinal()
    calendar = RoadCalendar(DELIVERY, [("LIS", "porto")], first, last)
    days = [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 2)]
    until = np.array([float(day.toordinal()) for day in days] + [np.nan])
    after = np.full(4, float(days[0].toordinal()))
    assert calendar.between(np.zeros(4, np.int64), after, until)[:3].tolist() == [0, 1, 2]
    assert np.isnan(calendar.between(np.zeros(4, np.int64), after, until)[3])
