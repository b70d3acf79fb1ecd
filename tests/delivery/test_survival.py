"""The Kaplan-Meier quantile, against values worked out by hand and as properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.learning.survival import quantile

parcels = st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(1, 5)), min_size=1, max_size=30).filter(
    lambda rows: any(over for _, over, _ in rows)
)
shares = st.sampled_from([0.1, 0.5, 0.9, 0.955])


def of(rows: list[tuple[int, bool, int]], share: float) -> float:
    values, over, weights = zip(*rows, strict=True)
    return quantile(np.array(values, float), np.array(over), np.array(weights, float), share)


def test_without_parcels_under_way_it_is_the_plain_quantile() -> None:
    rows = [(day, True, 1) for day in range(1, 11)]
    assert [of(rows, share) for share in (0.1, 0.5, 0.9, 1.0)] == [1, 5, 9, 10]


def test_a_parcel_under_way_leaves_its_share_to_those_that_took_longer() -> None:
    """By hand: 1 of 4 arrives on day 1 (3/4 left), one is seen until day 2, one of the two others arrives on day 3:
    3/4 x 1/2 = 3/8 are left; the last on day 5."""
    rows = [(1, True, 1), (2, False, 1), (3, True, 1), (5, True, 1)]
    assert of(rows, 0.25) == 1
    assert of(rows, 0.6) == 3
    assert of(rows, 0.63) == 5


def test_what_arrives_on_the_day_up_to_which_another_was_seen_comes_first() -> None:
    assert of([(2, False, 1), (2, True, 1)], 0.5) == 2


def test_where_too_few_have_arrived_it_is_the_longest_that_has() -> None:
    assert of([(2, True, 1), (9, False, 1), (9, False, 1)], 0.9) == 2


def test_nothing_over_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing is over"):
        of([(2, False, 1)], 0.5)


@given(parcels, shares, st.randoms())
def test_the_order_of_parcels_does_not_matter(rows: list[tuple[int, bool, int]], share: float, random: object) -> None:
    turned = list(rows)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert of(turned, share) == of(rows, share)


@given(parcels, shares)
def test_a_weight_is_so_many_parcels(rows: list[tuple[int, bool, int]], share: float) -> None:
    assert of([(day, over, 1) for day, over, weight in rows for _ in range(weight)], share) == of(rows, share)


@given(parcels, st.integers(0, 40), shares)
def test_another_parcel_still_under_way_never_shortens_a_quantile_that_is_reached(
    rows: list[tuple[int, bool, int]], waited: int, share: float
) -> None:
    longest = max(day for day, _, _ in rows)
    rows = [*rows, (longest, True, 1)]  # so that every share is reached
    assert of([*rows, (min(waited, longest), False, 1)], share) >= of(rows, share)


@given(parcels)
def test_a_larger_share_takes_no_less(rows: list[tuple[int, bool, int]]) -> None:
    found = [of(rows, share) for share in (0.2, 0.5, 0.8, 0.95)]
    assert found == sorted(found)
