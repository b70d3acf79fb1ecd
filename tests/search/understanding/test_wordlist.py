"""Words with their products, and products with their words."""

import random

import numpy as np
import pytest

from app.search.understanding import wordlist as module
from app.search.vocabularies import Bools
from tests.search.understanding.names import wordlist_of


@pytest.mark.parametrize("turned", [1, 7, 10_000])
def test_the_words_of_products_say_the_same_as_the_products_of_words(
    turned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TURNED", turned)
    monkeypatch.setattr(module, "COUNTED", turned)
    chance = random.Random(3)
    names = [" ".join(chance.sample("abcdefghij", chance.randrange(6))) for _ in range(60)]
    made = wordlist_of(names)
    for some in ({59}, set(), set(range(60)), set(chance.sample(range(60), 20))):
        chosen: Bools = np.isin(np.arange(60), list(some))
        counted = made.counts_among(np.flatnonzero(chosen))
        assert counted.tolist() == made.counts_within(0, len(made.words), chosen).tolist()
        assert counted.tolist() == [sum(word in names[n].split() for n in some) for word in made.words]
