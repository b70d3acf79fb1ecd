"""An archived month stands, and is read as any other."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner

from app.accounts.owners import Owner
from app.checkout.auditing import broken
from app.checkout.carrying_out import carry_out
from app.checkout.settling import note_chargeback, settle
from app.cli import orders as commands
from app.cli.order_commands import orders
from app.infra.clock import frozen
from app.infra.database import execute, fetch, fetch_one, transaction
from app.inventory.reservations import release
from app.orders import months
from app.orders.cancelling import cancel
from app.orders.guests import open_as_guest
from app.orders.leaving import export, part
from app.orders.listing import Asked, orders_of
from app.orders.months import archive, due
from app.orders.return_asking import ask
from app.orders.returns import approve, receive
from app.orders.states import move
from app.orders.tables import OrderState
from tests.accounts.people import person, sign_in
from tests.checkout.paying import GOOD, begun, present, succeeded
from tests.orders.long_ago import MINE, OLD, THEN, old, old_order, where
from tests.orders.sending import ACTOR, arrived, history, line_ids, paid
from tests.orders.wanting import pending, state_of
from tests.world import World

__all__ = ["old"]


async def archived() -> dict[int, str]:
    """Month -> what it waits for, of those that were due."""
    return {each.month: each.waits_for for each in await archive()}


async def test_an_archived_order_is_read_as_before(client: Any, old: World) -> None:
    order = await old_order(old)
    client.cookies.set("feira_visitor", "mine")
    pages = ("/orders", f"/orders/{order.number}", f"/orders/{order.number}/invoice", "/orders?words=lamp&year=2024")
    before = [(await client.get(page)).content for page in pages]
    assert await archived() == {OLD: ""}
    assert [(await client.get(page)).content for page in pages] == before
    assert order.number.encode() in before[0] and order.number.encode() in before[3]
    assert await open_as_guest(order.number, "marta@feira.example", "10.0.0.1") == order.number
    account = await person()
    await sign_in(client)  # brings the guest's orders along
    (exported,) = await export(account)
    assert exported["number"] == order.number and exported["lines"]
    assert [each.number for each in (await orders_of(Owner(account, None), Asked(words="lamp"))).orders] == [
        order.number
    ]
    async with transaction():
        await part(account, "")
    row = await fetch_one("SELECT account, email FROM shop_order")
    assert row and (row["account"], row["email"]) == (None, "")
    await execute("UPDATE outbox SET created_at = now()")
    assert await broken() == []


async def test_what_is_archived_stands(old: World) -> None:
    await old_order(old)
    await archive()
    for change in (
        "UPDATE shop_order SET total_minor = total_minor + 1, items_minor = items_minor + 1",
        "UPDATE shop_order SET state = 'paid'",
        "DELETE FROM order_move",
        "UPDATE order_move SET note = 'X'",
        "UPDATE order_line SET name = 'X'",
        "UPDATE parcel_move SET actor = 'X'",
        "INSERT INTO parcel_move SELECT id + 1, parcel, 'packed', 'shipped', '', '', now() FROM parcel_move LIMIT 1",
    ):
        with pytest.raises((asyncpg.RestrictViolationError, asyncpg.CheckViolationError)):
            await execute(change)


async def test_a_late_return_and_a_chargeback_of_an_archived_order_work(old: World) -> None:
    order = await old_order(old, quantity=2)
    await archive()
    (line,) = await line_ids(order)
    with frozen(THEN):  # within the time that the law gives
        number = await ask(order.id, {line: 2}, "changed_mind", "")
    await approve(order.id, number, ACTOR)
    await receive(order.id, number, ACTOR, (line,))
    await carry_out()
    assert (await history(order))[-2:] == ["returned", "refunded"]
    attempt = await fetch_one('SELECT id FROM payment_attempt WHERE "order" = $1', order.id)
    assert attempt
    async with transaction():
        await note_chargeback(attempt["id"], "dispute", 100, returned=False)
    assert await fetch("SELECT FROM ledger_entry WHERE kind = 'chargeback'")
    assert await where(order) == {f"{table}_{OLD}" for table in months.TABLES}


async def test_money_that_comes_for_an_archived_order_goes_back(old: World) -> None:
    lamp = await old.product(stock={"LIS": 9})
    with frozen(THEN):
        order = await pending(old, lamp)
        attempt = await begun(order.id)
        await present(attempt, GOOD)
        await move(order.id, OrderState.EXPIRED, "sweeper")
        await release(order.id)
    await execute("UPDATE payment_attempt SET state = 'failed'")
    assert await archived() == {OLD: ""}
    await settle(attempt.id, succeeded(attempt))
    await carry_out()
    assert await state_of(order.id) == "refunded"
    await execute("UPDATE outbox SET created_at = now()")
    assert await broken() == []


async def test_a_month_waits_for_what_is_open_in_it(old: World) -> None:
    lamp = await old.product(stock={"LIS": 9})
    with frozen(THEN):
        await cancel((await pending(old, lamp)).id, None, "shopper")  # that is over
        order = await paid(old, lamp, owner=MINE)
    assert "1 orders" in (await archived())[OLD]
    with frozen(THEN):
        await arrived(order)
        number = await ask(order.id, {(await line_ids(order))[0]: 1}, "changed_mind", "")
    assert await archived() == {OLD: "1 returns"}
    await approve(order.id, number, ACTOR)
    await receive(order.id, number, ACTOR, ())
    assert "1 requests of money" in (await archived())[OLD]
    assert not await fetch("SELECT FROM pg_trigger WHERE tgname = 'stands' AND tgrelid = 'shop_order_202403'::regclass")
    await carry_out()
    assert await archived() == {OLD: ""} and await archived() == {}


async def test_only_months_that_are_old_enough_are_due(old: World) -> None:
    await old_order(old)
    with frozen(datetime(2026, 3, 31, tzinfo=UTC)):
        assert await due() == []
        assert [each.month for each in await due(23)] == [OLD]
    with frozen(datetime(2026, 4, 1, tzinfo=UTC)):
        (month,) = await due()
        assert (month.month, month.orders, month.waits_for) == (OLD, 1, "") and month.bytes > 0


async def test_what_is_older_than_partitions_is_due_when_the_last_of_it_is(world: World) -> None:
    with frozen(datetime(1999, 1, 1, tzinfo=UTC)):
        await pending(world, await world.product())
    (before,) = await due()
    assert before.month == months.BEFORE and "1 orders" in before.waits_for
    await execute("UPDATE shop_order SET placed_at = now()")
    assert await due() == []


async def test_an_archiving_that_is_killed_goes_on_and_several_at_once_do_it_once(
    old: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, close = await old_order(old), months._close

    async def killed(table: str, month: int) -> bool:
        if table == "order_move":
            raise RuntimeError("killed")
        return await close(table, month)

    with monkeypatch.context() as patch:
        patch.setattr(months, "_close", killed)
        with pytest.raises(RuntimeError):
            await archive()
    assert [each.number for each in (await orders_of(MINE)).orders] == [order.number]
    results = await asyncio.gather(archived(), archived())
    if not any(found.get(OLD) == "" for found in results):  # each was in the other's way: it comes again
        assert await archived() == {OLD: ""}
    row = await fetch_one("SELECT archived_at FROM order_month WHERE month = $1", OLD)
    assert row and row["archived_at"] and await due() == []


async def test_a_month_in_use_is_left_for_later(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = await old_order(old)
    monkeypatch.setattr(months, "PATIENCE", "SET LOCAL lock_timeout = '20ms'")
    reading, over = asyncio.Event(), asyncio.Event()

    async def reader() -> None:
        async with transaction():
            await fetch("SELECT number FROM shop_order WHERE id = $1", order.id)
            reading.set()
            await over.wait()

    task = asyncio.create_task(reader())
    await reading.wait()
    found = await archived()
    over.set()
    await task
    assert found == {OLD: "its rows are in use"}
    assert await archived() == {OLD: ""}


async def test_looks_for_orders_under_way_leave_archived_months_out(old: World) -> None:
    await old_order(old)
    looks = (
        "SELECT id FROM shop_order WHERE state = 'pending' AND reserved_until <= now()",
        "SELECT id FROM shop_order WHERE state IN ('paid', 'packed', 'shipped')",
    )
    for archive_first, is_looked_at in ((False, True), (True, False)):
        if archive_first:
            await archive()
        for look in looks:
            plan = "\n".join(row[0] for row in await fetch(f"EXPLAIN {look}"))
            assert (f"shop_order_{OLD}" in plan) is is_looked_at


async def test_the_command_says_what_it_would_do_and_does_it(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await old_order(old)
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(commands, "ask", lambda verb: asyncio.run_coroutine_threadsafe(verb, loop).result())
    for options, verb in ((["--dry-run"], "due"), (["--dry-run"], "due"), ([], "archived")):
        result = await asyncio.to_thread(CliRunner().invoke, orders, ["archive", "--json", *options])
        assert result.exit_code == 0, result.output
        (month,) = json.loads(result.output)[verb]
        assert month["month"] == OLD and month["orders"] == 1 and month["waits_for"] == ""
    result = await asyncio.to_thread(CliRunner().invoke, orders, ["archive"])
    assert "No month is old enough" in result.output
