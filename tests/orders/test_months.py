"""Orders lie by month, from the first moment on."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from app.checkout.auditing import broken
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.orders import months, placing
from app.orders.months import MONTH
from app.orders.placing import Placed, place, placed_before
from tests.orders.long_ago import OLD, THEN, old, old_order, where
from tests.orders.wanting import pending, wanted
from tests.world import World

__all__ = ["old"]


def month_of(order: Placed) -> int:
    return order.id // MONTH


def next_month() -> datetime:
    this = now()
    return datetime(this.year + this.month // 12, this.month % 12 + 1, 1, tzinfo=UTC)


async def test_all_of_an_order_lies_in_the_month_in_which_it_was_placed(old: World) -> None:
    order = await old_order(old)
    assert await where(order) == {f"{table}_{OLD}" for table in months.TABLES}
    later = await pending(old, await old.product())
    assert month_of(later) == int(f"{now():%Y%m}")


async def test_at_the_turn_of_a_month_each_order_lies_on_its_side(world: World) -> None:
    lamp = await world.product(stock={"LIS": 40})
    turn = next_month()
    last = datetime.fromtimestamp(turn.timestamp() - 0.001, UTC)

    async def one(at: datetime) -> Placed:
        with frozen(at):
            return await pending(world, lamp)

    orders = await asyncio.gather(*(one(turn if number % 2 else last) for number in range(8)))
    assert [month_of(order) for order in orders] == [int(f"{turn if n % 2 else last:%Y%m}") for n in range(8)]
    assert len({order.number for order in orders}) == 8


async def test_an_order_has_a_place_when_nobody_made_its_month(world: World) -> None:
    row = await fetch_one("SELECT max(month) AS last FROM order_month")
    assert row
    with frozen(datetime(2126, 1, 1, tzinfo=UTC)):
        assert month_of(await pending(world, await world.product())) == row["last"]
    with frozen(datetime(1999, 1, 1, tzinfo=UTC)):
        assert month_of(await pending(world, await world.product())) == months.BEFORE


async def test_a_key_and_a_number_are_unique_over_all_months(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    want = await wanted(old, await old.product(stock={"LIS": 9}))
    with frozen(THEN):
        first = await place(want)
    assert await placed_before(want.key, want.request_hash, want.owner) == first
    assert await place(want) == first
    numbers = iter([first.number, "F-2611-BBBBB"])
    monkeypatch.setattr(placing, "new_number", lambda: next(numbers))
    assert (await pending(old, await old.product())).number == "F-2611-BBBBB"
    # Nor does PostgreSQL take what was written by another hand.
    for number, key in ((first.number, uuid4()), ("F-2611-CCCCC", want.key)):
        with pytest.raises(asyncpg.UniqueViolationError):
            await execute("INSERT INTO order_key VALUES (new_order_id(now()), $1, $2)", number, key)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await execute("UPDATE shop_order SET number = 'F-2611-BBBBB' WHERE id = $1", first.id)


async def test_the_same_form_on_both_sides_of_a_turn_places_one_order(world: World) -> None:
    want = await wanted(world, await world.product(stock={"LIS": 9}))

    async def one(at: datetime) -> Placed:
        with frozen(at):
            return await place(want)

    orders = await asyncio.gather(*(one(next_month() if number % 2 else now()) for number in range(6)))
    assert len(set(orders)) == 1 and len(await fetch("SELECT number FROM shop_order")) == 1


async def test_months_are_made_ahead_once_while_orders_are_placed(world: World) -> None:
    lamp = await world.product(stock={"LIS": 9})
    assert await months.make_ahead() == []
    with frozen(next_month()):
        placing_them = [asyncio.create_task(pending(world, lamp)) for _ in range(4)]
        made, again = await asyncio.gather(months.make_ahead(), months.make_ahead())
        assert len({(await order).number for order in placing_them}) == 4
        new = made or again or await months.make_ahead()  # busy: it comes again
        assert len(new) == 1 and await months.make_ahead() == []
    await execute("TRUNCATE order_key CASCADE")
    for table in reversed(months.TABLES):
        await execute(f"ALTER TABLE {table} DETACH PARTITION {table}_{new[0]}")
        await execute(f"DROP TABLE {table}_{new[0]}")
    await execute("DELETE FROM order_month WHERE month = $1", new[0])


async def test_the_audit_says_when_nobody_makes_months(db: None) -> None:
    async with transaction() as running:
        assert await broken() == []
        await execute("DELETE FROM order_month WHERE month > 0")
        assert [each.rule for each in await broken()] == ["the month of new orders is made before it begins"]
        await running.rollback()


async def test_an_order_and_what_belongs_to_it_are_found_in_one_partition(old: World) -> None:
    order = await old_order(old)
    (parcel,) = await fetch("SELECT id FROM parcel")
    for look in (
        f"SELECT FROM shop_order WHERE id = {order.id} FOR UPDATE",
        f'SELECT FROM order_move WHERE "order" = {order.id}',
        f"SELECT FROM order_line WHERE parcel = {parcel['id']}",
        f"SELECT FROM parcel_move WHERE parcel = {parcel['id']}",
    ):
        plan = "\n".join(row[0] for row in await fetch(f"EXPLAIN {look}"))
        assert f"_{OLD}" in plan and "Append" not in plan
