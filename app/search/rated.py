"""How good a product is by its reviews: a Bayesian average, so that one of five stars does not win against many of 4.8.

(PRIOR · m + sum of its stars) / (PRIOR + its reviews), where m is the mean of all stars given in the shop: as if every
product had PRIOR average reviews besides its own. It is IMDb's weighted rating, (v·R + k·C) / (v + k), the mean of a
normal posterior with prior mean C and k pseudo-observations (Gelman et al., Bayesian Data Analysis, 2.5).
"""

from typing import Any

import numpy as np

from app.search.vocabularies import Floats, Ints

PRIOR = 5  # reviews: about as many as it takes to trust an average more than the shop's
LEAST = (4, 3, 2, 1)  # stars and up, that lists are narrowed to
SPAN = 4.0  # from one star to five


def mean_of_all(stars: Ints, reviews: Ints) -> float:
    """The mean of all stars that were given; the middle while nobody has given any."""
    given = int(reviews.sum())
    return int(stars.sum()) / given if given else 3.0


def bayesian(stars: Any, reviews: Any, mean: float) -> Any:
    """From 1 to 5. Without reviews exactly `mean`."""
    return (PRIOR * mean + stars) / (PRIOR + reviews)


def sort_key(stars: Ints, reviews: Ints, mean: float) -> Floats:
    """What is best rated is smallest; what nobody has reviewed comes after all that somebody has."""
    return np.where(reviews > 0, -bayesian(stars, reviews, mean), 0.0)


def feature(stars: Ints, reviews: Ints, mean: float) -> Floats:
    """From -1 to 1: above or below the shop's mean. 0 without reviews, so that they neither lift nor sink anything."""
    return np.where(reviews > 0, (bayesian(stars, reviews, mean) - mean) / SPAN, 0.0)


def levels(stars: Ints, reviews: Ints) -> Ints:
    """The whole stars of each mean as it is shown (3.95 is 4.0, see `reviews.ratings.tenths`); 0 without reviews."""
    return np.where(reviews > 0, (20 * stars + reviews) // (20 * np.maximum(reviews, 1)), 0)
