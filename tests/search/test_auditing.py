"""The audit of the index names what is wrong in it, and nothing that is only late."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.events.outbox import mark_processed, publish
from app.infra.database import execute
from app.search import auditing
from app.search.auditing import Compared, compare
from app.search.documents import documents_of, load
from app.search.events import index_products
from app.search.index import Index, folder
from app.search.rebuilding import rebuild
from app.search.writing import write, writer
from tests.search.conftest import Reindex
from tests.search.test_index import event
from tests.world import Goods, World


def rules(found: Compared) -> dict[str, list[Any]]:
    named: dict[str, list[Any]] = {}
    for each in found.broken:
        named.setdefault(each.rule, []).append(each.row.get("product"))
    return named


async def told(product: int, *, minutes_ago: int = 2) -> UUID:
    """An event that is older than what is excused for its youth."""
    event_id = await publish("products", str(product), {"products": [product]})
    ago = "UPDATE outbox SET created_at = now() - make_interval(mins => $2) WHERE event_id = $1"
    await execute(ago, event_id, minutes_ago)
    return event_id


async def taken(event_id: UUID, *, minutes_ago: int) -> None:
    await mark_processed("search", [event_id])
    ago = "UPDATE processed SET processed_at = now() - make_interval(mins => $2) WHERE event_id = $1"
    await execute(ago, event_id, minutes_ago)


async def test_an_index_that_was_just_made_agrees(world: World, reindex: Reindex) -> None:
    for number in range(3):
        await world.product(f"Alcova lamp {number}")
    await reindex()
    assert await compare() == Compared(looked=3)


@pytest.mark.parametrize(
    ("change", "odd"),
    [
        ("UPDATE product SET version = 2 WHERE id = $1", {"version"}),
        ("UPDATE offer SET price_minor = 9 FROM variant v WHERE v.id = variant AND v.product = $1", {"price_minor"}),
        ("UPDATE stock SET reserved = 2 FROM product WHERE product.id = $1", {"stock", "available"}),
    ],
)
async def test_another_version_price_or_stock_is_named(
    world: World, reindex: Reindex, change: str, odd: set[str]
) -> None:
    made = await world.product()
    await reindex()
    await execute(change, made.product)
    [broken] = (await compare()).broken
    assert (broken.rule, broken.row["slug"]) == (auditing.IS_CURRENT, made.slug)
    assert set(broken.row["index"]) == odd  # type: ignore[call-overload]
    await rebuild()
    assert (await compare()).broken == []


async def test_what_is_missing_left_over_or_there_twice_is_named(world: World, reindex: Reindex) -> None:
    sold, gone, twice = [await world.product(f"Alcova lamp {number}") for number in range(3)]
    await reindex()
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", gone.offer)
    opened = Index(folder()).open()
    assert opened
    write(opened, [sold.product], await load([twice.product]))
    expected = {auditing.IS_CLEAN: [gone.product, twice.product], auditing.IS_COMPLETE: [sold.product]}
    assert rules(await compare()) == expected


async def test_without_an_index_that_alone_is_said(world: World, reindex: Reindex) -> None:
    assert (await compare()).broken == []  # there is nothing to find
    await world.product()
    assert [each.rule for each in (await compare()).broken] == [auditing.IS_THERE]


async def test_an_index_that_is_damaged_is_no_end_of_the_audit(world: World, reindex: Reindex) -> None:
    await world.product()
    await reindex()
    place = Index(folder()).current()
    assert place
    (segment,) = place.glob("*.seg")
    whole = segment.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[::-1], None):
        segment.write_bytes(damaged) if damaged is not None else segment.unlink()
        [broken] = (await compare()).broken
        assert broken.rule == auditing.IS_THERE and broken.row["error"]


async def waits(made: Goods) -> None:
    await told(made.product, minutes_ago=600)


async def was_told_just_now(made: Goods) -> None:
    await taken(await told(made.product, minutes_ago=0), minutes_ago=600)


async def was_taken_just_now(made: Goods) -> None:
    await taken(await told(made.product), minutes_ago=0)


async def was_taken(made: Goods) -> None:
    await taken(await told(made.product), minutes_ago=2)


async def was_given_up(made: Goods) -> None:
    event_id = await told(made.product)
    await execute(
        """INSERT INTO dead_letter (consumer, topic, event_id, key, payload, reason, attempts, created_at)
           VALUES ('search', 'products', $1, '', '{}', 'no', 5, now())""",
        event_id,
    )


async def is_about_another(made: Goods) -> None:
    await told(made.product + 100)


@pytest.mark.parametrize(
    ("news", "is_coming"),
    [
        (waits, True),
        (was_told_just_now, True),
        (was_taken_just_now, True),
        (was_taken, False),
        (was_given_up, False),
        (is_about_another, False),
    ],
)
async def test_news_on_its_way_is_no_violation(
    world: World, reindex: Reindex, news: Callable[[Goods], Any], is_coming: bool
) -> None:
    changed = await world.product()
    await reindex()
    await execute("UPDATE product SET version = 2")
    new = await world.product("Lousa lamp")
    for made in (changed, new):
        await news(made)
    found = await compare()
    assert (found.coming, len(found.broken)) == ((2, 0) if is_coming else (0, 2))


async def test_at_rest_nothing_is_excused_for_having_changed_just_now(world: World, reindex: Reindex) -> None:
    made = await world.product()
    await reindex()
    await execute("UPDATE product SET version = 2")
    await was_taken_just_now(made)
    assert len((await compare(at_rest=True)).broken) == 1
    await waits(made)
    assert len((await compare(at_rest=True)).broken) == 0


async def test_a_change_during_the_audit_is_seen_at_the_second_look(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await world.product()
    await reindex()

    async def change_before(products: list[int]) -> Any:
        monkeypatch.undo()
        await execute("UPDATE product SET version = 2")
        await index_products([event(made.product)])
        return await documents_of(products)

    monkeypatch.setattr(auditing, "documents_of", change_before)
    assert await compare() == Compared(looked=1)


async def test_only_so_many_are_named_and_the_rest_is_not_compared(
    world: World, reindex: Reindex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_SHOWN", 3)
    monkeypatch.setattr(auditing, "AT_ONCE", 2)
    for number in range(9):
        await world.product(f"Alcova lamp {number}")
    await reindex()
    await execute("UPDATE product SET version = 2")
    found = await compare()
    assert (found.looked, len(found.broken)) == (9, 3)
    writer().update(range(1, 10), [])
    assert len((await compare()).broken) == 3
