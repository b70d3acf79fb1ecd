"""What a supplier told us about his columns: stronger than what we guess from their names."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from app.suppliers.formats.vocabulary import ATTRIBUTE_FIELDS, FIELDS, Meaning, meaning

NAME_CHARS = 200
IGNORED = ""
DICTS = ("attributes", "options", "stocks")
"""Fields with named entries, of which a feed may have any number: `attributes:Material`, `stocks:LIS`."""

# Before every guess, also where a format ranks some of its names behind others.
_CHOSEN = -1000

Meanings = Callable[[str], Meaning | None]
"""From a supplier's name (at most 200 characters) to what it stands for; None: not used."""


def column_key(name: str) -> str:
    """The name under which a column is remembered: `" Preço_(EUR) "` → `"preco eur"`. Letters of every script count;
    a name of signs only stands for itself. Empty for a column without a name, or with one over 200 characters."""
    if len(name) > NAME_CHARS:
        return ""
    bare = unicodedata.normalize("NFKD", name.strip().casefold().replace("ß", "ss"))
    words = re.findall(r"[^\W_]+", "".join(char for char in bare if not unicodedata.combining(char)))
    return (" ".join(words) or " ".join(name.split()))[:NAME_CHARS]


def target_of(found: Meaning | None) -> str:
    """What a mapping would say for a meaning: `"price"`, `"attributes:Material"`; `""` when there is none."""
    if found is None:
        return IGNORED
    if found.field in ATTRIBUTE_FIELDS:
        return f"attributes:{found.field}"
    return f"{found.field}:{found.key}" if found.key else found.field


def meaning_of(target: str) -> Meaning | None:
    """The meaning that a mapping gives; None: the column is to be ignored. Raises ValueError: no such field."""
    if target == IGNORED:
        return None
    field, _, key = target.partition(":")
    if field not in FIELDS or (key and field not in DICTS):
        raise ValueError(f"no field {target[:60]!r}")
    return Meaning(field, _CHOSEN, key.strip())


def meanings_with(mapping: Mapping[str, str] | None) -> Meanings:
    """Our guesses, but for the names in `mapping` (column_key → target) what it says.

    Raises ValueError: a target of `mapping` is no field.
    """
    if not mapping:
        return meaning
    chosen = {name: meaning_of(target) for name, target in mapping.items()}

    @lru_cache(maxsize=4096)
    def look_up(name: str) -> Meaning | None:
        key = column_key(name)
        return chosen[key] if key in chosen else meaning(name)

    return look_up
