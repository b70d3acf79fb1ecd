"""What is only held is captured as parcels leave, and let go where they do not."""

import asyncio

import pytest

from app.checkout.carrying_out import carry_out, settle_request
from app.infra.database import execute
from app.payments.provider import Outcome, Verdict
from app.payments.requests import requests_of
from app.payments.wanted import MoneyRefused, capture, refund
from tests.orders.wanting import ledger_of, state_of
from tests.payments.charged import PAID, events, held_order, paid_order, state_and_sums
from tests.world import World


async def test_money_is_captured_in_parts_as_parcels_leave(world: World) -> None:
    order = await held_order(world)
    assert await ledger_of(order) == []
    for _ in range(2):
        assert await capture(order, 2000, "parcel-1") == 2000
        await carry_out()
    with pytest.raises(MoneyRefused):
        await capture(order, PAID, "too much")
    assert (await state_and_sums(order))[0] == "authorised"
    await capture(order, PAID - 2000, "parcel-2")
    await carry_out()
    assert await ledger_of(order) == [("capture", 2000), ("capture", PAID - 2000)]
    assert await state_and_sums(order) == ("succeeded", PAID, 0, 0)


async def test_captures_at_the_same_time_never_exceed_what_is_held(world: World) -> None:
    order = await held_order(world)

    async def one(number: int) -> int:
        try:
            return await capture(order, 2000, f"parcel-{number}")
        except MoneyRefused:
            return 0

    assert sum(await asyncio.gather(*(one(number) for number in range(6)))) == 4000


async def test_what_is_not_sent_is_let_go_and_what_was_sent_is_refunded(world: World) -> None:
    order = await held_order(world)
    await capture(order, 2000, "parcel-1")
    cancelled = await refund(order, 3000, "cancelled", "parcel 2 was cancelled")
    assert (cancelled.released_minor, cancelled.returned_minor) == (3000, 0)
    returned = await refund(order, 2000, "returned", "parcel 1 came back", shipped=True)
    assert (returned.released_minor, returned.returned_minor) == (0, 2000)
    both = await refund(order, 280, "rest", "")
    assert (both.released_minor, both.returned_minor) == (280, 0)
    assert await refund(order, 3000, "cancelled", "") == cancelled
    while await carry_out():
        pass
    assert await ledger_of(order) == [("capture", 2000), ("refund", -2000)]
    assert await state_and_sums(order) == ("succeeded", 2000, 3280, 2000)


async def test_an_order_that_is_cancelled_before_anything_left_costs_nothing(world: World) -> None:
    order = await held_order(world)
    await execute("UPDATE shop_order SET state = 'cancelled' WHERE id = $1", order)
    assert (await refund(order, PAID, "all", "")).released_minor == PAID
    await carry_out()
    assert await ledger_of(order) == []
    assert await state_and_sums(order) == ("released", 0, PAID, 0)
    assert await state_of(order) == "refunded"
    assert await events("refunded") == []


async def test_a_provider_that_captures_once_takes_everything_with_the_first_parcel(world: World) -> None:
    order = await held_order(world)
    await execute("UPDATE payment_attempt SET takes_parts = false")
    assert await capture(order, 2000, "parcel-1") == PAID
    assert await capture(order, PAID - 2000, "parcel-2") == 0
    await carry_out()
    assert await ledger_of(order) == [("capture", PAID)]


async def test_a_capture_of_what_was_charged_at_the_order_takes_nothing(world: World) -> None:
    order = await paid_order(world)
    assert await capture(order, 2000, "parcel-1") == 0
    assert await requests_of(order) == []


async def test_a_capture_that_fails_takes_the_refunds_that_waited_for_it_along(world: World) -> None:
    order = await held_order(world)
    await capture(order, PAID, "parcel-1")
    await refund(order, 1000, "kept waiting", "", shipped=True)
    taking, waiting = await requests_of(order)
    await settle_request(taking.id, Outcome(Verdict.FAILED, "", failure="The authorisation has expired."))
    assert [request.state for request in await requests_of(order)] == ["failed", "failed"]
    assert await state_and_sums(order) == ("authorised", 0, 0, 0)
    assert waiting.is_open
    assert len(await events("capture_failed")) == 1
