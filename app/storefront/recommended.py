"""Shelves of what was learned from orders and of what this shopper does; a page does without them if they take long."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from app.activity.choices import Choice
from app.infra.kept import Kept
from app.infra.outages import DatabaseUnavailable
from app.recommendations.interest import Interest
from app.recommendations.known import Known
from app.recommendations.lists import lists_for
from app.recommendations.tables import EVERYBODY, ListKind
from app.search.documents import Document
from app.search.engine import engine
from app.search.query import Query
from app.storefront.likeness import similar
from app.storefront.shelves import FEWEST, KEPT, SHOWN, Shelf, ShelfKind, in_stock

PATIENCE_SECONDS = 0.5
NEAR_SECONDS = 60.0
NEAR_KEPT = 2_000
MOST_VIEWED = 12

_together: OrderedDict[int, tuple[float, tuple[int, ...]]] = OrderedDict()


async def _load_trending() -> tuple[int, ...]:
    return (await lists_for([(ListKind.TRENDING, EVERYBODY)])).get(ListKind.TRENDING, ())


_trending = Kept(_load_trending, keeps_empty=True)


def forget() -> None:
    """Empty what this process keeps (for tests)."""
    _together.clear()
    _trending.forget()


@dataclass(frozen=True)
class Own:
    """What a page knows of its shopper; `viewed` and the lists are ids of products, the newest or best first."""

    choice: Choice = field(default_factory=Choice)
    viewed: tuple[int, ...] = ()
    interest: Interest = field(default_factory=Interest)
    lists: Mapping[ListKind, Sequence[int]] = field(default_factory=dict)
    searched: str = ""

    @property
    def reason(self) -> int | None:
        """The product that says most of what they want now."""
        return self.interest.because or next(iter(self.viewed), None)


def own(known: Known, choice: Choice, viewed: Sequence[int], searched: str) -> Own:
    """What is known of the shopper, and what the browser itself remembers.

    Args:
        choice, viewed, searched: the browser's: what is not wanted, the products and the words that it last asked for.
    """
    choice = choice.with_also(known.choice)
    if choice.is_off:
        return Own(choice)
    seen = tuple(dict.fromkeys([*viewed, *known.interest.viewed]))[:MOST_VIEWED]
    return Own(choice, seen, known.interest, known.lists, searched)


async def own_shelves(found: Own) -> list[Shelf]:
    """The shopper's own shelves, as far as there is something for them."""
    viewed = engine().snapshot.documents_of(found.viewed)
    return [
        Shelf(
            ShelfKind.VIEWED, "Looked at lately", "You looked at these, the last one first.", tuple(viewed[1:]), True,
            fewest=1,
        ),
        _again(found.lists.get(ListKind.AGAIN, ())),
        _for_you(found),
        await _because(found),
        await _of_the_same_kind(found),
        await _category(found),
    ]  # fmt: skip


def apart(made: Iterable[Shelf], before: Iterable[int]) -> Iterator[Shelf]:
    """Those that are shelves without what stands on the shopper's own shelves before them, and of each kind the first.

    A shelf that everybody gets goes without only where enough others are on it.
    """
    seen, kinds = set(before), set[ShelfKind]()
    for each in made:
        others = each if each.kind == ShelfKind.AGAIN else each.without(seen)
        left = others if each.is_own or len(others.documents) >= SHOWN else each
        if left.is_one and each.kind not in kinds:
            kinds.add(each.kind)
            if each.is_own:
                seen |= {document.product for document in left.documents[: FEWEST * 2]}
            yield left


def _again(products: Sequence[int]) -> Shelf:
    why = "You have bought these before, often or lately, and others buy them these days."
    return Shelf(ShelfKind.AGAIN, "Buy again", why, on_sale(products), True, "/orders", "All your orders", fewest=1)


