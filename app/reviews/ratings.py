"""What the reviews of a product add up to."""

import msgspec


class Rating(msgspec.Struct, frozen=True):
    """`stars` is the sum of all; `bars`: how many gave one star, two … five, empty where that is not known."""

    stars: int = 0
    count: int = 0
    bars: tuple[int, ...] = ()

    @property
    def mean(self) -> float | None:
        return mean(self.stars, self.count)

    @property
    def rows(self) -> tuple[tuple[int, int, int], ...]:
        """(stars, how many, percent of all), five stars first."""
        counted = enumerate(self.bars, 1)
        return tuple((stars, many, round(100 * many / max(self.count, 1))) for stars, many in counted)[::-1]


def mean(stars: int, count: int) -> float | None:
    """To one decimal, as it is shown and as lists are narrowed by it: 3.95 is 4.0 everywhere. None without reviews."""
    return tenths(stars, count) / 10 if count else None


def tenths(stars: int, count: int) -> int:
    """The mean in tenths of a star, halves upwards. In whole numbers: the same in Python, in columns and on a page."""
    return (20 * stars + count) // (2 * count)
