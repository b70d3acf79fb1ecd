"""What has arrived may go back: never more than was bought, and its money goes back when it is here."""

import asyncio
from datetime import timedelta

import pytest

from app.checkout.carrying_out import carry_out
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch, fetch_one
from app.inventory import invariants
from app.orders.cancelling import cancel
from app.orders.return_asking import CannotReturn, ask
from app.orders.return_views import returnable
from app.orders.returns import approve, receive, refuse
from app.orders.states import RETURN_ALLOWED, MoveRefused, move_return
from app.orders.tables import ReturnState
from tests.orders.returning import MIND, back, returned_pieces
from tests.orders.sending import ACTOR, arrived, history, line_ids, paid, paid_apart, sent, told
from tests.orders.wanting import ledger_of, state_of, stock_of
from tests.world import World


async def test_a_whole_order_comes_back_with_its_delivery(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await paid(world, lamp, quantity=2)
    await arrived(order)
    (line,) = await line_ids(order)
    assert await back(order.id, {line: 2}, (line,)) == 2 * 4890 + 390
    assert await stock_of(lamp) == (5, 0)
    await carry_out()
    assert (await history(order))[-3:] == ["delivered", "returned", "refunded"]
    assert await ledger_of(order.id) == [("capture", 10170), ("refund", -10170)]
    assert [kind for kind, _ in await told(order)][-4:] == [
        "return_requested",
        "return_approved",
        "return_received",
        "refunded",
    ]
    assert await invariants.broken() == []


async def test_piece_by_piece_adds_up_to_the_cent_and_the_last_brings_the_delivery(world: World) -> None:
    order = await paid(world, await world.product(stock={"LIS": 5}), quantity=3)
    await arrived(order)
    (line,) = await line_ids(order)
    assert [await back(order.id, {line: 1}) for _ in range(3)] == [4890, 4890, 4890 + 390]
    row = await fetch_one(
        """SELECT o.vat_minor, sum(c.vat_minor)::bigint AS vat, o.state FROM shop_order o
           JOIN credit_note c ON c."order" = o.id GROUP BY o.id"""
    )
    assert row and (row["vat"], row["state"]) == (row["vat_minor"], "returned")


async def test_two_open_returns_of_the_last_pieces_bring_the_delivery_once(world: World) -> None:
    order = await paid(world, await world.product(stock={"LIS": 5}), quantity=2)
    await arrived(order)
    (line,) = await line_ids(order)
    numbers = [await ask(order.id, {line: 1}, MIND, "") for _ in range(2)]
    amounts = []
    for number in reversed(numbers):
        await approve(order.id, number, ACTOR)
        credit = await receive(order.id, number, ACTOR, ())
        assert credit
        amounts.append(credit.amount_minor)
    assert amounts == [4890, 4890 + 390]


async def test_what_is_written_off_is_not_sold_again(world: World) -> None:
    lamp, mug = await world.product(stock={"LIS": 5}), await world.product("Mug", stock={"LIS": 5})
    order = await paid(world, lamp, mug)
    await arrived(order)
    first, second = await line_ids(order)
    await back(order.id, {first: 1, second: 1}, (second,))
    assert [await stock_of(each) for each in (lamp, mug)] == [(4, 0), (5, 0)]


async def test_never_more_goes_back_than_was_bought_however_many_ask_at_once(world: World) -> None:
    order = await paid(world, await world.product(stock={"LIS": 5}), quantity=3)
    await arrived(order)
    (line,) = await line_ids(order)
    done = await asyncio.gather(*(ask(order.id, {line: 2}, MIND, "") for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(each, int) for each in done) == 1
    assert sum(isinstance(each, CannotReturn) for each in done) == 5
    assert await returned_pieces() == [2]
    await ask(order.id, {line: 1}, MIND, "")
    with pytest.raises(CannotReturn, match="only 0 pieces"):
        await ask(order.id, {line: 1}, MIND, "")


async def test_received_twice_at_once_is_refunded_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await paid(world, lamp)
    await arrived(order)
    (line,) = await line_ids(order)
    number = await ask(order.id, {line: 1}, MIND, "")
    await approve(order.id, number, ACTOR)
    done = await asyncio.gather(*(receive(order.id, number, ACTOR, (line,)) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(each, MoveRefused) for each in done) == 4
    assert len(await fetch("SELECT FROM credit_note")) == 1
    assert await stock_of(lamp) == (5, 0)


async def test_a_refused_return_gives_its_pieces_free(world: World) -> None:
    order = await paid(world, await world.product())
    await arrived(order)
    (line,) = await line_ids(order)
    number = await ask(order.id, {line: 1}, MIND, "It hums")
    for why in ("", "x" * 1001):
        with pytest.raises(CannotReturn):
            await refuse(order.id, number, ACTOR, why)
    await refuse(order.id, number, ACTOR, "It was worn")
    assert await returned_pieces() == [0]
    with pytest.raises(MoveRefused):
        await approve(order.id, number, ACTOR)
    assert await ask(order.id, {line: 1}, MIND, "") == 2
    assert await state_of(order.id) == "delivered"


async def test_minds_may_be_changed_for_fourteen_days_and_faults_be_found_for_longer(world: World) -> None:
    order = await paid(world, await world.product(stock={"LIS": 5}), quantity=3)
    await arrived(order)
    (line,) = await line_ids(order)
    with frozen(now() + timedelta(days=14)):
        await ask(order.id, {line: 1}, MIND, "")
    with frozen(now() + timedelta(days=15, hours=1)):
        with pytest.raises(CannotReturn, match="more than 14 days"):
            await ask(order.id, {line: 1}, MIND, "")
        assert (await returnable(order.id))[0].is_for_faults_only
        await ask(order.id, {line: 1}, "broken", "")
    with frozen(now() + timedelta(days=3 * 365 + 2)), pytest.raises(CannotReturn):
        await ask(order.id, {line: 1}, "broken", "")


async def test_only_what_has_arrived_and_was_not_cancelled_goes_back(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"), await world.product("Chair"))
    first, second, third = await line_ids(order)
    await cancel(order.id, [third], "shopper")
    await arrived(order, 1)
    await sent(order, 2)
    for line in (second, third, 10**15):
        with pytest.raises(CannotReturn):
            await ask(order.id, {first: 1, line: 1}, MIND, "")
    assert [each.id for each in await returnable(order.id)] == [first]
    assert await back(order.id, {first: 1}) == 5280
    assert await state_of(order.id) == "shipped"


async def test_a_return_makes_the_moves_of_the_table_and_no_others(world: World) -> None:
    order = await paid(world, await world.product())
    await arrived(order)
    await ask(order.id, dict.fromkeys(await line_ids(order), 1), MIND, "")
    (made,) = await fetch("SELECT id FROM order_return")
    assert set(RETURN_ALLOWED) == set(ReturnState)
    for before in ReturnState:
        for after in ReturnState:
            await execute("UPDATE order_return SET state = $1", before)
            if after in RETURN_ALLOWED[before]:
                assert await move_return(made["id"], after, "test") == before
            else:
                with pytest.raises(MoveRefused):
                    await move_return(made["id"], after, "test")


async def test_an_order_whose_last_parcel_is_cancelled_after_all_else_came_back_is_returned(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"))
    await arrived(order, 1)
    first, second = await line_ids(order)
    await back(order.id, {first: 1})
    await carry_out()
    assert await state_of(order.id) == "paid"
    await cancel(order.id, {second}, ACTOR)
    await carry_out()
    assert (await history(order))[-3:] == ["delivered", "returned", "refunded"]
