import asyncio
from dataclasses import replace

import pytest

from app.accounts.owners import Owner
from app.checkout.carrying_out import carry_out
from app.checkout.expiring import expire_unpaid
from app.checkout.paying import NotPayable, payment_page
from app.checkout.reconciling import ask_about, reconcile
from app.checkout.settling import settle
from app.discounts.giving import Discount, NotGiven, Shopper, look, take
from app.infra.database import execute, fetch, transaction
from app.inventory.reservations import expire
from app.orders.placing import place
from app.payments.attempts import Attempt, attempts_of
from app.payments.sandbox_payments import answer_challenge
from tests.checkout.paying import ASKS, BAD, GOOD, asked_about, begun, failed, present, succeeded
from tests.discounts.codes import code
from tests.orders.wanting import guest, hold_ended, ledger_of, pending, state_of, stock_of, wanted
from tests.world import World


async def test_a_payment_pays_the_order_and_sells_the_goods_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await pending(world, lamp, quantity=2)
    attempt = await begun(order.id)
    await asyncio.gather(*(settle(attempt.id, succeeded(attempt)) for _ in range(6)))
    await settle(attempt.id, failed(attempt))  # late and out of order
    assert await state_of(order.id) == "paid"
    assert await stock_of(lamp) == (3, 0)
    assert await ledger_of(order.id) == [("capture", 10170)]
    assert (await attempts_of(order.id))[0].method == "Visa ending 4242"


async def test_declined_then_tried_again_is_paid_once(world: World) -> None:
    lamp = await world.product()
    order = await pending(world, lamp)
    first = await begun(order.id)
    assert await present(first, BAD) == "declined"
    await ask_about(order.id)
    assert await state_of(order.id) == "pending"
    assert await stock_of(lamp) == (5, 1)
    second = await begun(order.id)
    assert second.id != first.id
    assert await present(second, GOOD) == "approved"
    assert await present(second, BAD) == "approved"  # what is decided stays decided
    await ask_about(order.id)
    assert await state_of(order.id) == "paid"
    assert await ledger_of(order.id) == [("capture", 5280)]
    with pytest.raises(NotPayable):
        await payment_page(order.id)


async def test_going_to_pay_twice_leads_to_the_same_page(world: World) -> None:
    order = await pending(world, await world.product())
    pages = await asyncio.gather(*(payment_page(order.id) for _ in range(5)))
    assert len(set(pages)) == 1
    assert len(await attempts_of(order.id)) == 1


async def test_a_challenge_is_undecided_until_it_is_answered(world: World) -> None:
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    assert await present(attempt, ASKS) == "challenge"
    await ask_about(order.id)
    assert (await attempts_of(order.id))[0].is_open


async def test_money_that_comes_after_the_hold_buys_what_is_still_there(world: World) -> None:
    lamp = await world.product(stock={"LIS": 1})
    order = await pending(world, lamp)
    attempt = await begun(order.id)
    await hold_ended(order.id)
    assert await expire_unpaid() == 1
    assert await state_of(order.id) == "expired"
    assert await stock_of(lamp) == (1, 0)
    await settle(attempt.id, succeeded(attempt))
    assert await state_of(order.id) == "paid"
    assert await stock_of(lamp) == (0, 0)
    assert await ledger_of(order.id) == [("capture", 5280)]


@pytest.mark.parametrize("swept", [True, False])
async def test_money_that_comes_too_late_goes_back_by_itself(world: World, swept: bool) -> None:
    lamp, mug = await world.product(stock={"LIS": 1}), await world.product("Mug", stock={"LIS": 3})
    order = await pending(world, lamp, mug)
    attempt = await begun(order.id)
    assert await present(attempt, ASKS) == "challenge"
    await hold_ended(order.id)
    await (expire_unpaid() if swept else expire())
    await pending(world, lamp, owner=guest("faster"))
    assert await answer_challenge(attempt.provider_reference or "", approved=True) == "approved"
    await ask_about(order.id)
    await settle(attempt.id, succeeded(attempt))
    assert await state_of(order.id) == "expired"
    assert [await stock_of(each) for each in (lamp, mug)] == [(1, 1), (3, 0)]
    assert await carry_out() == 1
    assert await carry_out() == 0
    assert await state_of(order.id) == "refunded"
    assert await ledger_of(order.id) == [("capture", 10170), ("refund", -10170)]
    assert (await attempts_of(order.id))[0].state == "refunded"


async def test_a_second_payment_of_an_order_goes_back_and_the_order_stays_paid(world: World) -> None:
    order = await pending(world, await world.product())
    first = await begun(order.id)
    await settle(first.id, failed(first))
    second = await begun(order.id)
    await settle(first.id, succeeded(first))  # the provider has changed its mind
    await present(second, GOOD)
    await ask_about(order.id)
    assert await state_of(order.id) == "paid"
    await execute(
        "UPDATE sandbox_payment SET state = 'approved', captured_minor = amount_minor WHERE reference = $1",
        first.provider_reference,
    )
    await carry_out()
    assert await state_of(order.id) == "paid"
    assert await ledger_of(order.id) == [("capture", 5280), ("capture", 5280), ("refund", -5280)]


