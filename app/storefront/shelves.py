"""Rows of products with a heading, each with the cause for which a shopper sees it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.search.arrivals import Arrivals
from app.search.cards import Card, card_of
from app.search.documents import Document

SHOWN = 5  # at once; the others follow when they are asked for
KEPT = 20
FEWEST = 3  # fewer do not make a shelf


class ShelfKind(StrEnum):
    """The name of a shelf in addresses, and where a shopper's choice is remembered."""

    VIEWED = "viewed"
    AGAIN = "again"
    FOR_YOU = "for_you"
    BECAUSE = "because"
    CATEGORY = "category"
    SOONEST = "soonest"
    TRENDING = "trending"
    DROPS = "drops"
    NEW = "new"
    TOGETHER = "together"  # these three below a product
    BESIDE = "beside"
    SIMILAR = "similar"


NAMES = {
    ShelfKind.VIEWED: "Looked at lately",
    ShelfKind.AGAIN: "Buy again",
    ShelfKind.FOR_YOU: "For you",
    ShelfKind.BECAUSE: "What goes with something you looked at",
    ShelfKind.CATEGORY: "More of a category you look at",
    ShelfKind.SOONEST: "What is here soonest",
    ShelfKind.TRENDING: "Selling now",
    ShelfKind.DROPS: "Price drops",
    ShelfKind.NEW: "New on the square",
    ShelfKind.TOGETHER: "Bought together",
    ShelfKind.BESIDE: "What stands beside a product",
    ShelfKind.SIMILAR: "More like this",
}


@dataclass(frozen=True)
class Shelf:
    """`why` is a sentence with the cause. Fewer documents than `fewest` do not make a shelf.

    Attributes:
        is_own: it follows from what this shopper did.
        note: what has to stand beside the heading.
        was: offer -> what it cost before, where that is struck.
    """

    kind: ShelfKind
    title: str
    why: str
    documents: tuple[Document, ...]
    is_own: bool = False
    href: str = ""
    more: str = ""
    note: str = ""
    was: Mapping[int, int] = field(default_factory=dict)
    fewest: int = FEWEST

    @property
    def is_one(self) -> bool:
        return len(self.documents) >= self.fewest

    @property
    def has_buttons(self) -> bool:
        return self.kind == ShelfKind.AGAIN

    def without(self, products: Collection[int]) -> "Shelf":
        left = tuple(each for each in self.documents if each.product not in products)
        return replace(self, documents=left)


@dataclass(frozen=True)
class ShelfView:
    """A shelf as it is shown: some of its cards, and where the next ones begin (0: at the first again)."""

    shelf: Shelf
    cards: list[Card]
    next: int | None  # None: these are all


def shown(shelf: Shelf, there: Arrivals | None, start: int = 0) -> ShelfView:
    """The cards from `start` on; from the first where there are none."""
    start = start if start < len(shelf.documents) else 0
    following = start + SHOWN if start + SHOWN < len(shelf.documents) else 0
    cards = cards_on(replace(shelf, documents=shelf.documents[start : start + SHOWN]), there)
    return ShelfView(shelf, cards, following if len(shelf.documents) > SHOWN else None)


def cards_on(shelf: Shelf, there: Arrivals | None) -> list[Card]:
    cards = [card_of(document, there) for document in shelf.documents]
    return [replace(card, was_minor=shelf.was.get(card.offer_id, card.was_minor)) for card in cards]


def in_stock(documents: Iterable[Document]) -> tuple[Document, ...]:
    return tuple(each for each in documents if each.stock)[:KEPT]
