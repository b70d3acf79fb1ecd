"""The first of many rows in order, without putting all of them in order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.turns import breathe
from app.search.vocabularies import Ints


def first(keys: Sequence[NDArray[Any]], count: int) -> Ints:
    """The places of the `count` smallest entries in order, by the first key, equals by the next; sorts only those."""
    places = np.arange(len(keys[0]))
    settled: list[Ints] = []
    for depth, key in enumerate(keys):
        if len(places) <= count or depth == len(keys) - 1:
            break
        breathe()
        values = key[places]
        last = np.partition(values, count - 1)[count - 1]
        settled.append(places[values < last])
        count -= len(settled[-1])
        places = places[values == last]
    chosen = np.concatenate([*settled, _sorted(places, keys)[:count]])
    return _sorted(chosen, keys)


def _sorted(places: Ints, keys: Sequence[NDArray[Any]]) -> Ints:
    return places[np.lexsort([key[places] for key in reversed(keys)])]
