"""A return that was agreed and does not come is closed, and what comes after all is refunded once."""

import asyncio
from datetime import timedelta

import pytest

from app.infra.clock import frozen, now, today
from app.infra.database import fetch
from app.inventory import invariants
from app.orders.placing import Placed
from app.orders.return_asking import CannotReturn, ask
from app.orders.return_closing import close_overdue
from app.orders.return_views import returns_of
from app.orders.returns import approve, receive, refuse
from app.orders.states import MoveRefused
from tests.orders.returning import MIND, returned_pieces
from tests.orders.sending import ACTOR, arrived, line_ids, paid, told
from tests.orders.wanting import state_of
from tests.world import World


async def agreed(world: World, days_ago: int, quantity: int = 2) -> tuple[Placed, int]:
    """An order that has arrived, of whose line one piece is to come back since so many days; that line."""
    order = await paid(world, await world.product(stock={"LIS": 9}), quantity=quantity)
    await arrived(order)
    (line,) = await line_ids(order)
    await ask(order.id, {line: 1}, MIND, "")
    with frozen(now() - timedelta(days=days_ago)):
        await approve(order.id, 1, ACTOR)
    return order, line


async def test_what_was_agreed_and_does_not_come_is_closed_once_and_may_be_asked_for_again(world: World) -> None:
    order, line = await agreed(world, days_ago=31)
    other, _ = await agreed(world, days_ago=30)
    assert (await returns_of(other.id))[0].closes_on == today(), "until its end"
    assert sum(await asyncio.gather(*(close_overdue() for _ in range(3)))) == 1
    assert await close_overdue() == 0
    (late, due) = await fetch("SELECT state, answer FROM order_return ORDER BY id")
    assert (late["state"], due["state"]) == ("closed", "approved")
    assert late["answer"] == "It has not arrived within 30 days."
    assert [kind for kind, _ in await told(order)].count("return_closed") == 1
    assert await returned_pieces() == [0, 1]
    with frozen(now() + timedelta(days=15, hours=1)), pytest.raises(CannotReturn, match="more than 14 days"):
        await ask(order.id, {line: 2}, MIND, "")
    assert await ask(order.id, {line: 2}, MIND, "") == 2


async def test_what_was_closed_and_came_after_all_is_refunded_unless_it_goes_back_otherwise(world: World) -> None:
    order, line = await agreed(world, days_ago=31)
    await close_overdue()
    await ask(order.id, {line: 2}, MIND, "")
    with pytest.raises(CannotReturn, match="with another return"):
        await receive(order.id, 1, ACTOR, ())
    await refuse(order.id, 2, ACTOR, "Two things at once")
    done = await asyncio.gather(*(receive(order.id, 1, ACTOR, (line,)) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(each, MoveRefused) for each in done) == 2
    assert (await returned_pieces(), len(await fetch("SELECT FROM credit_note"))) == ([1], 1)
    assert await invariants.broken() == []


async def test_of_closing_and_receiving_at_once_the_money_goes_back_once(world: World) -> None:
    order, line = await agreed(world, days_ago=40, quantity=1)
    await asyncio.gather(close_overdue(), receive(order.id, 1, ACTOR, (line,)), close_overdue())
    assert (await returned_pieces(), await state_of(order.id)) == ([1], "returned")
    assert len(await fetch("SELECT FROM credit_note")) == 1
