"""An amount shared out to the cent. Nothing here knows an order."""

from collections.abc import Sequence


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in parts proportional to `weights`, by largest remainder: they add up to it, and none is off by a unit.

    Equal remainders go to whoever stands first, so the same arguments give the same parts.
    """
    whole = sum(weights)
    if whole <= 0:
        if total:
            raise ValueError("nothing to share among")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rests = [total * weight % whole for weight in weights]
    for place in sorted(range(len(weights)), key=lambda each: -rests[each])[: total - sum(parts)]:
        parts[place] += 1
    return parts


def part_of(total: int, whole: int, before: int, more: int) -> int:
    """What the pieces `before + 1 … before + more` of `whole` have of `total`; all of them together have exactly it."""
    return total * (before + more) // whole - total * before // whole
