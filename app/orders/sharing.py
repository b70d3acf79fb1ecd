"""An amount that goes piece by piece. Nothing here knows an order."""


def part_of(total: int, whole: int, before: int, more: int) -> int:
    """What the pieces `before + 1 … before + more` of `whole` have of `total`; all of them together have exactly it."""
    return total * (before + more) // whole - total * before // whole
