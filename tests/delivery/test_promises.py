"""The day on which something arrives."""

import time as clock
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.estimate import time_left
from app.delivery.promises import DeliveryMap, Place
from app.delivery.ways import Peak
from tests.delivery.portugal import ACORES, AZORES, BRAGANCA, LISBOA, MADEIRA, PORTO, at, portugal

MAP = portugal()
ENDS = {"lisboa": LISBOA, "porto": PORTO, "braganca": BRAGANCA, "acores": ACORES, "madeira": MADEIRA}
moments = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))


def day(zone: str, moment: str, handling: int = 0, *warehouses: str, level: str = "standard") -> date | None:
    promise = MAP.promise(warehouses or ("LIS",), handling, zone, at(moment), level)
    return promise.date if promise else None


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("1200-109", Place("1200-109", "Lisboa", "lisboa")),
        ("1200109", Place("1200-109", "Lisboa", "lisboa")),
        (" 1200 109 ", Place("1200-109", "Lisboa", "lisboa")),
        ("1200", Place("1200", "Lisboa", "lisboa")),
        ("9500-001", Place("9500-001", "Porto de Ponta Delgada", "acores")),  # the longest prefix wins
        ("9500", Place("9500", "Ponta Delgada", "acores")),
    ],
)
def test_a_postcode_is_understood_however_it_is_typed(typed: str, place: Place) -> None:
    assert MAP.place_of(typed) == place


@pytest.mark.parametrize(
    "typed", ["", "12", "12001", "1200-10", "1200-1099", "abcd-efg", "１２００", "8000-001", "1200-109\n1"]
)
def test_anything_else_is_no_place(typed: str) -> None:
    assert MAP.place_of(typed) is None


def test_lisboa_braganca_and_the_islands_each_have_their_day() -> None:
    tuesday = "2026-11-24 10:00"
    assert day("lisboa", tuesday) == date(2026, 11, 25)
    assert day("braganca", tuesday) == date(2026, 11, 26)
    assert day("acores", tuesday) == date(2026, 11, 30)
    assert day("acores", tuesday, 0, "LIS", "PDL") == date(2026, 11, 25)


def test_after_the_cutoff_it_is_a_working_day_later() -> None:
    assert day("lisboa", "2026-11-24 15:00") == date(2026, 11, 26)
    assert day("lisboa", "2026-11-27 16:00") == date(2026, 12, 2)  # Monday's order; Tuesday is 1 December


def test_handling_days_are_working_days_of_the_warehouse() -> None:
    assert day("lisboa", "2026-11-26 10:00", 2) == date(2026, 12, 2)  # Fri, Mon; then Wed, since Tue is a holiday


def test_the_eighth_of_december_is_no_day_on_the_road() -> None:
    assert day("porto", "2026-12-07 10:00") == date(2026, 12, 9)


def test_a_holiday_at_the_destination_delays_the_arrival_only_there() -> None:
    assert day("porto", "2026-06-23 10:00") == date(2026, 6, 25)  # São João
    assert day("lisboa", "2026-06-23 10:00") == date(2026, 6, 24)
    assert day("acores", "2026-05-22 10:00", 0, "PDL") == date(2026, 5, 26)  # Monday of the Holy Spirit


def test_express_is_sooner_where_there_is_such_a_lane() -> None:
    assert day("braganca", "2026-11-24 10:00", level="express") == date(2026, 11, 25)
    assert day("lisboa", "2026-11-24 10:00", level="express") is None


def test_nobody_promises_for_an_unknown_warehouse_or_zone() -> None:
    assert day("lisboa", "2026-11-24 10:00", 0, "XXX") is None
    assert day("spain", "2026-11-24 10:00") is None
    assert MAP.promise((), 0, "lisboa", at("2026-11-24 10:00")) is None


def test_the_date_holds_until_the_cutoff() -> None:
    promise = MAP.promise(("LIS",), 0, "lisboa", at("2026-11-24 10:00"))
    assert promise and promise.order_by == at("2026-11-24 15:00")


def test_the_date_holds_over_a_day_that_would_not_bring_it_sooner() -> None:
    promise = MAP.promise(("LIS",), 0, "porto", at("2026-06-22 16:00"))  # an order of Tuesday; Wednesday is São João
    assert promise and (promise.date, promise.order_by) == (date(2026, 6, 25), at("2026-06-24 15:00"))


def test_of_two_warehouses_the_date_holds_as_long_as_one_of_them_keeps_it() -> None:
    promise = MAP.promise(("LIS", "PDL"), 0, "lisboa", at("2026-11-24 10:00"))
    assert promise and promise.warehouse == "LIS"
    both = MAP.promise(("PDL",), 0, "acores", at("2026-11-24 10:00"))
    assert both and both.order_by == at("2026-11-24 15:00", AZORES)


def test_a_parcel_goes_free_from_its_worth_on() -> None:
    assert [MAP.lane_price("LIS", "lisboa", "standard", worth) for worth in (4999, 5000)] == [390, 0]
    assert MAP.lane_price("LIS", "madeira", "standard", 999_999) == 990
    with pytest.raises(KeyError):
        MAP.lane_price("LIS", "lisboa", "express", 1)


@given(moments, st.sampled_from(sorted(ENDS)), st.integers(0, 10), st.sampled_from(["LIS", "PDL"]))
def test_a_promise_is_a_working_day_after_the_order_and_holds_exactly_until_order_by(
    moment: datetime, zone: str, handling: int, warehouse: str
) -> None:
    promise = MAP.promise((warehouse,), handling, zone, moment)
    if promise is None:
        return
    assert promise.date > moment.date() - timedelta(days=1)
    assert ENDS[zone].works(promise.date)
    assert promise.order_by > moment
    just_before = MAP.promise((warehouse,), handling, zone, promise.order_by - timedelta(microseconds=1))
    too_late = MAP.promise((warehouse,), handling, zone, promise.order_by)
    assert just_before and too_late
    assert just_before.date == promise.date < too_late.date


