"""Money goes back once per key, and never more of it than came."""

import asyncio

import asyncpg
import pytest

from app.checkout import auditing
from app.checkout.by_hand import NotPossible, ask_again
from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.settling import note_chargeback, settle
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.payments.attempts import attempts_of
from app.payments.provider import Outcome, Verdict
from app.payments.requests import (
    KeyReused,
    MoneyRefused,
    Refund,
    capture,
    claim_due,
    refund,
    request_by_key,
    requests_of,
)
from tests.checkout.paying import begun, captured, held
from tests.orders.wanting import ledger_of, pending, state_of
from tests.world import World

PAID = 5280  # one lamp and its delivery


async def paid_order(world: World) -> int:
    order = await pending(world, await world.product())
    await captured(await begun(order.id))
    return order.id


async def held_order(world: World) -> int:
    order = await pending(world, await world.product())
    await held(await begun(order.id))
    return order.id


async def events(kind: str) -> list[str]:
    rows = await fetch("SELECT payload::text FROM outbox WHERE topic = 'orders' AND payload ->> 'kind' = $1", kind)
    return [row["payload"] for row in rows]


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


async def state_and_sums(order: int) -> tuple[str, int, int, int]:
    row = await fetch_one(
        """SELECT state, captured_minor, released_minor, returned_minor FROM payment_attempt WHERE "order" = $1""",
        order,
    )
    assert row
    return row["state"], row["captured_minor"], row["released_minor"], row["returned_minor"]


async def charged_back(order: int, amount_minor: int = PAID, *, returned: bool = False) -> None:
    async with transaction():
        await note_chargeback((await attempts_of(order))[0].id, "dp_1", amount_minor, returned=returned)


async def test_what_a_bank_has_taken_back_is_not_sent_once_more(world: World) -> None:
    order = await paid_order(world)
    await charged_back(order)
    for _ in range(2):
        assert await refund(order, 1000, "return-1", "a return") == Refund(0, 0, 1000)
    assert await carry_out() == 0
    assert await ledger_of(order) == [("capture", PAID), ("chargeback", -PAID)]
    (withheld,) = await requests_of(order)
    assert (withheld.state, withheld.amount_minor) == ("failed", 1000)
    with pytest.raises(NotPossible):
        await ask_again(withheld.id)
    await charged_back(order, returned=True)  # the bank has decided for us: now the return is owed
    await ask_again(withheld.id)
    await carry_out()
    assert (await ledger_of(order))[-1] == ("refund", -1000)


async def test_only_what_a_bank_has_left_goes_back(world: World) -> None:
    order = await paid_order(world)
    await charged_back(order, 4000)
    assert await refund(order, 2000, "return-1", "a return") == Refund(0, 1280, 720)
    with pytest.raises(MoneyRefused):
        await refund(order, PAID, "return-2", "more than was paid")
    await carry_out()
    assert await ledger_of(order) == [("capture", PAID), ("chargeback", -4000), ("refund", -1280)]
    assert await auditing.broken() == []


async def test_goods_whose_hold_was_lost_do_not_leave_and_can_be_cancelled(world: World) -> None:
    for first in (0, 2000):
        order = await held_order(world)
        if first:
            await capture(order, first, f"parcel-1 {order}")
            await carry_out()
        attempt = (await attempts_of(order))[0]
        await settle(attempt.id, Outcome(Verdict.FAILED, attempt.provider_reference or "", failure="let go"))
        assert await auditing.broken() == []
        assert (await auditing.waiting())[-1].row["lost_minor"] == PAID - first
        with pytest.raises(MoneyRefused):
            await capture(order, PAID - first, f"parcel-2 {order}")
        for _ in range(2):
            assert await refund(order, PAID - first, f"cancelled {order}", "") == Refund(0, 0, 0, PAID - first)
