import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.database import execute, fetch
from app.orders.states import ALLOWED, PARCEL_ALLOWED, STAGES, MoveRefused, move, move_parcel, stage_of
from app.orders.tables import OrderState, ParcelState
from tests.orders.sending import parcel_states
from tests.orders.wanting import pending, state_of
from tests.world import World

ORDER_MOVES = [(before, after) for before in OrderState for after in OrderState]
PARCEL_MOVES = [(before, after) for before in ParcelState for after in ParcelState]


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(ALLOWED) == set(OrderState)
    assert set(PARCEL_ALLOWED) == set(ParcelState)


async def test_a_move_is_written_into_the_history(world: World) -> None:
    order = await pending(world, await world.product())
    assert await move(order.id, OrderState.PAID, "provider") == OrderState.PENDING
    rows = await fetch("SELECT from_state, to_state, actor FROM order_move ORDER BY id")
    assert [tuple(row) for row in rows] == [(None, "pending", "shopper"), ("pending", "paid", "provider")]
    assert await fetch("SELECT FROM shop_order WHERE paid_at IS NOT NULL")


async def test_an_order_makes_the_moves_of_the_table_and_no_others(world: World) -> None:
    order = await pending(world, await world.product())
    for before, after in ORDER_MOVES:
        await execute("UPDATE shop_order SET state = $1", before)
        await execute("DELETE FROM order_move")
        if after in ALLOWED[before]:
            assert await move(order.id, after, "test") == before
            assert await state_of(order.id) == after
        else:
            with pytest.raises(MoveRefused):
                await move(order.id, after, "test")
            assert await state_of(order.id) == before
            assert await fetch("SELECT FROM order_move") == []


async def test_a_parcel_makes_the_moves_of_the_table_and_no_others(world: World) -> None:
    order = await pending(world, await world.product())
    (parcel,) = await fetch("SELECT id FROM parcel")
    for before, after in PARCEL_MOVES:
        await execute("UPDATE parcel SET state = $1", before)
        await execute("DELETE FROM parcel_move")
        if after in PARCEL_ALLOWED[before]:
            assert await move_parcel(parcel["id"], after, "test") == before
            assert await parcel_states(order) == [after]
        else:
            with pytest.raises(MoveRefused):
                await move_parcel(parcel["id"], after, "test")
            assert await parcel_states(order) == [before]
            assert await fetch("SELECT FROM parcel_move") == []


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


@given(st.lists(st.sampled_from(ParcelState), min_size=1, max_size=6))
def test_an_order_is_as_far_as_the_parcel_that_is_behind(parcels: list[ParcelState]) -> None:
    stage = stage_of(parcels)
    going = [parcel for parcel in parcels if parcel != ParcelState.CANCELLED]
    if not going:
        assert stage == OrderState.CANCELLED
        return
    path = [needed for _, needed in STAGES]
    reached = path.index(dict(STAGES)[stage])
    assert min(path.index(parcel) for parcel in going) == reached
    assert all(path.index(parcel) >= reached for parcel in going)
