"""What its provider does not carry out an operator closes by hand, with a reason; the books stay right."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import msgspec
import pytest

from app.checkout import auditing, by_hand, payment_desk
from app.checkout.balancing import balance_all
from app.checkout.by_hand import NotPossible, ask_again, close
from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.settling import note_chargeback, settle
from app.events.event import Event
from app.infra.database import execute, fetch, transaction
from app.notifications.orders import COMPOSERS
from app.payments import sandbox_faults
from app.payments.attempts import attempts_of
from app.payments.provider import Outcome, Verdict
from app.payments.requests import Request, requests_of
from app.payments.wanted import Refund, capture, refund
from tests.accounts.people import person
from tests.orders.wanting import ledger_of, state_of
from tests.payments.charged import PAID, held_order, paid_order
from tests.world import World

DONE, FAILED = Outcome(Verdict.SUCCEEDED, "re_1"), Outcome(Verdict.FAILED, "", failure="account closed")


async def left(order: int) -> None:
    """All of its parcels are with the carrier."""
    await execute("UPDATE parcel SET state = 'shipped' WHERE \"order\" = $1", order)
    await execute("UPDATE shop_order SET state = 'shipped' WHERE id = $1", order)


async def untaken(order: int, kind: str) -> Request:
    """The order's last request of that kind, which its provider has not taken for days."""
    await execute(
        """UPDATE money_request SET state = 'sent', given_up_at = now(), silence = 'No answer.'
           WHERE "order" = $1 AND kind = $2 AND state IN ('asked', 'sent')""",
        order,
        kind,
    )
    return [each for each in await requests_of(order) if each.kind == kind][-1]


async def operator() -> int:
    return await person("rita@feira.example", role="operator")


async def test_a_refund_that_was_paid_another_way_is_sent_back_in_our_books_alone(world: World) -> None:
    rita, order = await operator(), await paid_order(world)
    await refund(order, 1000, "NC 1", "a return")
    request = await untaken(order, "refund")
    assert await payment_desk.to_look_at() == 1
    closed = await asyncio.gather(
        *(close(request.id, rita, "done", "Transfer 4711") for _ in range(3)), return_exceptions=True
    )
    assert [type(each) for each in closed].count(NotPossible) == 2
    assert await payment_desk.to_look_at() == 0
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]
    (note,) = await payment_desk.notes(order)
    assert (note["operator"], note["note"], note["kind"], note["state"]) == ("Ana", "Transfer 4711", "refund", "done")
    assert await carry_out() == 0
    await balance_all()
    assert await fetch("SELECT FROM payment_mismatch") == [], "the provider's books need not know of it"
    for late in (DONE, FAILED, DONE):
        await settle_request(request.id, late)
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]
    assert await auditing.broken() == []
    rows = await fetch("SELECT payload::text FROM outbox WHERE payload ->> 'kind' = 'refunded'")
    (told,) = [Event(uuid4(), "orders", "", msgspec.json.decode(row["payload"])) for row in rows]
    (mail,) = await COMPOSERS["refunded"](told)
    assert "paid it another way" in mail.values["words"].said[0]
    assert (await refund(order, PAID - 1000, "NC 2", "the rest")).returned_minor == PAID - 1000


async def test_what_the_provider_has_done_all_the_same_is_seen_the_next_day(world: World) -> None:
    rita, order = await operator(), await paid_order(world)
    await refund(order, 1000, "NC 1", "a return")
    await sandbox_faults.switch("error_after", 100)
    await carry_out()
    await close((await untaken(order, "refund")).id, rita, "done", "Transfer 4711")
    await sandbox_faults.switch("error_after", 0)
    await balance_all()
    (found,) = await fetch("SELECT kind, theirs_minor, is_mended FROM payment_mismatch")
    assert tuple(found) == ("refund_more", 1000, False)


async def test_a_refund_that_failed_is_paid_another_way_or_not_owed(world: World) -> None:
    rita, order = await operator(), await paid_order(world)
    for number, outcome in enumerate(("done", "never")):
        await refund(order, 1000, f"NC {number}", "a return")
        request = (await requests_of(order))[-1]
        await settle_request(request.id, replace(DONE, reference=f"re_{number}"))
        await settle_request(request.id, FAILED)  # it came back from the bank
        await close(request.id, rita, outcome, "As agreed on the telephone")
        for again in (ask_again(request.id), close(request.id, rita, outcome, "As agreed on the telephone")):
            with pytest.raises(NotPossible):
                await again
    assert [amount for _, amount in await ledger_of(order)] == [PAID, -1000, 1000, -1000, -1000, 1000]
    assert await payment_desk.to_look_at() == 0
    assert await auditing.broken() == []
    assert (await refund(order, PAID - 1000, "NC 3", "all the rest")).returned_minor == PAID - 1000


async def failed_often(order: int) -> Request:
    """The order's last request, which was asked for again and again and has failed each time."""
    for _ in range(20):
        request = (await requests_of(order))[-1]
        await settle_request(request.id, FAILED)
        await ask_again(request.id)
    request = (await requests_of(order))[-1]
    await settle_request(request.id, FAILED)
    return request


