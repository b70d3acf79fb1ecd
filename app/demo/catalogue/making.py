"""Makes the products of a shelf: name, facts and prose. The same every time: chance is seeded by the shelf's path."""

from collections.abc import Iterator
from functools import cache
from itertools import count
from random import Random
from zlib import crc32

from app.demo.catalogue.choices import variants
from app.demo.catalogue.naming import slot, slug
from app.demo.catalogue.shelf import Pattern, Shelf, shelves
from app.demo.catalogue.specs import ProductSpec


@cache
def products() -> tuple[ProductSpec, ...]:
    """The whole demo catalogue, in the order of the shelves. No two products share a name."""
    taken: set[str] = set()
    serials = count(1001)
    return tuple(product for shelf in shelves() for product in _stocked(shelf, serials, taken))


def _stocked(shelf: Shelf, serials: Iterator[int], taken: set[str]) -> Iterator[ProductSpec]:
    chance = Random(crc32(shelf.path.encode()))  # noqa: S311 - a catalogue, not a secret
    for turn in range(shelf.count):
        yield _product(shelf, shelf.patterns[turn % len(shelf.patterns)], chance, serials, taken)


def _product(shelf: Shelf, pattern: Pattern, chance: Random, serials: Iterator[int], taken: set[str]) -> ProductSpec:
    facts = {name: chance.choice(values) for name, values in shelf.facts.items()} | pattern.facts
    said = {slot(fact): value for fact, value in facts.items()}
    name, words = _named(shelf, pattern, said, chance, taken)
    brand, town = shelf.brands[crc32(words.get("stem", name).encode()) % len(shelf.brands)]
    said |= words | {"brand": brand, "town": town, "name": name}
    sentences = [chance.choice(part) for part in (pattern.openings, shelf.middles, shelf.closings)]
    return ProductSpec(
        group=slug(name),
        name=name,
        brand=brand,
        category=shelf.path,
        description=" ".join(sentence.format(**said) for sentence in sentences),
        attributes={fact: value.format(**said) for fact, value in facts.items()},
        variants=tuple(variants(shelf, pattern, said, chance, serials)),
        sellers=_sellers(shelf.sellers, chance),
        markdown=chance.choice((10, 12, 15, 20, 25)) if chance.random() < 0.18 else 0,
    )


def _named(
    shelf: Shelf, pattern: Pattern, said: dict[str, str], chance: Random, taken: set[str]
) -> tuple[str, dict[str, str]]:
    """A name that nothing else has yet, and the words it took."""
    for _ in range(1000):
        words = {blank: chance.choice(values) for blank, values in shelf.words.items()}
        name = pattern.name.format(**(said | words))
        if slug(name) not in taken:
            taken.add(slug(name))
            return name, words
    raise ValueError(f"{shelf.path} has too few words for {shelf.count} products called {pattern.name}")


def _sellers(sellers: tuple[str, ...], chance: Random) -> tuple[str, ...]:
    """Most things have one seller, mostly the shelf's first; about one in seven has two or three."""
    first = sellers[0] if chance.random() < 0.55 else chance.choice(sellers[1:])
    others = [seller for seller in sellers if seller != first]
    more = 0
    if chance.random() < 0.16:
        more = min(len(others), 2 if chance.random() < 0.35 else 1)
    return (first, *chance.sample(others, more))
