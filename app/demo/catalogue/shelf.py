"""A shelf: the hand-written words that the products of one category are put together from, read from TOML."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "shelves"

# The label of each colourway, as it stands after "Colour".
COLOURS = {
    "bottle": "Bottle green",
    "mango": "Mango",
    "terracotta": "Terracotta",
    "ink": "Ink blue",
    "chalk": "Chalk",
    "coal": "Coal",
    "plum": "Plum",
    "moss": "Moss",
    "sky": "Sky blue",
    "brick": "Brick red",
    "butter": "Butter",
    "wood": "Honey",
}


@dataclass(frozen=True)
class Option:
    """A choice beside the colour. A variant costs `surcharge` percent more per step along the values."""

    name: str
    values: tuple[str, ...]
    counts: tuple[int, int]
    surcharge: int


@dataclass(frozen=True)
class Pattern:
    """One sort of product on a shelf: how it is called, drawn, priced and introduced."""

    name: str
    kind: str
    form: str | None
    euros: tuple[int, int]
    openings: tuple[str, ...]
    facts: dict[str, str]
    """Facts that are the same for all of this sort; they win over the shelf's."""
    option: Option | None


@dataclass(frozen=True)
class Shelf:
    path: str
    count: int
    words: dict[str, tuple[str, ...]]
    brands: tuple[tuple[str, str], ...]
    """Brand and the town it works in."""
    sellers: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    facts: dict[str, tuple[str, ...]]
    middles: tuple[str, ...]
    closings: tuple[str, ...]
    notes: tuple[str, ...]
    colours: tuple[int, int]
    """How many colours a product comes in; 0 to 0 for one picture and no choice."""


def shelves() -> Iterator[Shelf]:
    for path in sorted(FOLDER.glob("*.toml")):
        parent = tomllib.loads(path.read_text("utf-8"))
        for own in parent["shelf"]:
            yield _shelf(parent, own)


def _shelf(parent: dict[str, Any], own: dict[str, Any]) -> Shelf:
    low, high = own.get("colours", (0, 0))
    return Shelf(
        path=own["path"],
        count=own["count"],
        words={slot: _split(text) for slot, text in (parent.get("words", {}) | own.get("words", {})).items()},
        brands=tuple((brand, town) for brand, town in parent["brands"]),
        sellers=tuple(own["sellers"]),
        patterns=tuple(_pattern(each, own.get("option", {})) for each in own["pattern"]),
        facts={name: _split(text) for name, text in own["facts"].items()},
        middles=tuple(own["middles"]),
        closings=tuple(own.get("closings", ()) or parent["closings"]),
        notes=tuple(own["notes"]),
        colours=(low, high),
    )


def _pattern(own: dict[str, Any], option: dict[str, Any]) -> Pattern:
    kind, _, form = own["art"].partition("/")
    low, high = own["euros"]
    return Pattern(
        name=own["name"],
        kind=kind,
        form=form or None,
        euros=(low, high),
        openings=tuple(own["openings"]),
        facts=own.get("facts", {}),
        option=_option(option | own.get("option", {})),
    )


def _option(own: dict[str, Any]) -> Option | None:
    if not own:
        return None
    values = _split(own["values"])
    low, high = own["counts"]
    return Option(own["name"], values, (low, min(high, len(values))), own["surcharge"])


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("|"))
