"""Portuguese postcodes as people type them."""

import re

EXAMPLE = "1200-109"
LOOKS_LIKE = f"A postcode looks like {EXAMPLE}"

_TYPED = re.compile(r"\s*([0-9]{4})(?:\s*-?\s*([0-9]{3}))?\s*")


def normal(typed: str) -> str | None:
    """ "1200109", " 1200 109 " -> "1200-109"; the first four digits alone stay "1200"; None for anything else."""
    match = _TYPED.fullmatch(typed)
    if match is None:
        return None
    area, rest = match.groups()
    return f"{area}-{rest}" if rest else str(area)
