import asyncio

import pytest

from app.infra.database import fetch
from app.orders.states import ALLOWED, MoveRefused, move
from app.orders.tables import OrderState
from tests.orders.wanting import pending, state_of
from tests.world import World


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(ALLOWED) == set(OrderState)


async def test_a_move_is_written_into_the_history(world: World) -> None:
    order = await pending(world, await world.product())
    assert await move(order.id, OrderState.PAID, "provider") == OrderState.PENDING
    rows = await fetch("SELECT from_state, to_state, actor FROM order_move ORDER BY id")
    assert [tuple(row) for row in rows] == [(None, "pending", "shopper"), ("pending", "paid", "provider")]
    assert await fetch("SELECT FROM shop_order WHERE paid_at IS NOT NULL")


async def test_what_the_table_does_not_allow_does_not_happen(world: World) -> None:
    order = await pending(world, await world.product())
    with pytest.raises(MoveRefused):
        await move(order.id, OrderState.SHIPPED, "operator")
    assert await state_of(order.id) == "pending"


async def test_of_two_moves_at_once_one_wins(world: World) -> None:
    order = await pending(world, await world.product())
    done = await asyncio.gather(
        move(order.id, OrderState.PAID, "provider"),
        move(order.id, OrderState.PAID, "provider"),
        move(order.id, OrderState.CANCELLED, "shopper"),
        return_exceptions=True,
    )
    # paid may still be cancelled afterwards, but nothing is paid twice
    assert sum(isinstance(each, MoveRefused) for each in done) in (1, 2)
    assert len(await fetch("SELECT FROM order_move WHERE to_state = 'paid'")) <= 1