async def test_a_refund_is_asked_for_as_often_as_it_takes(world: World) -> None:
    order = await paid_order(world)
    await refund(order, 1000, "NC 1", "a return")
    await ask_again((await failed_often(order)).id)
    assert await carry_out() == 1
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]
    assert await refund(order, 1000, "NC 1", "a return") == Refund(0, 1000), "it was asked for before"
    assert await payment_desk.to_look_at() == 0
    assert await auditing.broken() == []


async def test_money_that_was_asked_for_again_and_again_can_be_given_up(world: World) -> None:
    rita, order = await operator(), await held_order(world)
    await capture(order, PAID, "parcel-1 shipped")
    await left(order)
    await close((await failed_often(order)).id, rita, "never", "The card was closed")
    await ask_again((await failed_often(order)).id)  # the bank did not let go of it at first
    assert await carry_out() == 1
    assert await ledger_of(order) == []
    assert await payment_desk.to_look_at() == 0
    assert await auditing.broken() == []


async def test_money_that_was_not_taken_for_goods_that_left_is_given_up(world: World) -> None:
    rita, order = await operator(), await held_order(world)
    await capture(order, PAID, "parcel-1 shipped")
    await refund(order, 1000, "NC 1", "was to be returned", shipped=True)
    request = await untaken(order, "capture")
    with pytest.raises(NotPossible, match="still here"):
        await close(request.id, rita, "never", "It was a gift")
    await left(order)
    await close(request.id, rita, "never", "It was a gift")
    assert await payment_desk.to_look_at() == 0, "the refund of it is over, too"
    assert [note["note"] for note in await payment_desk.notes(order)] == ["It was a gift"] * 2
    assert await carry_out() == 1, "the bank is asked to let go of it"
    assert await ledger_of(order) == []
    assert (await attempts_of(order))[0].state == "released"
    assert await auditing.broken() == []
    assert await state_of(order) == "shipped"
    for _ in range(2):
        assert await refund(order, 4280, "NC 2", "it comes back after all", shipped=True) == Refund(0, 0, 0, 4280)
    await balance_all()
    assert await fetch("SELECT FROM payment_mismatch") == []


async def test_a_hold_that_the_provider_knows_no_more_of_is_let_go(world: World) -> None:
    rita, order = await operator(), await held_order(world)
    await execute("UPDATE shop_order SET state = 'cancelled' WHERE id = $1", order)
    await refund(order, PAID, "NC 1", "cancelled")
    await close((await untaken(order, "release")).id, rita, "done", "Its hold has ended")
    assert await state_of(order) == "refunded"
    assert (await attempts_of(order))[0].state == "released"
    assert await auditing.broken() == []


async def test_what_cannot_be_said_is_not_written(world: World) -> None:
    rita, order = await operator(), await held_order(world)
    await capture(order, 2000, "parcel-1 shipped")
    request = (await requests_of(order))[0]
    with pytest.raises(NotPossible):
        await close(request.id, rita, "never", "It is on its way and does not wait")
    request = await untaken(order, "capture")
    for outcome, typed in (("done", "Somebody paid"), ("", "Nothing chosen"), ("never", " "), ("never", "x" * 401)):
        with pytest.raises(ValueError, match=r"Choose|Say what you found"):
            await close(request.id, rita, outcome, typed)
    await refund(order, PAID - 2000, "NC 1", "was not sent")
    with pytest.raises(ValueError, match="Choose"):
        await close((await untaken(order, "release")).id, rita, "never", "Hold it for ever")
    with pytest.raises(NotPossible):
        await close(2**62, rita, "never", "There is none")
    assert await payment_desk.notes() == []


async def test_money_that_has_not_come_in_cannot_have_gone_back(world: World) -> None:
    rita, order = await operator(), await held_order(world)
    await capture(order, PAID, "parcel-1 shipped")
    await refund(order, 1000, "NC 1", "a return", shipped=True)
    _, waiting = await requests_of(order)
    await settle_request(waiting.id, FAILED)
    with pytest.raises(NotPossible, match="on its way in"):
        await close(waiting.id, rita, "done", "Transfer 4711")
    await carry_out()
    await close(waiting.id, rita, "done", "Transfer 4711")
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]


async def test_what_a_bank_has_taken_back_is_not_paid_once_more_by_hand(world: World) -> None:
    rita, order = await operator(), await paid_order(world)
    async with transaction():
        await note_chargeback((await attempts_of(order))[0].id, "dp_1", PAID, returned=False)
    assert (await refund(order, 1000, "NC 1", "a return")).bank_minor == 1000
    (withheld,) = await requests_of(order)
    with pytest.raises(NotPossible, match="not so much left"):
        await close(withheld.id, rita, "done", "Transfer 4711")
    await close(withheld.id, rita, "never", "The bank has paid it")
    assert await auditing.broken() == []


async def test_a_lost_hold_waits_until_somebody_has_said_what_comes_of_it(world: World) -> None:
    rita, order = await operator(), await held_order(world)
    attempt = (await attempts_of(order))[0]
    await settle(attempt.id, Outcome(Verdict.FAILED, attempt.provider_reference or "", failure="let go"))
    assert len(await auditing.waiting()) == await payment_desk.to_look_at() == 1
    (entry,) = await fetch("SELECT id FROM ledger_entry WHERE kind = 'release'")
    await by_hand.note(entry["id"], rita, "She will order it again")
    assert await auditing.waiting() == []
    assert await payment_desk.to_look_at() == 0
    assert [note["operator"] for note in await payment_desk.notes(order)] == ["Ana"]
