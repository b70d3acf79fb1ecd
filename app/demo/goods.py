"""What people of the demo buy together: for an occasion, of a few kinds of goods, the same favourites each time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from app.infra.database import fetch

# What a household buys for, and from which categories.
OCCASIONS = {
    "tea": ("kettles-and-pans/kettles", "mugs-and-cups/mugs", "home/jars", "mugs-and-cups/mug-sets"),
    "kitchen": ("kettles-and-pans/saute-pans", "kettles-and-pans/casseroles", "home/jars", "wool-and-linen/towels"),
    "table": ("chairs-and-stools/dining-chairs", "lighting/pendants", "mugs-and-cups/cups", "wool-and-linen/towels"),
    "desk": ("lighting/desk-lamps", "home/clocks", "headphones-and-speakers/headphones", "chairs-and-stools/stools"),
    "sofa": ("wool-and-linen/throws", "lighting/table-lamps", "books/novels", "chairs-and-stools/armchairs"),
    "books": ("books/novels", "books/art-and-craft", "lighting/table-lamps", "mugs-and-cups/mugs"),
    "plants": ("plants/leafy-plants", "plants/snake-plants", "books/gardens-and-nature", "plants/cacti"),
    "ride": ("cycling/front-lights", "cycling/rear-lights", "cycling/bottles", "bags/roll-tops"),
    "walk": ("shoes/everyday-shoes", "bags/daypacks", "cycling/bottles", "shoes/runners"),
    "music": ("headphones-and-speakers/speakers", "headphones-and-speakers/headphones", "books/art-and-craft"),
    "children": ("toys/wooden-toys", "toys/blocks", "books/novels", "wool-and-linen/throws"),
}  # fmt: skip
FAVOURITES = 6  # products of each category that sell
LEAST_LEFT = 6  # pieces of an offer: what is on sale today is not sold out by yesterday's demo


@dataclass
class Goods:
    """An offer as it can be bought; `stock` is warehouse code -> pieces."""

    offer: int
    product: int
    supplier: int
    price_minor: int
    handling_days: int
    category: str
    stock: dict[str, int]


async def on_sale() -> list[Goods]:
    """The cheapest offer of each product with plenty in one warehouse, in the order of their slugs."""
    rows = await fetch(
        """SELECT DISTINCT ON (p.slug) o.id AS offer, p.id AS product, o.supplier, o.price_minor, o.handling_days,
                  c.path AS category, k.stock::text AS stock
           FROM product p JOIN category c ON c.id = p.category JOIN variant v ON v.product = p.id
           JOIN offer o ON o.variant = v.id AND o.withdrawn_at IS NULL
           CROSS JOIN LATERAL (
             SELECT jsonb_object_agg(w.code, s.on_hand - s.reserved) AS stock
             FROM stock s JOIN warehouse w ON w.id = s.warehouse
             WHERE s.offer = o.id AND s.on_hand - s.reserved > $1) AS k
           WHERE k.stock IS NOT NULL ORDER BY p.slug, o.price_minor, o.id""",
        2 * LEAST_LEFT,
    )
    return [Goods(**{**dict(row), "stock": msgspec.json.decode(row["stock"], type=dict[str, int])}) for row in rows]


class Baskets:
    """Draws what is in one order after the other. What is bought of an offer is taken from its stock."""

    def __init__(self, goods: Sequence[Goods]) -> None:
        self._chance = random.Random(1500)  # noqa: S311 - the same baskets each time
        self._of: dict[str, list[Goods]] = {}
        for path in sorted({each.category for each in goods}):
            there = [each for each in goods if each.category == path]
            self._of[path] = self._chance.sample(there, min(FAVOURITES, len(there)))

    def choose(self, likes: Sequence[str]) -> list[tuple[Goods, int]]:
        """Offers and pieces for an occasion, mostly the household's first; now and then something of a second one."""
        occasion, other = (self._chance.choices(likes, (5, 3, 2)[: len(likes)])[0] for _ in range(2))
        paths = list(OCCASIONS[occasion][: self._chance.choices((2, 3, 4), (5, 4, 2))[0]])
        if self._chance.random() < 0.25:
            paths.append(OCCASIONS[other][0])
        found: dict[int, tuple[Goods, int]] = {}
        for path in paths:
            goods, quantity = self._one(path), self._chance.choices((1, 2), (7, 1))[0]
            if goods and self._take(goods, quantity):
                found[goods.offer] = goods, quantity
        return list(found.values())

    def _one(self, path: str) -> Goods | None:
        there = self._of.get(path, [])
        weights = [1 / (place + 1) for place in range(len(there))]  # the first is the favourite
        return self._chance.choices(there, weights)[0] if there else None

    def _take(self, goods: Goods, quantity: int) -> bool:
        if any(left - quantity < LEAST_LEFT for left in goods.stock.values()):
            return False
        for code in goods.stock:  # whichever it comes from
            goods.stock[code] -= quantity
        return True
