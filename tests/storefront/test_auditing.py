"""The audit of what Redis keeps of products names a document that misleads, and no other."""

import time

import pytest

from app.events.outbox import publish
from app.infra import redis
from app.infra.database import execute
from app.search.auditing import Compared
from app.storefront import products
from app.storefront.auditing import IS_CURRENT, compare
from app.storefront.events import drop
from app.storefront.warming import rebuild
from tests.world import Goods, World


@pytest.fixture
async def kept(world: World) -> Goods:
    """A product whose document Redis keeps."""
    made = await world.product()
    await rebuild()
    return made


async def test_documents_that_were_just_read_agree(kept: Goods) -> None:
    assert await compare() == Compared(looked=1)


@pytest.mark.parametrize(
    ("change", "odd"),
    [
        ("UPDATE product SET version = 2", {"version"}),
        ("UPDATE offer SET price_minor = 9", {"offers"}),
        ("UPDATE stock SET reserved = 2", {"offers"}),
        ("UPDATE offer SET withdrawn_at = now()", {"offers"}),
    ],
)
async def test_an_older_document_is_named(kept: Goods, change: str, odd: set[str]) -> None:
    await execute(change)
    [broken] = (await compare()).broken
    assert (broken.rule, broken.row["slug"], set(broken.row["redis"])) == (IS_CURRENT, kept.slug, odd)  # type: ignore[call-overload]
    await rebuild()
    assert (await compare()).broken == []


async def test_one_that_does_not_count_misleads_nobody(kept: Goods) -> None:
    client = redis.client(patient=True)
    document = await client.get(products.key(kept.slug))
    assert document
    await execute("UPDATE product SET version = 2")
    await drop([kept.product])
    await client.set(products.key(kept.slug), document)  # read before the change, written after it
    await client.set(products.key("other"), b"{}")  # of another version of the shop
    assert await compare() == Compared()


async def test_news_on_its_way_is_no_violation(kept: Goods) -> None:
    await execute("UPDATE product SET version = 2")
    await publish("products", "k", {"products": [kept.product]})
    assert await compare() == Compared(looked=1, coming=1)


async def test_a_document_of_a_product_that_is_gone_is_named(kept: Goods) -> None:
    found = await products.read(kept.slug)
    assert found
    ghost = products.encoded(found).replace(kept.slug.encode(), b"ghost")
    await redis.client(patient=True).set(products.key("ghost"), ghost)
    await redis.client(patient=True).set(products.changed_key("ghost"), repr(time.time() - 60))
    [broken] = (await compare()).broken
    assert broken.row["postgres"] == "has no such product"
