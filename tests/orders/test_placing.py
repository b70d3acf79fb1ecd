import asyncio
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from app.checkout.settling import settle
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.inventory.reservations import OutOfStock
from app.orders import placing
from app.orders.placing import KeyReused, PriceChanged, place
from tests.checkout.paying import begun, succeeded
from tests.orders.wanting import guest, ledger_of, pending, state_of, stock_of, wanted
from tests.world import World


async def test_an_order_holds_its_stock_and_waits_for_payment(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    placed = await pending(world, lamp, quantity=2)
    assert re.fullmatch(r"F-[0-9]{4}-[2-9B-DF-HJKMNP-TV-XZ]{5}", placed.number)
    assert await state_of(placed.id) == "pending"
    assert await stock_of(lamp) == (5, 2)
    order = await fetch_one("SELECT * FROM shop_order")
    assert order is not None
    assert (order["items_minor"], order["delivery_minor"], order["total_minor"]) == (9780, 390, 10170)
    assert abs(order["reserved_until"] - now() - timedelta(minutes=20)) < timedelta(seconds=10)
    attempt = await fetch_one("SELECT * FROM payment_attempt")
    assert attempt is not None
    assert (attempt["order"], attempt["amount_minor"], attempt["state"]) == (placed.id, 10170, "created")
    assert len(await fetch("SELECT FROM outbox WHERE topic = 'orders'")) == 1


async def test_a_line_is_a_copy_that_later_changes_do_not_touch(world: World) -> None:
    lamp = await world.product()
    await pending(world, lamp)
    await execute("UPDATE product SET name = 'Something else'")
    line = await fetch_one("SELECT * FROM order_line")
    assert line is not None
    assert (line["name"], line["sku"], line["options"]) == ("Alcova desk lamp", lamp.sku, '{"Colour": "Bottle green"}')


async def test_fifty_buyers_of_ten_pieces_get_ten(world: World) -> None:
    lamp = await world.product(stock={"LIS": 10})

    async def buy(number: int) -> bool:
        try:
            await pending(world, lamp, owner=guest(str(number)))
        except OutOfStock:
            return False
        return True

    await world.supplier()
    bought = await asyncio.gather(*(buy(number) for number in range(50)))
    assert sum(bought) == 10
    assert await stock_of(lamp) == (10, 10)
    for table in ("shop_order", "parcel", "order_line", "order_move", "payment_attempt", "reservation"):
        assert len(await fetch(f"SELECT FROM {table}")) == 10


async def test_the_same_form_at_the_same_time_places_one_order(world: World) -> None:
    want = await wanted(world, await world.product())
    orders = await asyncio.gather(*(place(want) for _ in range(8)))
    assert len({order.number for order in orders}) == 1
    assert len(await fetch("SELECT FROM shop_order")) == 1
    assert len(await fetch("SELECT FROM payment_attempt")) == 1


async def test_the_same_key_for_something_else_is_refused(world: World) -> None:
    lamp, key = await world.product(), uuid4()
    await pending(world, lamp, key=key)
    with pytest.raises(KeyReused):
        await pending(world, lamp, key=key, confirmed=b"other")
    with pytest.raises(KeyReused):
        await pending(world, lamp, key=key, owner=guest("somebody else"))
    assert await stock_of(lamp) == (5, 1)


async def test_a_price_that_was_not_confirmed_is_never_charged(world: World) -> None:
    lamp = await world.product()
    await execute("UPDATE offer SET price_minor = 5190")
    with pytest.raises(PriceChanged) as refused:
        await pending(world, lamp)
    assert refused.value.offers == {lamp.offer}
    await execute("UPDATE offer SET price_minor = 4890, withdrawn_at = now()")
    with pytest.raises(PriceChanged):
        await pending(world, lamp)
    assert await fetch("SELECT FROM shop_order") == []
    assert await stock_of(lamp) == (5, 0)


async def test_a_number_that_is_taken_is_replaced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(["F-2611-AAAAA", "F-2611-AAAAA", "F-2611-BBBBB"])
    monkeypatch.setattr(placing, "new_number", lambda: next(numbers))
    lamp = await world.product()
    assert (await pending(world, lamp)).number == "F-2611-AAAAA"
    assert (await pending(world, lamp)).number == "F-2611-BBBBB"


async def test_an_order_of_ninety_nine_of_the_dearest_thing_is_an_order(world: World) -> None:
    crown = await world.product("Crown", price_minor=100_000_000, stock={"LIS": 99})
    order = await pending(world, crown, quantity=99, price_minor=100_000_000)
    attempt = await begun(order.id)
    await settle(attempt.id, succeeded(attempt))
    assert await state_of(order.id) == "paid"
    assert await ledger_of(order.id) == [("capture", 9_900_000_390)]
