"""Products for the contract: made up, the same each time, and counted here without any index."""

import random
from collections.abc import Callable, Iterable

from app.search.arrivals import Arrivals
from app.search.documents import Document, Entry
from app.search.words import index_words

THINGS, WOODS, TOWNS = ("lantern", "mug", "kettle"), ("oaken", "walnut"), ("alcova", "lousa", "serra")
BRANDS, COLOURS = ("Brasa", "Cinza", "Duna"), ("Green", "Grey")
CATEGORIES = ((("home", "Home"), ("home/light", "Light")), (("home", "Home"), ("home/table", "Table")))
SELLERS = (("quinta", "Quinta"), ("vale", "Vale"))

Rule = Callable[[Document], bool]


def entry(product: int, name: str = "", version: int = 1) -> Entry:
    """A product whose properties follow from its number."""
    chance = random.Random(product)
    name = name or f"{chance.choice(TOWNS)} {chance.choice(WOODS)} {chance.choice(THINGS)}"
    stock = chance.choice(({}, {"LIS": 3}, {"OPO": 1}, {"LIS": 1, "OPO": 2}))
    created = 1_700_000_000 + chance.randrange(5)
    reviews = chance.choice((0, 0, 1, 3, 40))
    document = Document(
        product=product,
        version=version,
        slug=f"p-{product}",
        name=name,
        note="",
        brand=chance.choice(BRANDS),
        image="",
        categories=chance.choice(CATEGORIES),
        offer=product,
        supplier="Quinta",
        price_minor=chance.choice((1000, 2000, 3000, 4000)),  # many of the same: ties
        list_price_minor=None,
        handling_days=chance.randrange(2),
        stock=stock,
        suppliers=tuple(sorted(chance.sample(SELLERS, chance.randint(1, 2)))),
        colours=tuple(sorted(chance.sample(COLOURS, chance.randint(1, 2)))),
        available=sum(stock.values()),
        created_at=created,
        stars=sum(chance.randint(1, 5) for _ in range(reviews)),
        reviews=reviews,
    )
    return Entry(document, index_words(name) * 3 + index_words(document.brand))


def rated(document: Document, mean: float) -> float:
    """What lists sorted by rating go by: its average as if it had five more, of the shop's mean; 0 without reviews."""
    return (5 * mean + document.stars) / (5 + document.reviews) if document.reviews else 0.0


def counted(documents: Iterable[Document], values: Callable[[Document], Iterable[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for document in documents:
        for value in values(document):
            found[value] = found.get(value, 0) + 1
    return found


def day(document: Document, there: Arrivals) -> int | None:
    """On which it arrives (`date.toordinal`), if it does."""
    promise = there.promise(document.warehouses, document.handling_days)
    return promise.date.toordinal() if promise else None
