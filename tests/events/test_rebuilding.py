"""Index and cache made anew from PostgreSQL are what the events have made of them."""

from collections import defaultdict
from typing import Any

import msgspec
import pytest

from app.infra import redis
from app.infra.database import fetch
from app.search.index import Index, folder
from app.search.rebuilding import rebuild as rebuild_index
from app.storefront import products, warming
from app.suppliers import cutting, progress, reading, sweeping
from tests.events.flowing import flowing, taken_by, until
from tests.search.conftest import reindex
from tests.suppliers.line import row, send
from tests.world import World
from workers.consumers import CONSUMERS
from workers.indexing import INDEXING

__all__ = ["reindex"]

EVERYONE = (*CONSUMERS, *INDEXING)
SHARED = "4006381333931"
VALE, PRATAS = "Oficina do Vale", "Casa Pratas"


def lamp(sku: str, price: str = "48.90", **more: Any) -> dict[str, str]:
    return row(sku, f"Lamp {sku}", price, brand="Lumen", **more)


def mug(colour: str, price: str, stock: int = 5) -> dict[str, str]:
    return row(
        f"M-{colour}",
        f"Barro mug, {colour}",
        price,
        stock,
        category="Mugs",
        item_group_id="MUG",
        color=colour.capitalize(),
    )


MANY = [lamp(f"L{number}") for number in range(30)]

# (supplier, mode, rows), one after the other
STORY: list[tuple[str, str, list[dict[str, str]]]] = [
    (VALE, "full", [*MANY, lamp("X", "30.00", gtin=SHARED), mug("red", "9.00"), mug("blue", "9.00")]),
    (PRATAS, "full", [lamp("P1", "28.00", gtin=SHARED), lamp("P2", "12.00")]),
    (VALE, "delta", [lamp("L1", "39.90"), lamp("L2", stock=0), mug("red", "8.00"), mug("green", "9.50")]),
    (VALE, "full", [*MANY[:25], lamp("X", "26.00", gtin=SHARED), mug("blue", "9.00", 0)]),
    (PRATAS, "full", [lamp("P2", "13.00"), lamp("P3", "5.00", list_price="9.00")]),
    (VALE, "delta", [row("L3", "A new name for lamp L3", "48.90", brand="Nova"), lamp("L29"), mug("red", "7.00")]),
    (PRATAS, "delta", [lamp("P1", "25.00", gtin=SHARED)]),
]


async def told(world: World, position: int) -> None:
    """One feed of the story, with all that comes of it."""
    supplier, mode, rows = STORY[position]
    feed = await send(await world.supplier(supplier), rows, mode)
    await reading.read_feed(feed)

    async def is_over() -> bool:
        await sweeping.sweep()
        return (await progress.of(feed)).state in ("finished", "failed") and await taken_by(*EVERYONE)

    async with flowing(*EVERYONE):
        await until(is_over)
    assert (await progress.of(feed)).state == "finished"


def indexed() -> dict[str, tuple[Any, dict[bytes, float]]]:
    """Product → its stored document, and its words with their weights."""
    opened = Index(folder()).open()
    assert opened is not None
    reader = opened.reader()
    words: defaultdict[int, dict[bytes, float]] = defaultdict(dict)
    for term in reader.lexicon("words"):
        matcher = reader.postings("words", term)
        while matcher.is_active():
            words[matcher.id()][term] = matcher.weight()
            matcher.next()
    stored = {number: reader.stored_fields(number) for number in reader.all_doc_ids()}
    return {said["key"]: (msgspec.json.decode(said["document"]), words[number]) for number, said in stored.items()}


async def cached() -> dict[str, Any]:
    """Slug → the product document in Redis, without the time at which it was read."""
    client = redis.client(patient=True)
    names = [name async for name in client.scan_iter(products.key("*"))]
    found = [msgspec.json.decode(await client.get(name)) for name in names]
    return {each["slug"]: {name: value for name, value in each.items() if name != "read_at"} for each in found}


async def shoppers_look_at_everything() -> None:
    products.forget()
    for each in await fetch("SELECT slug FROM product"):
        await products.product_by_slug(each["slug"])


@pytest.mark.usefixtures("reindex")
async def test_index_and_cache_from_the_database_are_what_the_events_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "GOOD_ROWS", 7)  # a feed is several batches
    for position in range(len(STORY)):
        await told(world, position)
        if position < len(STORY) - 1:
            await shoppers_look_at_everything()
    by_events, kept = indexed(), await cached()
    assert len(by_events) == 30 and kept
    await rebuild_index()
    assert indexed() == by_events
    assert await warming.rebuild() >= len(kept)
    anew = await cached()
    assert {slug: anew[slug] for slug in kept} == kept


@pytest.mark.usefixtures("reindex")
async def test_a_rebuilt_cache_holds_what_is_on_sale_even_if_nobody_has_looked(world: World) -> None:
    lamp, gone = await world.product(), await world.product("Nuvem table lamp")
    await warming.rebuild()
    assert set(await cached()) == {lamp.slug, gone.slug}


@pytest.mark.usefixtures("reindex")
async def test_a_cached_document_that_no_event_has_dropped_is_gone_after_a_rebuild(world: World) -> None:
    made = await world.product()
    await shoppers_look_at_everything()
    client = redis.client(patient=True)
    wrong = (await client.get(products.key(made.slug))).replace(b"4890", b"1")
    await client.set(products.key(made.slug), wrong)
    await client.set(products.key("never-was"), wrong)
    await warming.rebuild()
    assert list(await cached()) == [made.slug]
    products.forget()
    found = await products.product_by_slug(made.slug)
    assert found and found.variants[0].offers[0].price_minor == 4890
