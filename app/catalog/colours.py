"""The colours of products, as they are called wherever a shopper chooses by them."""

from collections.abc import Mapping
from typing import Any

COLOUR_NAMES = frozenset({"colour", "color", "cor"})


def colours_named(source: Mapping[str, Any]) -> list[str]:
    """The colours that these attributes, or options of a variant, name, as lists can be narrowed by them."""
    named = (str(value).strip() for name, value in source.items() if name.casefold() in COLOUR_NAMES)
    return [name.capitalize()[:60] for name in named if name]
