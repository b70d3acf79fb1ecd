"""Which days count, and to which of them an order belongs."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.calendar import Dispatch, NoWorkingDay, WorkCalendar, first_working, working_days_after
from tests.delivery.portugal import ACORES, AZORES, BRAGANCA, LISBOA, LISBON, MADEIRA, PORTO, at

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
calendars = st.sampled_from([LISBOA, PORTO, BRAGANCA, ACORES, MADEIRA])


@pytest.mark.parametrize("calendar", [LISBOA, PORTO, BRAGANCA, ACORES, MADEIRA])
@pytest.mark.parametrize("day", [date(2026, 12, 8), date(2026, 12, 25), date(2026, 4, 3), date(2026, 6, 10)])
def test_national_holidays_are_free_everywhere(calendar: WorkCalendar, day: date) -> None:
    assert not calendar.works(day)


@pytest.mark.parametrize(
    ("free", "working", "day"),
    [
        (ACORES, LISBOA, date(2026, 5, 25)),  # Monday of the Holy Spirit
        (MADEIRA, LISBOA, date(2026, 7, 1)),  # day of the region
        (PORTO, LISBOA, date(2026, 6, 24)),  # São João
        (LISBOA, PORTO, date(2025, 6, 13)),  # Santo António, a Friday in 2025
    ],
)
def test_local_holidays_are_free_only_there(free: WorkCalendar, working: WorkCalendar, day: date) -> None:
    assert not free.works(day)
    assert working.works(day)


def test_weekends_are_free() -> None:
    assert [LISBOA.works(date(2026, 11, day)) for day in range(23, 30)] == [True] * 5 + [False] * 2


def test_a_warehouse_may_work_on_saturdays() -> None:
    assert WorkCalendar(weekdays=frozenset(range(6))).works(date(2026, 11, 28))


def test_an_unknown_subdivision_has_the_national_holidays() -> None:
    assert not WorkCalendar(subdivision="99").works(date(2026, 12, 8))
    assert WorkCalendar(country="ZZ").works(date(2026, 12, 8))


def test_somebody_who_never_works_promises_nothing() -> None:
    with pytest.raises(NoWorkingDay):
        first_working(WorkCalendar(weekdays=frozenset()).works, date(2026, 11, 24))
    with pytest.raises(NoWorkingDay):
        working_days_after(LISBOA.works, date(2026, 11, 24), 30_000)


def test_an_order_before_the_cutoff_belongs_to_today_and_one_after_it_to_the_next_working_day() -> None:
    warehouse = Dispatch(LISBOA, LISBON, time(15))
    assert warehouse.starts_on(at("2026-11-27 14:59")) == date(2026, 11, 27)
    assert warehouse.starts_on(at("2026-11-27 15:00")) == date(2026, 11, 30)
    assert warehouse.starts_on(at("2026-11-28 09:00")) == date(2026, 11, 30)
    assert warehouse.starts_on(at("2026-11-30 15:00")) == date(2026, 12, 2)  # 1 December is a holiday


def test_the_cutoff_is_an_hour_on_the_warehouses_own_clock() -> None:
    azores = Dispatch(ACORES, AZORES, time(15))
    assert azores.starts_on(at("2026-11-24 15:30")) == date(2026, 11, 24)  # 14:30 in Ponta Delgada
    assert azores.starts_on(at("2026-11-24 16:00")) == date(2026, 11, 25)
    assert azores.starts_on(at("2026-11-28 00:30")) == date(2026, 11, 30)  # Friday 23:30 there, after its cut-off


def test_the_cutoff_keeps_its_local_hour_when_the_clocks_change() -> None:
    warehouse = Dispatch(LISBOA, LISBON, time(15))
    assert warehouse.cutoff_of(date(2026, 10, 23)) == datetime(2026, 10, 23, 14, tzinfo=UTC)  # summer time
    assert warehouse.cutoff_of(date(2026, 10, 26)) == datetime(2026, 10, 26, 15, tzinfo=UTC)
    assert warehouse.cutoff_of(date(2026, 3, 30)) == datetime(2026, 3, 30, 14, tzinfo=UTC)


def test_a_cutoff_inside_the_hour_that_is_skipped_or_repeated_still_divides_the_orders() -> None:
    everyday = WorkCalendar(weekdays=frozenset(range(7)))
    warehouse = Dispatch(everyday, LISBON, time(1, 30))
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        cutoff = warehouse.cutoff_of(day)
        assert warehouse.starts_on(cutoff - timedelta(seconds=1)) == day
        assert warehouse.starts_on(cutoff) == day + timedelta(days=1)


@given(moments, calendars, st.times())
def test_an_order_belongs_to_a_working_day_whose_cutoff_is_still_ahead(
    moment: datetime, calendar: WorkCalendar, cutoff: time
) -> None:
    warehouse = Dispatch(calendar, LISBON, cutoff)
    start = warehouse.starts_on(moment)
    assert calendar.works(start)
    assert start >= moment.astimezone(LISBON).date()
    assert moment < warehouse.cutoff_of(start)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=20)), calendars)
def test_a_later_order_never_belongs_to_an_earlier_day(
    moment: datetime, later: timedelta, calendar: WorkCalendar
) -> None:
    warehouse = Dispatch(calendar, AZORES, time(15))
    assert warehouse.starts_on(moment) <= warehouse.starts_on(moment + later)
