"""Prices as shops write them."""


def charming(cents: float) -> int:
    """The nearest price, in cents, with an ending that a shop would choose.

    Up to 20 euros that is .50 or .90, up to 60 also a round euro, above that whole euros that avoid a round ten.
    """
    if cents < 2000:
        return _below(cents, (50, 90))
    if cents < 6000:
        return _below(cents, (0, 50, 90))
    euros = round(cents / 100)
    return (euros - 1 if euros % 10 == 0 else euros) * 100


def _below(cents: float, endings: tuple[int, ...]) -> int:
    whole = int(cents // 100) * 100
    return min(
        (base + ending for base in (whole - 100, whole) for ending in endings), key=lambda near: abs(near - cents)
    )
