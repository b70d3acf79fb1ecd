"""The variants of a product: its colours, and the steps of a size, a base or a binding."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import NamedTuple

from app.catalog.art import WAYS
from app.catalog.art.addresses import address
from app.demo.catalogue.naming import slot
from app.demo.catalogue.pricing import charming
from app.demo.catalogue.shelf import COLOURS, Option, Pattern, Shelf
from app.demo.catalogue.specs import VariantSpec

COUNTRY = "560"  # GS1's prefix for Portugal
COVERS = ("sun", "tile", "leaf", "moon", "boat")


class Step(NamedTuple):
    chosen: dict[str, str]
    price: int
    """Euro cents."""


def gtin(serial: int) -> str:
    """An EAN-13 with a valid check digit."""
    digits = f"{COUNTRY}{serial:09d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def variants(
    shelf: Shelf, pattern: Pattern, said: Mapping[str, str], chance: Random, serials: Iterator[int]
) -> Iterator[VariantSpec]:
    """Every colour in every step, at most six."""
    form = chance.choice(COVERS) if pattern.kind == "book" else pattern.form
    said = {**said, "note": chance.choice(shelf.notes)}
    steps = _steps(pattern.option, chance, chance.uniform(*pattern.euros))
    colours = min(chance.randint(*shelf.colours), 6 // len(steps))
    for way in chance.sample(tuple(WAYS), max(1, colours)):
        for step in steps:
            chosen = {slot(name): _small(value) for name, value in step.chosen.items()}
            spoken = {**said, **chosen, "colour": _small(COLOURS[way])}
            yield VariantSpec(
                serial=(serial := next(serials)),
                gtin=gtin(serial),
                colour=COLOURS[way] if shelf.colours[1] else None,
                size=step.chosen.get("Size"),
                options={name: value for name, value in step.chosen.items() if name != "Size"},
                note=_sentence(spoken["note"].format(**spoken)),
                image=address(pattern.kind, form, way),
                price=step.price,
            )


def _steps(option: Option | None, chance: Random, euros: float) -> list[Step]:
    """The neighbouring values of the option that this product comes in; one bare step where there is no option."""
    if option is None:
        return [Step({}, charming(euros * 100))]
    number = chance.randint(*option.counts)
    start = chance.randint(0, len(option.values) - number)
    values = option.values[start : start + number]
    return [
        Step({option.name: value}, charming(euros * (100 + option.surcharge * place)))
        for place, value in enumerate(values)
    ]


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
