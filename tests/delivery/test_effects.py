"""Shrunk effects by back-fitting, against values worked out by hand."""

import numpy as np
import pytest

from app.delivery.learning.effects import Factor, back_fit


def codes(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_an_effect_is_the_mean_that_is_left_shrunk_by_its_evidence() -> None:
    values, weights = np.array([1.0, 1.0, 4.0, 4.0]), np.ones(4)
    found = back_fit(values, weights, [Factor(codes(0, 0, 1, 1), 2, 2.0)], passes=1)
    assert found.mean == 2.5
    assert found.values[0].tolist() == [-0.75, 0.75]  # -3 / (2 + 2) and 3 / (2 + 2)


def test_weights_count_as_so_many_observations() -> None:
    of_three = back_fit(np.array([1.0, 4.0]), np.array([3.0, 1.0]), [Factor(codes(0, 1), 2, 1.0)])
    repeated = back_fit(np.array([1.0, 1.0, 1.0, 4.0]), np.ones(4), [Factor(codes(0, 0, 0, 1), 2, 1.0)])
    assert of_three.mean == repeated.mean
    assert of_three.values[0] == pytest.approx(repeated.values[0])


def test_a_group_that_was_never_seen_has_no_effect() -> None:
    found = back_fit(np.array([1.0, 3.0]), np.ones(2), [Factor(codes(0, 0), 3, 5.0)])
    assert found.at([codes(2)]).tolist() == [2.0]


def test_two_factors_share_what_both_explain() -> None:
    """Warehouse and zone each add a day; with much evidence both days are found."""
    warehouse, zone = np.tile([0, 0, 1, 1], 5000), np.tile([0, 1, 0, 1], 5000)
    days = 2.0 + warehouse + zone
    found = back_fit(days, np.ones(len(days)), [Factor(warehouse, 2, 30), Factor(zone, 2, 30)])
    assert found.at([codes(0, 1), codes(0, 1)]) == pytest.approx([2.0, 4.0], abs=0.02)


def test_the_order_of_observations_does_not_matter() -> None:
    random = np.random.default_rng(4)
    values, weights, group = random.normal(size=50), random.random(50) + 0.1, random.integers(0, 4, 50)
    turned = random.permutation(50)
    one = back_fit(values, weights, [Factor(group, 4, 3)])
    other = back_fit(values[turned], weights[turned], [Factor(group[turned], 4, 3)])
    assert one.values[0] == pytest.approx(other.values[0])


def test_without_observations_there_is_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="no observations"):
        back_fit(np.array([]), np.array([]), [])
