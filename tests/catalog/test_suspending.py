"""Of a suspended supplier nothing is sold, and when he is reinstated all of it again, but not what he withdrew."""

from uuid import uuid4

import pytest

from app.accounts.owners import Owner
from app.cart import changing
from app.cart.contents import load
from app.catalog import suspending
from app.checkout.settling import settle
from app.events.event import Event
from app.infra.database import execute, fetch
from app.inventory.reservations import expire
from app.orders.placing import PriceChanged
from app.suppliers import reading
from tests.checkout.paying import begun, succeeded
from tests.orders.wanting import guest, hold_ended, pending, state_of, stock_of
from tests.suppliers.line import offers, row, send, take_all
from tests.world import World


async def decided(supplier: int, state: str) -> None:
    """As the operator decided, with the consumer's turn."""
    await execute("UPDATE supplier SET state = $2 WHERE id = $1", supplier, state)
    await followed(supplier)


async def followed(supplier: int) -> None:
    await suspending.follow([Event(uuid4(), "suppliers", str(supplier), {"supplier": supplier})])


async def on_sale() -> list[int]:
    return [each["id"] for each in await fetch("SELECT id FROM offer WHERE withdrawn_at IS NULL ORDER BY id")]


async def test_what_a_suspended_supplier_offers_goes_and_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspending, "AT_ONCE", 2)
    goods = [await world.product(stock={"LIS": 3}) for _ in range(4)]
    other = await world.product(supplier="Casa Pratas")
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", goods[3].offer)
    supplier = await world.supplier()
    for _ in range(2):
        await decided(supplier, "suspended")
        assert await on_sale() == [other.offer]
    told = await fetch("SELECT payload FROM outbox WHERE topic LIKE 'products%'")
    assert all(str(each.product) in str([each["payload"] for each in told]) for each in goods[:3])
    for _ in range(2):
        await decided(supplier, "approved")
        assert await on_sale() == [*(each.offer for each in goods[:3]), other.offer]
    assert await stock_of(goods[0]) == (3, 0)


async def test_nothing_of_him_is_ordered_from_the_decision_on(world: World) -> None:
    lamp, owner = await world.product(), Owner(None, b"x" * 32)
    await changing.add(owner, lamp.offer, 1)
    await execute("UPDATE supplier SET state = 'suspended'")  # and nobody has followed it yet
    assert (await load(owner)).lines[0].withdrawn
    with pytest.raises(PriceChanged):
        await pending(world, lamp)


async def test_a_payment_that_comes_after_the_hold_buys_nothing_of_him(world: World) -> None:
    lamp = await world.product(stock={"LIS": 3})
    in_time, late = await pending(world, lamp), await pending(world, lamp, owner=guest("late"))
    attempts = [await begun(order.id) for order in (in_time, late)]
    await hold_ended(late.id)
    await expire()
    await decided(await world.supplier(), "suspended")
    for attempt in attempts:
        await settle(attempt.id, succeeded(attempt))
    assert [await state_of(order.id) for order in (in_time, late)] == ["paid", "expired"]


async def test_a_feed_that_was_under_way_puts_nothing_on_sale_before_he_is_reinstated(world: World) -> None:
    supplier = await world.supplier()
    feed = await send(supplier, [row("L1"), row("L2")])
    await reading.read_feed(feed)
    await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
    await take_all()
    assert not await offers(supplier)
    await decided(supplier, "approved")
    assert set(await offers(supplier)) == {"L1", "L2"}
