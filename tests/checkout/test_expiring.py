"""What goes wrong with one order, or with a provider, holds no other order's goods."""

import asyncio
from typing import Any

import httpx
import pytest

from app.checkout import expiring, reconciling
from app.checkout.expiring import expire_unpaid
from app.checkout.paying import payment_page
from app.checkout.reconciling import reconcile
from app.checkout.settling import settle
from app.infra.database import execute, fetch
from app.payments import sandbox, silence
from app.payments.attempts import attempts_of
from app.payments.provider import Charge, Outcome, ProviderUnavailable, Started
from tests.checkout.paying import GOOD, asked_about, begun, present, succeeded
from tests.orders.wanting import guest, hold_ended, pending, state_of, stock_of
from tests.world import World


async def two_paid_at_the_provider(world: World) -> list[int]:
    """Two orders whose money came in without a word; of the first another amount than was asked for."""
    lamp = await world.product(stock={"LIS": 2})
    orders = [(await pending(world, lamp, owner=guest(str(number)))).id for number in range(2)]
    for order in orders:
        await present(await begun(order), GOOD)
    await execute(
        """UPDATE sandbox_payment p SET amount_minor = 1, captured_minor = 1 FROM payment_attempt a
           WHERE a.provider_reference = p.reference AND a."order" = $1""",
        orders[0],
    )
    return orders


async def test_a_page_that_opens_when_the_time_to_pay_is_over_is_shown_to_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would ask what became of it: the attempt is over."""
    order = (await pending(world, await world.product())).id
    start = sandbox.Sandbox.start

    async def slowly(self: sandbox.Sandbox, charge: Charge) -> Started:
        started = await start(self, charge)
        await hold_ended(order)
        await expire_unpaid()
        return started

    monkeypatch.setattr(sandbox.Sandbox, "start", slowly)
    assert (await payment_page(order)).startswith("/checkout/return/")
    [attempt] = await attempts_of(order)
    assert (attempt.state, await state_of(order)) == ("failed", "expired")
    assert await present(attempt, GOOD) == "declined", "the page is closed"


async def test_a_payment_of_another_amount_does_not_keep_others_from_being_asked_about(world: World) -> None:
    orders = await two_paid_at_the_provider(world)
    assert await asked_about() == 2
    assert [await state_of(order) for order in orders] == ["pending", "paid"]
    assert len(await fetch("SELECT FROM payment_attempt WHERE checking_since IS NOT NULL")) == 1  # operators see it


async def test_a_payment_of_another_amount_does_not_keep_orders_from_expiring(world: World) -> None:
    orders = await two_paid_at_the_provider(world)
    for order in orders:
        await hold_ended(order)
    assert await expire_unpaid() == 1
    assert [await state_of(order) for order in orders] == ["expired", "paid"]


async def test_a_turn_that_was_cut_short_is_gone_on_with_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "AT_ONCE", 1)
    lamp = await world.product()
    attempts = [await begun((await pending(world, lamp, owner=guest(str(number)))).id) for number in range(3)]
    status, asked = sandbox.Sandbox.status, list[str]()

    async def hanging(self: sandbox.Sandbox, reference: str) -> Outcome:
        asked.append(reference)
        return await (status(self, reference) if len(asked) > 1 else asyncio.Future())

    monkeypatch.setattr(sandbox.Sandbox, "status", hanging)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asked_about(), 0.2)
    assert sum(await asyncio.gather(reconcile(), reconcile())) == 2, "two workers ask about each once"
    assert sorted(asked) == sorted(attempt.provider_reference or "" for attempt in attempts)


async def test_what_no_provider_knows_waits_for_a_person_after_days_and_many_tries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "TRIES", 3)
    lamp = await world.product()
    forgotten, gone, young = [
        await begun((await pending(world, lamp, owner=guest(str(number)))).id) for number in range(3)
    ]
    await execute(
        "DELETE FROM sandbox_payment WHERE reference = ANY($1)", [a.provider_reference for a in (forgotten, young)]
    )
    await execute("UPDATE payment_attempt SET provider = 'bygone' WHERE id = $1", gone.id)
    for attempt, age in ((forgotten, "4 days"), (gone, "4 days"), (young, "5 minutes")):
        await execute(f"UPDATE payment_attempt SET created_at = now() - interval '{age}' WHERE id = $1", attempt.id)
    assert [await asked_about() for _ in range(5)] == [3, 3, 3, 1, 1]
    rows = await fetch("SELECT silence FROM payment_attempt WHERE given_up_at IS NOT NULL ORDER BY id")
    assert [row["silence"] for row in rows] == [
        f"no payment {forgotten.provider_reference}",
        "There is no payment provider bygone.",
    ]
    for order in (forgotten.order, gone.order):
        await hold_ended(order)
    assert await expire_unpaid() == 2, "their goods are not held for it"
    await asked_about()
    await settle(forgotten.id, succeeded(forgotten))
    assert await state_of(forgotten.order) == "paid", "money that comes in all the same is taken over"


async def test_who_comes_back_from_a_payment_of_another_amount_sees_the_order(
    client: httpx.AsyncClient, world: World
) -> None:
    orders = await two_paid_at_the_provider(world)
    rows = await fetch("SELECT number FROM shop_order WHERE id = $1", orders[0])
    number = rows[0]["number"]
    await execute("UPDATE shop_order SET account = NULL, visitor = NULL")
    from app.orders.links import key_of

    await client.get(f"/orders/{number}?key={key_of(number)}")
    for answer in (await client.get(f"/checkout/return/{number}"), await client.post(f"/orders/{number}/payments")):
        assert answer.status_code == 200
        assert answer.url.path == f"/orders/{number}"


@pytest.mark.parametrize("answers", [True, False])
async def test_a_slow_provider_holds_no_goods_beyond_their_time(
    world: World, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    lamp = await world.product(stock={"LIS": 9})
    for number in range(9):
        order = await pending(world, lamp, owner=guest(str(number)))
        await begun(order.id)
        await hold_ended(order.id)
    status = sandbox.Sandbox.status
    asked = 0

    async def slow(self: sandbox.Sandbox, reference: str) -> Outcome:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.2)
        if not answers:
            raise ProviderUnavailable("no answer")
        return await status(self, reference)

    monkeypatch.setattr(sandbox.Sandbox, "status", slow)
    monkeypatch.setattr(expiring, "PATIENCE_SECONDS", 0.05)
    found: list[Any] = [await expire_unpaid(), asked < 9, await stock_of(lamp)]
    assert found == [9, True, (9, 0)]