def _for_you(found: Own) -> Shelf:
    """What goes with what they did: what was concluded from the last days, and what was learned of all they bought."""
    learned, liked = found.lists.get(ListKind.FOR_YOU, ()), found.interest.liked
    pairs = zip_longest(liked, learned)
    mixed = [each for each in dict.fromkeys(chain.from_iterable(pairs)) if each and each not in found.viewed]
    why = "People who bought what you bought took these."
    if liked:
        why = "Others had them in one order with what you looked at, put into your cart or bought."
    return Shelf(ShelfKind.FOR_YOU, "For you", why, on_sale(mixed), True)


async def _of_the_same_kind(found: Own) -> Shelf:
    """Where nothing goes with what they did yet: of what else they were busy with, or what they searched last."""
    reasons = engine().snapshot.documents_of([found.reason]) if found.reason is not None else []
    here = {path for each in reasons for path, _ in each.categories}
    paths = [path for path in found.interest.categories if path not in here][:2]
    if not paths:
        return await _searched(found.searched)
    rows = [(await engine().search(Query(category=path, in_stock=True, size=KEPT))).documents for path in paths]
    documents = [each for each in chain.from_iterable(zip_longest(*rows)) if each and each.product not in found.viewed]
    names = " and ".join(engine().known.categories.label(path, path) for path in paths)
    why = f"You were last busy with {names}. These are of the same kind, those from most sellers first."
    return Shelf(ShelfKind.FOR_YOU, "For you", why, tuple(documents[:KEPT]), True)


async def _searched(words: str) -> Shelf:
    documents = (await engine().search(Query(q=words, in_stock=True, size=KEPT))).documents if words else ()
    return Shelf(ShelfKind.FOR_YOU, "For you", f"You searched for “{words}”.", documents, True)


async def _because(found: Own) -> Shelf:
    """What goes with one product, by orders; what is like it where they say nothing."""
    reasons = engine().snapshot.documents_of([found.reason]) if found.reason is not None else []
    if not reasons:
        return Shelf(ShelfKind.BECAUSE, "", "", ())
    reason = reasons[0]
    name, looked = reason.name, reason.product in found.viewed
    title = f"Because you looked at {name}" if looked else f"Because you chose {name}"
    bought = on_sale(each for each in found.lists.get(ListKind.TOGETHER, ()) if each not in found.viewed)
    what = "looked at" if looked else "put into your cart or onto a list"
    if len(bought) >= FEWEST:
        return Shelf(ShelfKind.BECAUSE, title, f"Bought in one order with {name}, which you {what}.", bought, True)
    like = (await similar(reason, found.viewed))[:KEPT]
    why = f"They are like {name}, which you {what}: the same kind of thing, near in price or by the same maker."
    return Shelf(ShelfKind.BECAUSE, title, why, tuple(like), True)


async def _category(found: Own) -> Shelf:
    """The newest of the category that they look at most."""
    path = next(iter(found.interest.categories), "")
    if not path:
        return Shelf(ShelfKind.CATEGORY, "", "", ())
    name = engine().known.categories.label(path, path)
    there = (await engine().search(Query(category=path, in_stock=True, sort="newest", size=KEPT))).documents
    why = f"{name} is what you look at, keep and buy most these days. The newest come first."
    return Shelf(ShelfKind.CATEGORY, f"New in {name.lower()}", why, there, True, f"/c/{path}", f"All {name.lower()}")


async def trending() -> Shelf:
    """What everybody buys, from memory."""
    products: tuple[int, ...] = ()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            products = await _trending.get()
    except (DatabaseUnavailable, TimeoutError):
        pass
    why = "They are in most orders of the last days; what is put into carts and looked at counts a little."
    return Shelf(ShelfKind.TRENDING, "Selling now", why, on_sale(products))


async def bought_with(product: int) -> tuple[Document, ...]:
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
    return on_sale(kept[1])


def on_sale(products: Iterable[int]) -> tuple[Document, ...]:
    """Those that can be bought now."""
    return in_stock(engine().snapshot.documents_of(list(products)))
