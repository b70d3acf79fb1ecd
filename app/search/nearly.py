"""What is asked for, but lacks some of the words: shown below the few products that have them all.

Who looks for a "gaming mouse pad" where five are sold is helped by the other mouse pads, and not by everything that has
to do with games; nothing is added to what is no thing at all, as to a model's name.
"""

import numpy as np

from app.search.ranking import asked_for, standing
from app.search.snapshot import Matches, Snapshot
from app.search.understanding import Understood
from app.search.vocabularies import Bools

FEW = 10  # products with every word, below which others are shown, too
MOST = 24  # others


def nearly(snapshot: Snapshot, understood: Understood, matches: Matches) -> Bools:
    """Products that are what is asked for, by their names, and do not have every word; none where enough have."""
    others = np.zeros(snapshot.size, dtype=bool)
    if len(matches.words) < 2 or not matches.every_word or matches.found.sum() >= FEW:
        return others
    left = snapshot.alive & ~matches.found
    for place in asked_for(snapshot, understood, matches.words):
        word = matches.words[place]
        there = np.flatnonzero(left & snapshot.being(word))
        others[there] |= standing(word, snapshot.columns.titles[there], there, snapshot).things > 0
    return others
