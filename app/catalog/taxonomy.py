"""Our category tree, two levels deep, and where other people's categories and titles belong in it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.catalog.taxonomy_words import ELSEWHERE, KEYWORDS

OTHER_GOODS = "other/other-goods"

# Per line: path, name, kind of picture, form of it ("-" for the kind's only or first one). Parents come first.
_TREE = """
lighting | Lighting | lamp | pendant
lighting/desk-lamps | Desk lamps | lamp | task
lighting/table-lamps | Table lamps | lamp | dome
lighting/pendants | Pendants | lamp | pendant
chairs-and-stools | Chairs and stools | chair | dining
chairs-and-stools/dining-chairs | Dining chairs | chair | dining
chairs-and-stools/armchairs | Armchairs | chair | arm
chairs-and-stools/stools | Stools | chair | stool
mugs-and-cups | Mugs and cups | mug | -
mugs-and-cups/mugs | Mugs | mug | -
mugs-and-cups/cups | Cups | mug | cup
mugs-and-cups/mug-sets | Mug sets | mug | pair
kettles-and-pans | Kettles and pans | kettle | whistle
kettles-and-pans/kettles | Kettles | kettle | goose
kettles-and-pans/saute-pans | Sauté pans | pan | -
kettles-and-pans/casseroles | Casseroles | pan | pot
headphones-and-speakers | Headphones and speakers | headphones | -
headphones-and-speakers/headphones | Headphones | headphones | -
headphones-and-speakers/speakers | Speakers | speaker | -
bags | Bags | backpack | flap
bags/daypacks | Daypacks | backpack | flap
bags/roll-tops | Roll-tops | backpack | roll
shoes | Shoes | sneaker | wave
shoes/runners | Runners | sneaker | stripe
shoes/everyday-shoes | Everyday shoes | sneaker | wave
shoes/high-tops | High-tops | sneaker | high
books | Books | book | leaf
books/novels | Novels | book | sun
books/gardens-and-nature | Gardens and nature | book | leaf
books/art-and-craft | Art and craft | book | tile
plants | Plants | plant | rubber
plants/leafy-plants | Leafy plants | plant | rubber
plants/snake-plants | Snake plants | plant | snake
plants/cacti | Cacti | plant | cactus
cycling | Cycling | bikelight | front
cycling/front-lights | Front lights | bikelight | front
cycling/rear-lights | Rear lights | bikelight | rear
cycling/bottles | Bottles | bottle | -
wool-and-linen | Wool and linen | blanket | -
wool-and-linen/throws | Throws | blanket | -
wool-and-linen/towels | Towels | blanket | stack
toys | Toys | blocks | -
toys/wooden-toys | Wooden toys | tram | -
toys/blocks | Blocks | blocks | -
home | Clocks and jars | clock | alarm
home/clocks | Clocks | clock | desk
home/jars | Jars | bottle | jar
other | Everything else | parcel | -
other/other-goods | Other goods | parcel | -
"""


@dataclass(frozen=True)
class CategorySpec:
    path: str
    name: str
    art_kind: str
    art_form: str | None
    position: int
    """Where it stands among all, parents before their children."""

    @property
    def parent(self) -> str | None:
        return self.path.partition("/")[0] if "/" in self.path else None


def _read(tree: str) -> Iterator[CategorySpec]:
    for position, line in enumerate(tree.split("\n")[1:-1]):
        path, name, kind, form = line.split(" | ")
        yield CategorySpec(path, name, kind, None if form == "-" else form, position)


CATEGORIES: tuple[CategorySpec, ...] = tuple(_read(_TREE))
_BY_PATH = {category.path: category for category in CATEGORIES}


def category(path: str) -> CategorySpec | None:
    return _BY_PATH.get(path)


def trail(path: str) -> str:
    """The names on the way, "Lighting > Desk lamps". Raises KeyError for a path that is not ours."""
    spec = _BY_PATH[path]
    return f"{_BY_PATH[spec.parent].name} > {spec.name}" if spec.parent else spec.name


def department(text: str) -> str | None:
    """Our top-level path of this name, such as "lighting" for "Lighting"; None for any other words."""
    return _departments().get(_words(text))


def first_leaf(top: str) -> str | None:
    """The first category of a department, None when we have none in it."""
    return next((leaf.path for leaf in CATEGORIES if leaf.parent == top), None)


def guess(text: str) -> str | None:
    """Our leaf for a foreign category or title: the most specific phrase in it decides, whole words only.

    More words win over fewer, then longer over shorter, then later over earlier ("Home > Lamps" is about lamps).
    """
    if whole := _names().get(_words(text)):
        return whole
    found = [(len(phrase), sum(map(len, phrase)), place, phrase) for place, phrase in _phrases(text)]
    return _lookup()[max(found)[-1]] if found else None


def _phrases(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The known phrases in a text, with their places. They do not reach across the separators of a path."""
    lookup, place = _lookup(), 0
    for segment in re.split(r"[>/|,;:()\n]+", text[:2000]):
        words = _words(segment)
        for start in range(len(words)):
            for length in range(1, 6):
                phrase = words[start : start + length]
                if len(phrase) == length and phrase in lookup:
                    yield place + start, phrase
        place += len(words)


def _words(text: str) -> tuple[str, ...]:
    """Lower case, no accents, singular, as far as cutting an "s" off makes a singular."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return tuple(_singular(word) for word in re.findall(r"[a-z0-9]+", bare.replace("'", "").replace("’", "")))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@cache
def _lookup() -> dict[tuple[str, ...], str | None]:
    """Phrase → leaf, or None for a phrase that looks like one of ours and is not ("bottle opener")."""
    ours: dict[tuple[str, ...], str | None] = {_words(phrase): None for phrase in ELSEWHERE}
    for path, phrases in KEYWORDS.items():
        ours |= {_words(phrase): path for phrase in phrases}
    return ours


@cache
def _names() -> dict[tuple[str, ...], str]:
    """Our own leaves by path, by trail and by name: "Bottles" alone is ours, a word "bottle" in a title is anyone's."""
    leaves = [leaf for leaf in CATEGORIES if leaf.parent]
    return {_words(name): leaf.path for leaf in leaves for name in (leaf.name, leaf.path, trail(leaf.path))}


@cache
def _departments() -> dict[tuple[str, ...], str]:
    """By name. Paths would not do: "home" is a word for more than our clocks and jars."""
    return {_words(top.name): top.path for top in CATEGORIES if not top.parent}
