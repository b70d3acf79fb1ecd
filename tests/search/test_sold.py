"""Categories and brands by the beginnings of their names, the largest first."""

from collections.abc import Sequence

import numpy as np
import pytest

from app.search.sold import sold
from app.search.turns import at_once

LABELS = ("Lamps", "Desk lamps", "Çanta", "Desks", "", "Desk lamps and lampshades")
SIZES = np.array([5, 9, 1, 9, 3, 0, 7])  # the last has no name yet


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (["lam"], [1, 0]),
        (["desk"], [1, 3]),
        (["de", "la"], [1]),
        (["la", "desk"], [1]),
        (["canta"], [2]),
        (["lampz"], []),
        (["desk", "x"], []),
        (["\U0010ffff"], []),
    ],
)
def test_every_word_begins_one_of_the_name(typed: Sequence[str], found: Sequence[int]) -> None:
    assert at_once(sold(SIZES, LABELS)).begun(typed) == found


def test_where_nothing_is_sold_nothing_begins_so() -> None:
    assert at_once(sold(np.zeros(0, np.int64), ())).begun(["la"]) == []