async def test_an_unpaid_order_expires_and_gives_its_stock_back(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    late, fresh = await pending(world, lamp), await pending(world, lamp, owner=guest("fresh"))
    await hold_ended(late.id)
    assert await expire_unpaid() == 1
    assert await expire_unpaid() == 0
    assert [await state_of(late.id), await state_of(fresh.id)] == ["expired", "pending"]
    assert await stock_of(lamp) == (5, 1)
    assert (await attempts_of(late.id))[0].state == "failed"
    with pytest.raises(NotPayable):
        await payment_page(late.id)


async def test_nobody_pays_on_the_page_of_an_order_that_is_over(world: World) -> None:
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    await hold_ended(order.id)
    assert await expire_unpaid() == 1
    assert await present(attempt, GOOD) == "declined"
    assert await ledger_of(order.id) == []


async def test_the_sweeper_asks_before_it_expires_an_order(world: World) -> None:
    order = await pending(world, await world.product())
    assert await present(await begun(order.id), GOOD) == "approved"
    await hold_ended(order.id)
    assert await expire_unpaid() == 0
    assert await state_of(order.id) == "paid"


async def test_a_word_that_was_lost_is_asked_for(world: World) -> None:
    orders = [await pending(world, await world.product(), owner=guest(str(number))) for number in range(3)]
    for order in orders:
        await present(await begun(order.id), GOOD)
    assert await reconcile() == 0  # too fresh
    assert await asked_about() == 3
    assert [await state_of(order.id) for order in orders] == ["paid"] * 3
    rows = await fetch("SELECT payload FROM outbox WHERE topic = 'orders' AND payload ->> 'kind' = 'paid'")
    assert len(rows) == 3


async def late_order_with_a_code(world: World, owner: Owner, name: str = "SUMMER") -> tuple[int, Attempt, Discount]:
    """An order with a code for one, its goods still there, that expired while its shopper was at the bank."""
    await code(name, most_uses=1)
    lamp = await world.product(stock={"LIS": 5})
    found = await look(name, Shopper(None, "marta@feira.example"), 4890)
    form = await wanted(world, lamp, owner=owner)
    line = replace(form.parcels[0].lines[0], discount_minor=500)
    order = await place(replace(form, discount=found, parcels=(replace(form.parcels[0], lines=(line,)),)))
    attempt = await begun(order.id)
    assert await present(attempt, ASKS) == "challenge"
    await hold_ended(order.id)
    assert await expire_unpaid() == 1
    return order.id, attempt, found


async def test_an_order_that_is_paid_late_uses_its_code_again(world: World) -> None:
    order, attempt, found = await late_order_with_a_code(world, guest("late"))
    await settle(attempt.id, succeeded(attempt))
    assert await state_of(order) == "paid"
    with pytest.raises(NotGiven, match="used up"):
        await look(found.code, Shopper(None, "rita@feira.example"), 4890)


async def test_of_a_late_payment_and_others_at_once_a_code_for_one_is_given_to_one(world: World) -> None:
    for round_ in range(4):
        order, attempt, found = await late_order_with_a_code(world, guest(f"late {round_}"), f"SUMMER{round_}")

        async def taken(by: int, found: Discount = found) -> None:
            async with transaction():
                await take(found, by, Shopper(None, f"{by}@feira.example"), 4890, 500)

        acts = [settle(attempt.id, succeeded(attempt)), *(taken(4711 + 10 * round_ + by) for by in range(4))]
        done = await asyncio.gather(*(acts if round_ % 2 else acts[::-1]), return_exceptions=True)
        is_paid = await state_of(order) == "paid"
        assert sum(each is None for each in done) - 1 + is_paid == 1, done  # of a payment nobody is told so
        (row,) = await fetch(
            """SELECT c.used, count(*) FILTER (WHERE u.given_back_at IS NULL) AS uses FROM discount_code c
               JOIN discount_use u ON u.discount = c.id WHERE c.id = $1 GROUP BY c.id""",
            found.id,
        )
        assert tuple(row) == (1, 1)


async def test_an_order_that_is_paid_when_others_have_its_code_is_not_paid_and_its_money_goes_back(
    world: World,
) -> None:
    order, attempt, found = await late_order_with_a_code(world, guest("late"))
    async with transaction():
        await take(found, 4711, Shopper(None, "rita@feira.example"), 4890, 500)
    assert await answer_challenge(attempt.provider_reference or "", approved=True) == "approved"
    await ask_about(order)
    assert await carry_out() == 1
    assert await state_of(order) == "refunded"
    assert await ledger_of(order) == [("capture", 4780), ("refund", -4780)]
    assert await fetch("SELECT FROM discount_code WHERE used = 1")
