"""The name of a product that comes as several rows: what their titles have in common."""

import re
from collections.abc import Mapping, Sequence

_LOOSE_END = re.compile(r"[\s,;:/|(\[–—-]+$")


def common_name(rows: Sequence[tuple[str, Mapping[str, str]]], known: str = "", *, complete: bool = True) -> str:
    """The name for (title, options) rows of one group: "Vela runner – Blue / 42" and "… / 43" make "Vela runner".

    Args:
        known: the name so far. It stays when these rows are not all of the group and it fits them.
    """
    bare = list(dict.fromkeys(_without_options(title, options) for title, options in rows))
    name = bare[0] if len(bare) == 1 else _common_words(bare) or bare[0]
    return known if known and not complete and _begins_with(name, known) else name


def _without_options(title: str, options: Mapping[str, str]) -> str:
    """The title without the values of options at its end, which say which variant it is."""
    left, values = title, {value.casefold() for value in options.values() if value}
    while True:
        shorter = _LOOSE_END.sub("", left.rstrip(")]"))
        found = next((value for value in values if shorter.casefold().endswith(value)), None)
        head = shorter[: -len(found)] if found else ""
        if not found or not head.strip() or head[-1].isalnum():
            return left.strip()
        values.discard(found)
        left = _LOOSE_END.sub("", head)


def _common_words(titles: Sequence[str]) -> str:
    split = [title.split() for title in titles]
    common = 0
    while all(len(words) > common for words in split) and len({words[common] for words in split}) == 1:
        common += 1
    return _LOOSE_END.sub("", " ".join(split[0][:common]))


def _begins_with(name: str, beginning: str) -> bool:
    return name == beginning or name.startswith(beginning + " ")
