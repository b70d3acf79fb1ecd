"""Money goes back once per key, and never more of it than came."""

import asyncio

import asyncpg
import pytest

from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.settling import settle
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.payments.provider import Outcome, Verdict
from app.payments.requests import claim_due, request_by_key, requests_of
from app.payments.wanted import KeyReused, MoneyRefused, capture, refund
from tests.checkout.paying import begun
from tests.orders.wanting import ledger_of, pending, state_of
from tests.payments.charged import PAID, events, paid_order
from tests.world import World


async def test_part_of_the_money_goes_back_once(world: World) -> None:
    order = await paid_order(world)
    for _ in range(3):
        asked = await refund(order, 1000, "return-1", "a return")
        assert (asked.released_minor, asked.returned_minor) == (0, 1000)
        await carry_out()
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]
    assert await state_of(order) == "paid"
    request = await request_by_key("return-1")
    assert request and request.state == "done"
    told = await events("refunded")
    assert len(told) == 1
    assert '"amount_minor": 1000' in told[0] and f'"refund": {request.id}' in told[0]
    sandbox = await fetch_one("SELECT refunded_minor FROM sandbox_payment")
    assert sandbox and sandbox["refunded_minor"] == 1000


@pytest.mark.parametrize(("wanted_for", "waits"), [("0 s", 20), ("20 minutes", 300), ("3 days", 3600)])
async def test_what_was_not_answered_is_sent_again_after_a_quarter_of_its_time(
    world: World, wanted_for: str, waits: int
) -> None:
    await refund(await paid_order(world), 1000, "r", "")
    await execute("UPDATE money_request SET asked_at = now() - $1::text::interval, tries = 6", wanted_for)
    (request,) = await claim_due(10)
    assert (request.next_at - now()).total_seconds() == pytest.approx(waits, abs=5)


async def test_never_more_goes_back_than_came(world: World) -> None:
    order = await paid_order(world)
    await refund(order, PAID - 80, "first", "")
    for amount in (81, PAID, 10**15):
        with pytest.raises(MoneyRefused):
            await refund(order, amount, f"more-{amount}", "")
    for amount in (0, -5):
        with pytest.raises(ValueError, match="at least one cent"):
            await refund(order, amount, "nothing", "")
    await refund(order, 80, "rest", "")
    await carry_out()
    assert sum(amount for _, amount in await ledger_of(order)) == 0


async def test_many_at_the_same_time_get_no_more_than_came(world: World) -> None:
    order = await paid_order(world)

    async def one(number: int) -> bool:
        try:
            await refund(order, 1000, f"return-{number}", "all at once")
            return True
        except MoneyRefused:
            return False

    assert sum(await asyncio.gather(*(one(number) for number in range(12)))) == PAID // 1000
    await asyncio.gather(carry_out(), carry_out(), carry_out())
    assert await ledger_of(order) == [("capture", PAID)] + [("refund", -1000)] * (PAID // 1000)


async def test_the_same_key_at_the_same_time_is_one_refund(world: World) -> None:
    order = await paid_order(world)
    await asyncio.gather(*(refund(order, 1000, "double click", "") for _ in range(8)))
    assert len(await requests_of(order)) == 1
    for other_order, amount in ((order, 999), (await paid_order(world), 1000)):
        with pytest.raises(KeyReused):
            await refund(other_order, amount, "double click", "")


async def test_the_database_itself_refuses_more(world: World) -> None:
    await paid_order(world)
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("UPDATE payment_attempt SET returned_minor = amount_minor + 1")
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("UPDATE payment_attempt SET captured_minor = authorised_minor + 1")


async def test_the_ledger_is_never_changed(world: World) -> None:
    await paid_order(world)
    for change in ("UPDATE ledger_entry SET amount_minor = 1", "DELETE FROM ledger_entry"):
        with pytest.raises(asyncpg.RestrictViolationError, match="never changed"):
            await execute(change)


async def test_what_the_caller_takes_back_is_not_asked_for(world: World) -> None:
    order = await paid_order(world)

    async def cancel_and_fail() -> None:
        async with transaction():
            await refund(order, 1000, "cancelled", "")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await cancel_and_fail()
    assert await carry_out() == 0
    assert await requests_of(order) == []
    assert (await refund(order, PAID, "all", "")).returned_minor == PAID


async def test_an_unpaid_order_has_nothing_to_give_back(world: World) -> None:
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    for _ in range(2):
        with pytest.raises(MoneyRefused):
            await refund(order.id, 1, "x", "")
        with pytest.raises(MoneyRefused):
            await capture(order.id, 1, "y")
        await settle(attempt.id, Outcome(Verdict.FAILED, ""))


async def test_a_cancelled_order_is_refunded_when_all_of_its_money_is_back(world: World) -> None:
    order = await paid_order(world)
    await refund(order, 5000, "one", "")
    await execute("UPDATE shop_order SET state = 'cancelled' WHERE id = $1", order)
    await carry_out()
    assert await state_of(order) == "cancelled"
    await refund(order, 280, "two", "")
    await carry_out()
    assert await state_of(order) == "refunded"


async def test_answers_in_any_order_settle_once(world: World) -> None:
    order = await paid_order(world)
    await refund(order, 1000, "r", "")
    request = (await requests_of(order))[0]
    done, waits = Outcome(Verdict.SUCCEEDED, "re_1"), Outcome(Verdict.PENDING, "re_1")
    await settle_request(request.id, waits)
    await asyncio.gather(*(settle_request(request.id, done) for _ in range(5)))
    await settle_request(request.id, waits)
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]
    assert len(await events("refunded")) == 1


async def test_a_refund_that_comes_back_from_the_bank_is_written_and_can_be_asked_for_again(world: World) -> None:
    order = await paid_order(world)
    await refund(order, PAID, "r", "")
    request = (await requests_of(order))[0]
    await settle_request(request.id, Outcome(Verdict.SUCCEEDED, "re_1"))
    for _ in range(2):
        await settle_request(request.id, Outcome(Verdict.FAILED, "re_1", failure="account closed"))
        await settle_request(request.id, Outcome(Verdict.SUCCEEDED, "re_1"))
    assert await ledger_of(order) == [("capture", PAID), ("refund", -PAID), ("refund_returned", PAID)]
    assert len(await events("refund_failed")) == 1
    assert (await refund(order, PAID, "r again", "")).returned_minor == PAID
