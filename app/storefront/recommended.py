"""Shelves of what was learned from orders; a page does without them when they cannot be had at once."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.infra.database import DatabaseUnavailable
from app.infra.kept import Kept
from app.recommendations.lists import lists_for
from app.recommendations.tables import EVERYBODY, ListKind
from app.search.arrivals import Arrivals
from app.search.cards import Card, cards_of
from app.search.engine import engine

SHOWN = 5
FEWEST = 3  # fewer do not make a shelf
PATIENCE_SECONDS = 0.5
NEAR_SECONDS = 60.0
NEAR_KEPT = 2_000

_together: OrderedDict[int, tuple[float, tuple[int, ...]]] = OrderedDict()


@dataclass(frozen=True)
class Shelf:
    """`why` says why the shopper sees it. Fewer than `fewest` cards do not make one."""

    title: str
    why: str
    cards: list[Card]
    fewest: int = FEWEST
    kind: Literal["own", "viewed", "again", "all"] = "own"


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


async def shelves(account: int | None, viewed: Sequence[int], there: Arrivals | None) -> list[Shelf]:
    """What a shopper looked at, may buy again or want, and what everybody buys. One query for who is signed in or has
    looked at something, else none: what everybody buys is in memory.

    Args:
        account: of who is signed in.
        viewed: products (ids) that were looked at, the newest first.
    """
    found: dict[ListKind, tuple[int, ...]] = {}
    sells: tuple[int, ...] = ()
    keys = [(ListKind.AGAIN, account), (ListKind.FOR_YOU, account)] if account is not None else []
    keys += [(ListKind.TOGETHER, product) for product in viewed[:1]]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await lists_for(keys) if keys else {}
            sells = (await _trending.get()).products
    except (DatabaseUnavailable, TimeoutError):
        pass  # the shelves are shed first
    return [shelf for shelf in _shelves(found, sells, viewed, there) if len(shelf.cards) >= shelf.fewest]


def _shelves(
    found: Mapping[ListKind, Sequence[int]], sells: Sequence[int], viewed: Sequence[int], there: Arrivals | None
) -> Iterator[Shelf]:
    """Those of the shopper's own first."""
    looked_at = engine().snapshot.documents_of(viewed)
    yield Shelf("Looked at lately", "Only this browser remembers it.", cards_of(looked_at[:SHOWN], there), 1, "viewed")
    again, like_yours = found.get(ListKind.AGAIN, ()), found.get(ListKind.FOR_YOU, ())
    yield Shelf("Buy again", "Things you have bought, and that sell these days.", _on_sale(again, there), kind="again")
    yield Shelf("For you", "People who bought what you bought took these.", _on_sale(like_yours, there))
    if looked_at:
        others = [each for each in found.get(ListKind.TOGETHER, ()) if each not in viewed]
        why = f"Bought in one order with {looked_at[0].name}, which you looked at."
        yield Shelf("Goes with what you saw", why, _on_sale(others, there))
    yield Shelf("Selling now", "What most orders of the last days have in them.", _on_sale(sells, there), kind="all")


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


def _on_sale(products: Iterable[int], there: Arrivals | None) -> list[Card]:
    """Cards of those that can be bought now."""
    documents = engine().snapshot.documents_of(list(products))
    return cards_of([each for each in documents if each.stock][:SHOWN], there)
