"""Made-up products as the index knows them, with words as frequent as words are, the same each time."""

import itertools
import random
from collections.abc import Iterator
from zlib import crc32

from app.catalog.taxonomy import CATEGORIES
from app.search.documents import Document, Entry
from app.search.words import index_words

SYLLABLES = ("ba", "co", "di", "fe", "gu", "la", "mi", "no", "pe", "ra", "si", "to", "ve", "zu", "lin", "mar", "ter")
COLOURS = ("Black", "White", "Grey", "Blue", "Red", "Green", "Brown", "Pink")
WAREHOUSES = ("LIS", "OPO", "FAR")
WORDS, THINGS, BRANDS, ATTRIBUTES = 20_000, 200, 400, 40
MATERIALS = ("oak", "steel", "linen", "glass", "cork", "wool", "cotton", "brass", "plastic", "leather")


class Vocabulary:
    """Words of two to four syllables; the n-th is about 1/n as frequent as the first (Zipf, 1949)."""

    def __init__(self, seed: int = 7) -> None:
        made = itertools.chain.from_iterable(itertools.product(SYLLABLES, repeat=n) for n in (2, 3, 4))
        self.words = ["".join(each) for each in itertools.islice(made, WORDS)]
        self.things, self.brands = self.words[:THINGS], [f"{word.title()}a" for word in self.words[-BRANDS:]]
        random.Random(seed).shuffle(self.words)
        self._weights = list(itertools.accumulate(1 / n for n in range(1, WORDS + 1)))

    def some(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self._weights, k=count)


def entries(count: int, vocabulary: Vocabulary) -> Iterator[Entry]:
    chance = random.Random(20_26)
    leaves = [each for each in CATEGORIES if "/" in each.path]
    names = {each.path: each.name for each in CATEGORIES}
    for number in range(1, count + 1):
        brand, thing = chance.choice(vocabulary.brands), chance.choice(vocabulary.things)
        colour, size = chance.choice(COLOURS), chance.randint(1, 90)
        name = f"{brand} {' '.join(vocabulary.some(chance, 2))} {thing} {size} cm {colour}"
        path = leaves[crc32(thing.encode()) % len(leaves)].path if number % 10 else chance.choice(leaves).path
        above = path.partition("/")[0]
        said = tuple((f"Property {chance.randrange(ATTRIBUTES)}", chance.choice(MATERIALS)) for _ in range(10))
        said += (("Width", f"{size} cm"), ("Weight", f"{size * 35} g"))
        stock = {} if number % 17 == 0 else {chance.choice(WAREHOUSES): chance.randint(1, 40)}
        document = Document(
            product=number,
            version=1,
            slug=f"p{number}",
            name=name,
            note="",
            brand=brand,
            image="/art/lamp-task-bottle.svg",
            categories=((above, names[above]), (path, names[path])),
            offer=number,
            supplier=f"Seller {number % 50}",
            price_minor=chance.randint(100, 90_000),
            list_price_minor=None,
            handling_days=chance.randrange(3),
            stock=stock,
            suppliers=((f"seller-{number % 50}", f"Seller {number % 50}"),),
            colours=(colour,),
            available=sum(stock.values()),
            created_at=1_700_000_000 + number,
        )
        text = f"{name} {' '.join(vocabulary.some(chance, 40))} {' '.join(f'{key} {value}' for key, value in said)}"
        yield Entry(document, index_words(name) * 2 + index_words(text), said)
