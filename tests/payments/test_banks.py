"""What banks do by themselves: chargebacks, and holds that they let go of."""

import pytest

from app.checkout import auditing
from app.checkout.by_hand import NotPossible, ask_again
from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.settling import note_chargeback, settle
from app.infra.database import transaction
from app.payments.attempts import attempts_of
from app.payments.provider import Outcome, Verdict
from app.payments.requests import requests_of
from app.payments.wanted import MoneyRefused, Refund, capture, refund
from tests.orders.wanting import ledger_of
from tests.payments.charged import PAID, held_order, paid_order, state_and_sums
from tests.world import World


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
        lost = {each.row["order"]: each.row["lost_minor"] for each in await auditing.waiting()}
        assert lost[order] == PAID - first
        with pytest.raises(MoneyRefused):
            await capture(order, PAID - first, f"parcel-2 {order}")
        for _ in range(2):
            assert await refund(order, PAID - first, f"cancelled {order}", "") == Refund(0, 0, 0, PAID - first)


async def test_what_was_on_its_way_when_a_hold_was_lost_comes_or_is_lost_with_it(world: World) -> None:
    for outcome, state in ((Outcome(Verdict.SUCCEEDED, ""), "succeeded"), (Outcome(Verdict.FAILED, ""), "released")):
        order = await held_order(world)
        await capture(order, 2000, f"parcel-1 {order}")
        attempt = (await attempts_of(order))[0]
        await settle(attempt.id, Outcome(Verdict.FAILED, attempt.provider_reference or "", failure="let go"))
        (request,) = await requests_of(order)
        for _ in range(2):
            await settle_request(request.id, outcome)
        assert (await state_and_sums(order))[0] == state
        assert await auditing.broken() == []
        back = await refund(order, PAID, f"cancelled {order}", "")
        assert back.returned_minor == (2000 if state == "succeeded" else 0)
        assert back.lost_minor == PAID - back.returned_minor
