"""The category tree, two levels deep: with which a shop begins, and where words lead in the one that it has."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from app.catalog.taxonomy_words import ELSEWHERE, KEYWORDS

OTHER_GOODS = "other/other-goods"
LONGEST_PHRASE = 5  # words

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
    words: tuple[str, ...] = ()
    """Phrases by which foreign categories and titles are recognised as it; none of a department."""
    was: tuple[str, ...] = ()
    """Paths of categories that were joined to it: suppliers may still name it by them."""

    @property
    def parent(self) -> str | None:
        return self.path.partition("/")[0] if "/" in self.path else None


def _read(tree: str) -> Iterator[CategorySpec]:
    for position, line in enumerate(tree.split("\n")[1:-1]):
        path, name, kind, form = line.split(" | ")
        yield CategorySpec(path, name, kind, None if form == "-" else form, position, KEYWORDS.get(path, ()))


CATEGORIES: tuple[CategorySpec, ...] = tuple(_read(_TREE))
"""With which a shop begins; what it has then is in the table, and its operators' to say."""


class Taxonomy:
    """A shop's categories, and where words lead among them."""

    def __init__(self, categories: Iterable[CategorySpec]) -> None:
        self.all = tuple(categories)
        self._by_path = {each.path: each for each in self.all}

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(self._by_path)

    def category(self, path: str) -> CategorySpec | None:
        return self._by_path.get(path)

    def trail(self, path: str) -> str:
        """The names on the way, "Lighting > Desk lamps". Raises KeyError for a path that there is not."""
        spec = self._by_path[path]
        return f"{self._by_path[spec.parent].name} > {spec.name}" if spec.parent else spec.name

    def department(self, text: str) -> str | None:
        """The top-level path of this name, such as "lighting" for "Lighting"; None for any other words."""
        return self._departments.get(words_of(text))

    @cached_property
    def first_leaves(self) -> dict[str, str]:
        """The first category of each department that has any."""
        return {leaf.parent: leaf.path for leaf in reversed(self.all) if leaf.parent}

    def guess(self, text: str) -> str | None:
        """The leaf for a foreign category or title: the most specific phrase in it decides, whole words only.

        More words win over fewer, then longer over shorter, then later over earlier ("Home > Lamps" is about lamps).
        """
        if whole := self._names.get(words_of(text)):
            return whole
        found = [(len(phrase), sum(map(len, phrase)), place, phrase) for place, phrase in self._phrases(text)]
        return self._lookup[max(found)[-1]] if found else None

    def _phrases(self, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The known phrases in a text, with their places. They do not reach across the separators of a path."""
        lookup, place = self._lookup, 0
        for segment in re.split(r"[>/|,;:()\n]+", text[:2000]):
            words = words_of(segment)
            for start in range(len(words)):
                for length in range(1, LONGEST_PHRASE + 1):
                    phrase = words[start : start + length]
                    if len(phrase) == length and phrase in lookup:
                        yield place + start, phrase
            place += len(words)

    @cached_property
    def _lookup(self) -> dict[tuple[str, ...], str | None]:
        """Phrase → leaf, or None for a phrase that looks like one of ours and is not ("bottle opener")."""
        found: dict[tuple[str, ...], str | None] = {words_of(phrase): None for phrase in ELSEWHERE}
        for each in self.all:
            found |= {words_of(phrase): each.path for phrase in each.words}
        return found

    @cached_property
    def _names(self) -> dict[tuple[str, ...], str]:
        """Leaves by path, now or before, by trail and by name: "Bottles" alone is ours, a word "bottle" in a title is
        anyone's."""
        leaves = [leaf for leaf in self.all if leaf.parent]
        former = {words_of(path): leaf.path for leaf in leaves for path in leaf.was}
        own = {words_of(name): leaf.path for leaf in leaves for name in (leaf.name, leaf.path, self.trail(leaf.path))}
        return {**former, **own}

    @cached_property
    def _departments(self) -> dict[tuple[str, ...], str]:
        """By name. Paths would not do: "home" is a word for more than our clocks and jars."""
        return {words_of(top.name): top.path for top in self.all if not top.parent}


def words_of(text: str) -> tuple[str, ...]:
    """Lower case, no accents, singular, as far as cutting an "s" off makes a singular."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return tuple(_singular(word) for word in re.findall(r"[a-z0-9]+", bare.replace("'", "").replace("’", "")))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


BEGINNING = Taxonomy(CATEGORIES)
