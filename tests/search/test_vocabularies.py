"""What columns of numbers are made with, beside the plain way of working it out."""

import random

import numpy as np
import pytest

from app.search.turns import at_once
from app.search.vocabularies import by_alphabet, each_once, in_runs


@pytest.mark.parametrize("numbers", [[], [3], [3, 3, 3], [5, 1, 5, 2, 1], [-1, 2**40, -1]])
def test_each_number_stands_there_once(numbers: list[int]) -> None:
    assert each_once(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))


def test_what_is_chosen_is_counted_run_by_run() -> None:
    chosen = np.array([True, False, True, True, False, False])
    assert in_runs(chosen, np.array([0, 1, 4])).tolist() == [1, 2, 0]
    assert in_runs(chosen[:0], np.zeros(0, np.int64)).tolist() == []


def test_words_sorted_letter_by_letter_are_sorted() -> None:
    words = ["", "Ångström", "lamp", "lam", "zebra", "\U0001f381", "lámp", "7", "desk", ""]
    some = random.Random(4).sample(range(len(words)), 8)
    assert [words[n] for n in at_once(by_alphabet(some, words))] == sorted(words[n] for n in some)
