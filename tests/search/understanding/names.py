"""Wordlists of products of which only the names matter."""

from collections.abc import Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np

from app.search.columns import Vocabularies
from app.search.turns import at_once
from app.search.understanding.seen import Seen
from app.search.understanding.wordlist import Wordlist
from app.search.vocabularies import held, many
from app.search.words import fold

_serials = count()


def wordlist_of(names: Sequence[str], stems: Sequence[str] = ()) -> Wordlist:
    """Of products with these names; `stems` stand in their descriptions."""
    known = Vocabularies()
    column = many([known.words.learn(fold(word), word.casefold()) for word in name.split()] for name in names)
    described = known.described.learn_all(stems)
    numbers, holders = np.arange(len(known.words)), held(column, len(known.words))
    stock: Any = SimpleNamespace(
        serial=next(_serials),
        size=len(names),
        total=len(names),
        alive=np.ones(len(names), dtype=bool),
        known=known,
        held=lambda: [(0, numbers, holders)],
        described=lambda: np.isin(np.arange(len(known.described)), described),
    )
    return filled(stock)


def filled(stock: Any) -> Wordlist:
    made = Wordlist()
    at_once(made.fill(stock, Seen(stock.known)))
    return made
