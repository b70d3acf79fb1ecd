"""Operators bar a product from the shop, whoever sells it: no feed and no seller brings it back, only they do."""

import asyncio
from typing import Any

import pytest

from app.catalog import suspending
from app.infra.database import execute, fetch, transaction
from app.suppliers import reading
from tests.accounts.people import Client
from tests.catalog.test_suspending import decided, on_sale
from tests.suppliers.line import row, send, send_and_take, take_all
from tests.suppliers.test_picture_pages import at_the_desk
from tests.world import World

PLACE = "/admin/products"
WHY = "The CE mark is forged."


async def decide(desk: Client, product: int, decision: str, reason: str = WHY) -> Any:
    return await desk.post(f"{PLACE}/{product}/decisions", data={"decision": decision, "reason": reason})


async def product_of(name: str) -> int:
    (found,) = await fetch("SELECT id FROM product WHERE name = $1", name)
    return int(found["id"])


async def test_what_is_barred_is_off_every_sellers_shelf_and_comes_back(desk: Client, world: World) -> None:
    lamp, other = await world.product(), await world.product("Mug")
    await execute("DELETE FROM outbox")
    assert (await desk.get(f"/p/{lamp.slug}")).status_code == 200
    assert "Nobody can find or buy it" in (await decide(desk, lamp.product, "bar")).text
    assert await on_sale() == [other.offer]
    assert [event["topic"] for event in await fetch("SELECT topic FROM outbox ORDER BY id")] == [
        "products",
        "suppliers",
    ]
    assert "decided already" in (await decide(desk, lamp.product, "bar")).text
    shown = (await desk.get(f"{PLACE}/{lamp.product}")).text
    assert WHY in shown and shown.count("<b>Barred</b>") == 1 and "Kept off by the shop" in shown
    assert "Alcova desk lamp" in (await desk.get(PLACE)).text
    assert "It is back" in (await decide(desk, lamp.product, "back", "")).text
    assert await on_sale() == [lamp.offer, other.offer]
    assert "Alcova desk lamp" not in (await desk.get(PLACE)).text


async def test_its_page_is_gone(desk: Client, world: World) -> None:
    lamp = await world.product("Forged lamp")
    await decide(desk, lamp.product, "bar")
    gone = await desk.get(f"/p/{lamp.slug}")
    assert gone.status_code == 404 and "Forged" not in gone.text


async def test_no_feed_brings_it_back(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    feed = [row("L1"), row("L2", "Porch lamp")]
    await send_and_take(supplier, feed)
    lamp = await product_of("Alcova desk lamp")
    await decide(desk, lamp, "bar")
    left = await on_sale()
    await send_and_take(supplier, [row("L1", price="20.00"), row("L2", "Porch lamp")])
    assert await on_sale() == left and len(left) == 1
    await decide(desk, lamp, "back")
    assert [each["price_minor"] for each in await fetch("SELECT price_minor FROM offer ORDER BY id")] == [2000, 4890]
    assert len(await on_sale()) == 2


async def test_what_its_seller_gave_up_meanwhile_stays_off(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1"), row("L2", "Porch lamp")])
    lamp = await product_of("Alcova desk lamp")
    await decide(desk, lamp, "bar")
    await send_and_take(supplier, [row("L2", "Porch lamp")])
    await decide(desk, lamp, "back")
    assert len(await on_sale()) == 1


async def test_a_reinstated_seller_does_not_bring_it_back_nor_it_a_suspended_seller(desk: Client, world: World) -> None:
    lamp, supplier = await world.product(), await world.supplier()
    for first, second in ((("bar", "suspended"), ("approved", "back")), (("suspended", "bar"), ("back", "approved"))):
        for step in (*first, *second[:1]):
            await (decide(desk, lamp.product, step) if step in ("bar", "back") else decided(supplier, step))
        assert await on_sale() == []
        step = second[1]
        await (decide(desk, lamp.product, step) if step in ("bar", "back") else decided(supplier, step))
        assert await on_sale() == [lamp.offer]


async def test_a_feed_at_the_moment_of_barring_does_not_slip_through(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    await send_and_take(supplier, [row("L1")])
    lamp = await product_of("Alcova desk lamp")
    await execute("UPDATE offer SET withdrawn_at = now()")  # and the next feed lists it again
    feed = await send(supplier, [row("L1", price="20.00")])
    await reading.read_feed(feed)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow_batch() -> None:
        """A batch that has put the offer on sale, and is not committed yet."""
        async with transaction():
            await suspending.expect_bars()
            await execute("UPDATE offer SET withdrawn_at = NULL")
            await suspending.hide(supplier, [row["id"] for row in await fetch("SELECT id FROM offer")])
            begun.set()
            await go_on.wait()

    batch = asyncio.create_task(slow_batch())
    await begun.wait()
    barring = asyncio.create_task(decide(desk, lamp, "bar"))
    await asyncio.sleep(0.2)
    assert not barring.done()
    go_on.set()
    await asyncio.gather(batch, barring)
    await take_all()
    assert await on_sale() == []


async def test_its_seller_reads_why_and_cannot_put_it_back(desk: Client, world: World, client: Any) -> None:
    lamp = await world.product()
    await decide(desk, lamp.product, "bar")
    await at_the_desk(world, client)
    assert "Barred by the shop" in (await client.get("/supplier/offers")).text
    assert WHY in (await client.get(f"/supplier/offers/{lamp.offer}")).text
    sent = {"price": "40.00", "pieces-LIS": "9", "seen-LIS": "5"}
    await client.post(f"/supplier/offers/{lamp.offer}", data=sent)
    assert await on_sale() == [] and (await fetch("SELECT price_minor FROM offer"))[0]["price_minor"] == 4000


async def test_a_product_is_found_by_its_numbers_and_by_parts_of_its_name(desk: Client, world: World) -> None:
    lamp = await world.product("Cork 50% stool", gtin="4006381333931")
    await world.product("Mug")
    sku = (await fetch("SELECT supplier_sku FROM offer WHERE id = $1", lamp.offer))[0]["supplier_sku"]
    for words in ("4006381333931", lamp.sku, sku, lamp.slug, "cork", "50%", "STOOL"):
        found = (await desk.get(PLACE, params={"words": words})).text
        assert f'href="{PLACE}/{lamp.product}"' in found and ">Mug<" not in found, words
    for words in ("_", "<script>", "x" * 500, "\x00"):
        assert (await desk.get(PLACE, params={"words": words})).status_code == 200


@pytest.mark.parametrize(("reason", "said"), [("", "Say why"), ("x" * 401, "Use at most 400 characters")])
async def test_who_bars_says_why(desk: Client, world: World, reason: str, said: str) -> None:
    lamp = await world.product()
    answer = await decide(desk, lamp.product, "bar", reason)
    assert answer.status_code == 422 and said in answer.text and await on_sale() == [lamp.offer]


async def test_a_product_that_is_not_there_is_not_found(desk: Client) -> None:
    assert (await desk.get(f"{PLACE}/999")).status_code == 404
