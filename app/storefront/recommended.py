"""Shelves of what was learned from orders; a page does without them when they cannot be had at once."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from app.infra.database import DatabaseUnavailable
from app.infra.kept import Kept
from app.recommendations.lists import lists_for
from app.recommendations.tables import ListKind
from app.search.arrivals import Arrivals
from app.search.cards import Card, cards_of
from app.search.engine import engine

SHOWN = 5
FEWEST = 3  # fewer do not make a shelf
PATIENCE_SECONDS = 0.5
NEAR_SECONDS = 60.0
NEAR_KEPT = 2_000
EVERYBODY = 0

_together: OrderedDict[int, tuple[float, tuple[int, ...]]] = OrderedDict()


@dataclass(frozen=True)
class Shelf:
    """`why` says why the shopper sees it."""

    title: str
    why: str
    cards: list[Card]


class Found:
    """What sells these days; it counts as something even when nothing does."""

    def __init__(self, products: tuple[int, ...]) -> None:
        self.products = products


async def _load_trending() -> Found:
    lists = await lists_for([(ListKind.TRENDING, EVERYBODY)])
    return Found(lists.get(ListKind.TRENDING, ()))


_trending = Kept(_load_trending)


def forget() -> None:
    """Empty what this process keeps (for tests)."""
    _together.clear()
    _trending.forget()


async def for_account(account: int | None, there: Arrivals | None) -> list[Shelf]:
    """What somebody who is signed in may buy again or want, and what everybody buys. One query for an account, else
    none: what everybody buys is in memory."""
    found: dict[ListKind, tuple[int, ...]] = {}
    sells: tuple[int, ...] = ()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if account is not None:
                found = await lists_for([(ListKind.AGAIN, account), (ListKind.FOR_YOU, account)])
            sells = (await _trending.get()).products
    except (DatabaseUnavailable, TimeoutError):
        pass  # the shelves are shed first
    shelves = [
        Shelf("Buy again", "Things you have bought, and that sell these days.", _cards(found, ListKind.AGAIN, there)),
        Shelf("For you", "People who bought what you bought took these.", _cards(found, ListKind.FOR_YOU, there)),
        Shelf("Selling now", "What most orders of the last days have in them.", _on_sale(sells, there)),
    ]
    return [shelf for shelf in shelves if len(shelf.cards) >= FEWEST]


async def bought_with(product: int, there: Arrivals | None) -> list[Card]:
    """What is bought together with a product."""
    kept = _together.get(product)
    if kept is None or kept[0] < time.monotonic():
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                lists = await lists_for([(ListKind.TOGETHER, product)])
        except (DatabaseUnavailable, TimeoutError):
            lists = {ListKind.TOGETHER: kept[1]} if kept else {}
        kept = _together[product] = (time.monotonic() + NEAR_SECONDS, lists.get(ListKind.TOGETHER, ()))
        while len(_together) > NEAR_KEPT:
            _together.popitem(last=False)
    return _on_sale(kept[1], there)


def _cards(found: dict[ListKind, tuple[int, ...]], kind: ListKind, there: Arrivals | None) -> list[Card]:
    return _on_sale(found.get(kind, ()), there)


def _on_sale(products: Iterable[int], there: Arrivals | None) -> list[Card]:
    """Cards of those that can be bought now."""
    documents = engine().snapshot.documents_of(list(products))
    return cards_of([each for each in documents if each.stock][:SHOWN], there)
