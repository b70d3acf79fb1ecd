"""Pace and room, learned from estimates stored at purchase time."""

import numpy as np
import pytest

from app.delivery.learning import safety
from app.delivery.learning.observations import Parcels

NAN = float("nan")
TODAY = 100.0


def parcels(ordered: list[float], took: list[float], void: list[bool] | None = None) -> Parcels:
    when, days = np.array(ordered, float), np.array(took, float)
    return Parcels(when, when + 1, when + days, days, np.array(void or [False] * len(ordered)), np.zeros(len(ordered)))


def test_only_what_was_known_counts() -> None:
    found = parcels([90, 90, 101, 40, 95], [5, 20, 1, NAN, 2], [False, False, False, False, True])
    assert found.arrived(TODAY).tolist() == [True, False, False, False, False]
    # The first has arrived, the second is under way, the third comes later, the fourth is lost, the fifth cancelled.
    assert found.counting(TODAY).tolist() == [True, True, False, False, False]


def test_what_was_never_handed_over_soon_says_nothing() -> None:
    found = Parcels(
        np.array([65.0, 80.0]), np.full(2, NAN), np.full(2, NAN), np.full(2, NAN), np.zeros(2, bool), np.zeros(2)
    )
    assert found.counting(TODAY).tolist() == [False, True]


def test_with_few_parcels_nothing_is_learned() -> None:
    few = parcels([90.0] * 20, [3.0] * 20)
    assert safety.safety(few, np.full(20, 3.0), np.zeros(20, np.int64), 1, TODAY) is None
    assert safety.pace(few, np.full(20, 3.0), np.zeros(20, np.int64), 1, TODAY) is None


def test_the_pace_is_what_parcels_took_of_late_and_a_group_leans_on_all() -> None:
    """Group 0 takes twice its estimate, group 1 exactly it; group 2 has no parcels of its own."""
    took = [5.0] * 300 + [2.0] * 200
    groups = np.array([0] * 300 + [1] * 200, dtype=np.int64)
    found = safety.pace(parcels([90.0] * 500, took), np.full(500, 2.0), groups, 3, TODAY)
    assert found is not None
    assert found[0] == pytest.approx(2.0)
    assert 1.0 < found[1] < 2.0
    assert found[2] == pytest.approx(2.0)


def test_the_promise_keeps_the_share_wanted_of_what_was_estimated() -> None:
    took = np.arange(1, 201) / 10
    points = np.full(200, 10.0)
    found = safety.safety(parcels([60.0] * 200, took.round().tolist()), points, np.zeros(200, np.int64), 1, TODAY, 0.9)
    assert found is not None
    promised = safety.promised_days(points, found[0])
    assert np.mean(took.round() <= promised) >= 0.9
    assert np.mean(took.round() <= promised - 1) < 0.9


def test_parcels_under_way_make_the_promise_longer() -> None:
    arrived = parcels([80.0] * 200, [10.0] * 150 + [12.0] * 50)
    late = parcels([80.0] * 250, [10.0] * 150 + [12.0] * 50 + [30.0] * 50)
    some, more = (
        safety.safety(arrived, np.full(200, 10.0), np.zeros(200, np.int64), 1, TODAY, 0.6),
        safety.safety(late, np.full(250, 10.0), np.zeros(250, np.int64), 1, TODAY, 0.7),
    )
    assert some is not None
    assert more is not None
    assert more > some


def test_where_ways_vary_more_there_is_more_room_and_few_parcels_lean_on_all() -> None:
    """Group 0 is punctual, group 1 is not; group 2 has no parcels of its own."""
    took = np.array([10.0] * 300 + [4.0, 16.0] * 150)
    groups = np.array([0] * 300 + [1] * 300, dtype=np.int64)
    found = safety.safety(parcels([80.0] * 600, took.tolist()), np.full(600, 10.0), groups, 3, TODAY, 0.8)
    assert found is not None
    promised = safety.promised_days(np.full(3, 10.0), found)
    assert promised[0] < promised[2] <= promised[1]
    assert promised[1] == 16


def test_a_promise_is_never_in_the_past() -> None:
    assert safety.promised_days(np.array([0.0]), 0.01).tolist() == [0.0]