@given(
    moments,
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.sampled_from(sorted(ENDS)),
    st.integers(0, 5),
    st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 10), st.integers(1, 20)), max_size=3),
)
def test_who_orders_later_never_gets_it_sooner(
    moment: datetime, later: timedelta, zone: str, handling: int, peaks: list[tuple[int, int, int]]
) -> None:
    begins = [(moment.date() + timedelta(days=begin), length, extra) for begin, length, extra in peaks]
    there = with_peaks(*(Peak(day, day + timedelta(days=length), extra, "Peak") for day, length, extra in begins))
    first = there.promise(("LIS", "PDL"), handling, zone, moment)
    second = there.promise(("LIS", "PDL"), handling, zone, moment + later)
    assert first and second and first.date <= second.date


def test_a_page_of_products_costs_microseconds() -> None:
    moment = at("2026-11-24 10:00")
    table = MAP.promise_table("lisboa", moment)
    started = clock.perf_counter()
    for number in range(4800):
        table.best(("LIS", "PDL"), number % 3)
    assert (clock.perf_counter() - started) / 4800 < 0.0002
    assert table["LIS", 0] == MAP.promise(("LIS",), 0, "lisboa", moment)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(hours=2, minutes=13, seconds=59), "2 h 13 min"),
        (timedelta(hours=20, seconds=59), "20 h"),
        (timedelta(minutes=13), "13 min"),
        (timedelta(seconds=20), "1 min"),
        (timedelta(days=1, hours=5, minutes=2), "1 day 5 h"),
        (timedelta(days=2, minutes=2), "2 days"),
        (timedelta(0), ""),
        (timedelta(hours=-1), ""),
    ],
)
def test_the_time_that_is_left_is_said_in_minutes(left: timedelta, text: str) -> None:
    moment = at("2026-11-24 10:00")
    assert time_left(moment + left, moment) == text


def with_peaks(*peaks: Peak) -> DeliveryMap:
    usual = portugal()
    return DeliveryMap(list(usual._origins.values()), usual._zones, usual._areas, usual.levels(), usual._roads, peaks)


def peak(**more: Any) -> DeliveryMap:
    days = {
        "first_day": date(2026, 11, 26),
        "last_day": date(2026, 11, 27),
        "extra_days": 2,
        "reason": "Black Friday",
        **more,
    }
    return with_peaks(Peak(**days))


@pytest.mark.parametrize(
    ("moment", "day", "reason"),
    [
        ("2026-11-25 14:59", date(2026, 11, 26), ""),
        ("2026-11-25 15:00", date(2026, 12, 2), "Black Friday"),  # starts on Thursday; 1 December is a holiday
        ("2026-11-27 14:59", date(2026, 12, 3), "Black Friday"),
        ("2026-11-27 15:00", date(2026, 12, 3), "Black Friday"),  # starts on Monday: those of the peak leave first
        ("2026-11-30 15:00", date(2026, 12, 3), ""),  # starts on Wednesday, when they have left
    ],
)
def test_orders_that_start_in_a_peak_arrive_later_and_say_why(moment: str, day: date, reason: str) -> None:
    found = peak().promise(("LIS",), 0, "lisboa", at(moment))
    assert found and (found.date, found.reason) == (day, reason)


def test_of_a_day_that_a_peak_does_not_move_nobody_says_that_it_takes_longer() -> None:
    mondays = replace(portugal()._zones["lisboa"], weekdays=frozenset({0}))
    there = peak()
    there._zones = {**there._zones, "lisboa": mondays}
    found = there.promise(("LIS",), 0, "lisboa", at("2026-11-25 16:00"))
    assert found and (found.date, found.reason) == (date(2026, 12, 7), "Black Friday")  # else on the 30th
    found = there.promise(("LIS",), 0, "lisboa", at("2026-11-27 16:00"))
    assert found and (found.date, found.reason) == (date(2026, 12, 7), "")


@pytest.mark.parametrize("year", [1, 2019, 9999])
def test_a_peak_of_another_time_moves_nothing(year: int) -> None:
    there = with_peaks(Peak(date(year, 1, 1), date(year, 12, 31), 60, "Another time"))
    found = there.promise(("LIS",), 0, "lisboa", at("2026-11-24 10:00"))
    assert found and (found.date, found.reason) == (date(2026, 11, 25), "")


def test_a_peak_of_one_warehouse_or_one_zone_leaves_the_others_alone() -> None:
    moment = at("2026-11-26 10:00")
    for elsewhere in ({"warehouse": "PDL"}, {"zone": "porto"}):
        found = peak(**elsewhere).promise(("LIS",), 0, "lisboa", moment)
        assert found and (found.date, found.reason) == (date(2026, 11, 27), "")


def test_parcels_wait_for_the_days_on_which_they_are_handed_out() -> None:
    usual = portugal()
    tuesdays = replace(usual._zones["acores"], weekdays=frozenset({1}))
    zones = {**usual._zones, "acores": tuesdays}
    some = DeliveryMap(list(usual._origins.values()), zones, usual._areas, usual.levels(), usual._roads)
    found = some.promise(("LIS",), 0, "acores", at("2026-11-16 10:00"))
    assert found and found.date == date(2026, 11, 24)  # four days on the road to Friday, then the next Tuesday
