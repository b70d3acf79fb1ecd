"""Amounts are shared out to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders.sharing import part_of, shares

AMOUNTS = st.lists(st.integers(0, 10**10), min_size=1, max_size=30)


@given(st.integers(0, 10**12), AMOUNTS)
def test_parts_add_up_and_none_is_off_by_a_cent(total: int, weights: list[int]) -> None:
    if not sum(weights):
        weights[0] = 1
    parts = shares(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
    assert shares(total, weights) == parts


def test_nothing_is_shared_among_none() -> None:
    assert shares(0, []) == []
    with pytest.raises(ValueError, match="nothing to share"):
        shares(1, [0, 0])


@given(st.integers(0, 10**9), st.lists(st.integers(1, 99), min_size=1, max_size=8))
def test_what_goes_piece_by_piece_is_the_whole_in_the_end(total: int, steps: list[int]) -> None:
    whole, before, gone = sum(steps), 0, 0
    for step in steps:
        part = part_of(total, whole, before, step)
        assert part >= 0
        before, gone = before + step, gone + part
        assert gone <= total
    assert gone == total
