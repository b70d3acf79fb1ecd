"""What goes piece by piece is the whole in the end."""

from hypothesis import given
from hypothesis import strategies as st

from app.orders.sharing import part_of


@given(st.integers(0, 10**9), st.lists(st.integers(1, 99), min_size=1, max_size=8))
def test_what_goes_piece_by_piece_is_the_whole_in_the_end(total: int, steps: list[int]) -> None:
    whole, before, gone = sum(steps), 0, 0
    for step in steps:
        part = part_of(total, whole, before, step)
        assert part >= 0
        before, gone = before + step, gone + part
        assert gone <= total
    assert gone == total
