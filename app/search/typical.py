"""How typical a product is of what it is called, by what it says of itself: a print server is not what servers are.

Names do not tell: both end in "server", as a battery pack of a UPS ends like the UPS. But most servers speak of their
processors and disks, and the others of little that these have. So each is compared with all that are called so.
"""

import numpy as np
from numpy.typing import NDArray

from app.search.attributes import Attributes
from app.search.vocabularies import Ints

ENOUGH = 0.5  # of the likeness that is usual among them: from here on it is typical, however much more it says
FEWEST = 3  # called so: of fewer none is usual


def typical(called: Ints, attributes: Attributes) -> NDArray[np.float64]:
    """Of products that are called the same, from 0 to 1; 1 for one that says nothing of itself.

    The likeness is the cosine of what attributes each has with the shares of all that have each of them.
    """
    places, lengths, found = attributes.of(called)
    if len(called) < FEWEST or not len(found):
        return np.ones(len(called))
    shares = np.bincount(found) / len(called)
    ends = np.cumsum(lengths)
    sums = np.concatenate([np.zeros(1), np.cumsum(shares[found])])
    likeness = np.zeros(len(called))
    likeness[places] = (sums[ends] - sums[ends - lengths]) / np.sqrt(np.maximum(lengths, 1))
    enough = max(ENOUGH * float(np.median(likeness)), float(shares.max()) * 1e-9)
    likeness[places[lengths == 0]] = enough
    return np.minimum(likeness / enough, 1.0)
