"""Wordlists of products of which only the names matter."""

from collections.abc import Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np

from app.search.columns import Many, Vocabulary
from app.search.turns import at_once
from app.search.understanding.wordlist import Wordlist
from app.search.words import fold

_serials = count()


def wordlist_of(names: Sequence[str], stems: Sequence[str] = ()) -> Wordlist:
    """Of products with these names; `stems` stand in their descriptions."""
    words = Vocabulary()
    pairs = [(n, words.learn(fold(word), word.casefold())) for n, name in enumerate(names) for word in name.split()]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    stock: Any = SimpleNamespace(
        serial=next(_serials),
        size=len(names),
        total=len(names),
        alive=np.ones(len(names), dtype=bool),
        columns=SimpleNamespace(words=Many(table[:, 0], table[:, 1])),
        known=SimpleNamespace(words=words),
        stems=lambda: frozenset(stems),
    )
    made = Wordlist()
    at_once(made.fill(stock))
    return made
