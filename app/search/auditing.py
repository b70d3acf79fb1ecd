"""Whether the index says of products what PostgreSQL says: a copy may be late, never wrong.

A difference counts when it is still there at a second look, and nothing about the product is on its way
(`catalog/news.py`). The index is read in its own order and the shop's products in that of their ids, a batch at a time;
what is kept meanwhile is one byte a product. Where something is broken, `./feira index rebuild` makes it whole.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ParamSpec, TypeVar

from whoosh.index import FileIndex

from app.catalog.news import on_its_way
from app.infra.database import fetch
from app.inventory.invariants import MOST_SHOWN, Broken
from app.search.documents import AT_ONCE, Document, documents_of
from app.search.extracts import decoded
from app.search.index import Index, folder
from app.search.writing import Contents

IS_THERE = "there is an index that can be read"
IS_COMPLETE = "what is on sale is in the index"
IS_CLEAN = "what is in the index is on sale, and there once"
IS_CURRENT = "the index says of a product what PostgreSQL says"

CONSUMER, TOPICS = "search", ("products", "products-bulk")
COMPARED = ("version", "slug", "offer", "price_minor", "list_price_minor", "stock", "available", "stars", "reviews")
TRIES = 3  # at opening: files may be merged away between the table of contents and them

Progress = Callable[[int, int], None]
Held = Mapping[int, Sequence[Document]]
"""What an index has of some products."""
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_ON_SALE = """SELECT p.id FROM product p WHERE p.id > $1 AND EXISTS (
                SELECT FROM variant v JOIN offer o ON o.variant = v.id
                WHERE v.product = p.id AND o.withdrawn_at IS NULL)
              ORDER BY p.id LIMIT $2"""


@dataclass
class Compared:
    """`broken` holds at most MOST_SHOWN rows; `coming` counts copies that differ because news is on its way to them."""

    at_rest: bool = False  # nothing changes meanwhile: see `on_its_way`
    looked: int = 0
    coming: int = 0
    broken: list[Broken] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.broken) >= MOST_SHOWN


class _Damaged(Exception):
    """The index cannot be read to its end: the text says why."""


class _Reading:
    """The index as it is now, which stays readable however it changes. Every method blocks."""

    def __init__(self, opened: FileIndex) -> None:
        self._parts: list[Any] = [reader for reader, _ in opened.reader().leaf_readers()]
        self.size = sum(part.doc_count() for part in self._parts)

    def batches(self) -> Iterator[list[Document]]:
        every = (decoded(part.stored_fields(number)) for part in self._parts for number in part.all_doc_ids())
        while some := list(islice(every, AT_ONCE)):
            yield some

    def of(self, products: Iterable[int]) -> Held:
        return {product: found for product in products if (found := self._of(product))}

    def _of(self, product: int) -> list[Document]:
        key = str(product).encode()
        return [
            decoded(part.stored_fields(number))
            for part in self._parts
            if ("key", key) in part
            for number in part.postings("key", key).all_ids()
        ]


def _read() -> _Reading | None:
    for _ in range(TRIES - 1):
        with suppress(OSError):
            return _opened()
    return _opened()


def _opened() -> _Reading | None:
    opened = Index(folder()).open()
    return _Reading(opened) if opened else None


async def _reads(reader: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
    """In a thread.

    Raises:
        _Damaged: see there. A damaged file fails in any way.
    """
    try:
        return await asyncio.to_thread(reader, *args, **kwargs)
    except Exception as error:
        raise _Damaged(repr(error)) from error


async def compare(progress: Progress | None = None, *, at_rest: bool = False) -> Compared:
    """Compare the whole index with PostgreSQL. `progress` gets (done, of how many).

    Args:
        at_rest: nothing changes meanwhile, so nothing is excused for having changed just now.

    Raises:
        DatabaseUnavailable: PostgreSQL is away.
    """
    found = Compared(at_rest)
    try:
        reading = await _reads(_read)
        if reading:
            contents = await _compare_held(reading, found, progress)
            await _compare_on_sale(contents, found)
        elif await fetch(_ON_SALE, 0, 1):
            found.broken.append(Broken(IS_THERE, {"index": str(folder())}))
    except _Damaged as damage:
        found.broken.append(Broken(IS_THERE, {"index": str(folder()), "error": str(damage)}))
    return found


async def _compare_held(reading: _Reading, found: Compared, progress: Progress | None) -> Contents:
    contents, batches = Contents(), reading.batches()
    while batch := await _reads(next, batches, None):
        held = _by_product(batch)
        if not found.is_full:
            twice = [product for product in held if product in contents]
            odd = _products(_differences(held, await documents_of(list(held))))
            await _look_again(sorted({*twice, *odd}), found)
        contents.add(held)
        found.looked += len(batch)
        if progress:
            progress(found.looked, reading.size)
    return contents


async def _compare_on_sale(contents: Contents, found: Compared) -> None:
    last = 0
    while not found.is_full and (rows := await fetch(_ON_SALE, last, AT_ONCE)):
        last = rows[-1]["id"]
        await _look_again([row["id"] for row in rows if row["id"] not in contents], found)


async def _look_again(products: Sequence[int], found: Compared) -> None:
    """PostgreSQL first, then the index as it is by now, then the news: what came in between is among that."""
    coming = await on_its_way(CONSUMER, TOPICS, products, at_rest=found.at_rest)
    rest = [product for product in products if product not in coming]
    if rest:
        documents = await documents_of(rest)
        reading = await _reads(_read)
        held = await _reads(reading.of, rest) if reading else {}
        broken = _differences({product: held.get(product, []) for product in rest}, documents)
        late = await on_its_way(CONSUMER, TOPICS, _products(broken), at_rest=found.at_rest)
        coming |= late
        found.broken += [each for each in broken if each.row["product"] not in late]
        del found.broken[MOST_SHOWN:]
    found.coming += len(coming)


def _by_product(documents: Iterable[Document]) -> dict[int, list[Document]]:
    held = defaultdict[int, list[Document]](list)
    for document in documents:
        held[document.product].append(document)
    return held


def _differences(held: Held, documents: Mapping[int, Document]) -> list[Broken]:
    """One row for each product of `held` of which the index and PostgreSQL (`documents`) do not say the same."""
    return [each for product, copies in held.items() if (each := _difference(product, copies, documents.get(product)))]


def _products(broken: Iterable[Broken]) -> set[int]:
    return {int(str(each.row["product"])) for each in broken}


def _difference(product: int, copies: Sequence[Document], document: Document | None) -> Broken | None:
    if not copies:
        return Broken(IS_COMPLETE, {"product": product, "slug": document.slug}) if document else None
    if document is None or len(copies) > 1:
        return Broken(IS_CLEAN, {"product": product, "slug": copies[0].slug, "times": len(copies)})
    told, true = copies[0], document
    odd = [name for name in COMPARED if getattr(told, name) != getattr(true, name)]
    row = {"product": product, "slug": true.slug, **{name: getattr(true, name) for name in odd}}
    return Broken(IS_CURRENT, {**row, "index": {name: getattr(told, name) for name in odd}}) if odd else None
