import pytest

from app.checkout import auditing
from app.checkout.balancing import balance_all
from app.checkout.carrying_out import carry_out, settle_request
from app.checkout.settling import note_chargeback
from app.infra.database import execute, fetch, transaction
from app.payments import silence
from app.payments.attempts import attempts_of
from app.payments.provider import Outcome, Verdict
from app.payments.requests import requests_of
from app.payments.sandbox_faults import switched_on
from app.payments.wanted import capture, refund
from tests.accounts.people import Client
from tests.checkout.paying import GOOD, asked_about, begun, captured, held, present
from tests.checkout.shopping import words
from tests.orders.wanting import ledger_of, pending
from tests.world import World


async def failed_refund(world: World) -> tuple[int, int]:
    order = await pending(world, await world.product())
    await captured(await begun(order.id))
    await refund(order.id, 1000, "r", "a return")
    request = (await requests_of(order.id))[0]
    await settle_request(request.id, Outcome(Verdict.FAILED, "", failure="The account is closed."))
    return order.id, request.id


async def test_a_refund_that_failed_is_seen_and_asked_for_again_once(desk: Client, world: World) -> None:
    order, request = await failed_refund(world)
    shown = words(await desk.get("/admin/payments"))
    assert "Send back €10.00 of order F-" in shown and "The account is closed." in shown
    assert "Payments 1" in words(await desk.get("/admin"))
    for said in ("It was asked for again.", "before you"):
        answer = await desk.post(f"/admin/payments/requests/{request}/again")
        assert said in words(answer)
    await carry_out()
    assert [each.state for each in await requests_of(order)] == ["failed", "done"]
    assert "has gone through" in words(await desk.get("/admin/payments"))


async def test_what_the_provider_does_not_take_is_not_sent_for_ever_and_never_forgotten(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "TRIES", 2)
    order = await pending(world, await world.product())
    await held(await begun(order.id))
    await execute("UPDATE payment_attempt SET provider = 'bygone'")
    await capture(order.id, 5280, "parcel-1")
    await refund(order.id, 1000, "return-1", "a return", shipped=True)
    assert await carry_out() == 1, "the refund waits for its capture"
    await execute("UPDATE money_request SET asked_at = asked_at - interval '4 days', next_at = asked_at")
    assert [await carry_out() for _ in range(2)] == [1, 0]
    shown = words(await desk.get("/admin/payments"))
    assert f"Take €52.80 of order {order.number} There is no payment provider bygone. Asked for" in shown
    assert "Payments 1" in words(await desk.get("/admin"))
    await execute("UPDATE money_request SET next_at = asked_at")
    assert await carry_out() == 0
    assert await auditing.broken() == [], "books count it as on its way"
    capturing, _ = await requests_of(order.id)
    again = f"/admin/payments/requests/{capturing.id}/again"
    assert "asked for again" in words(await desk.post(again))
    assert [await carry_out() for _ in range(2)] == [1, 0], "it waits again"
    await execute("UPDATE payment_attempt SET provider = 'sandbox'")
    assert "is sent within a minute" in words(await desk.post("/admin/payments/requests/again"))
    assert [await carry_out() for _ in range(2)] == [2, 0]
    assert await ledger_of(order.id) == [("capture", 5280), ("refund", -1000)]
    assert "Nothing waits" in words(await desk.post("/admin/payments/requests/again"))
    assert "before you" in words(await desk.post(again))
    assert "does not take" not in words(await desk.get("/admin/payments"))


async def test_it_is_closed_by_hand_with_a_reason_that_stays(desk: Client, world: World) -> None:
    order, request = await failed_refund(world)
    place, field = f"/admin/payments/requests/{request}/settlement", f"request-{request}"
    for outcome, why, said in (
        ("done", "x", "Say what you found"),
        ("", "Transfer 4711", "Choose what became of it"),
        ("\0", "Transfer 4711", "Choose what became of it"),
    ):
        refused = await desk.post(place, data={"outcome": outcome, field: why})
        assert refused.status_code == 422 and said in words(refused)
    assert 'value="Transfer 4711"' in refused.text, "what was typed is still there"
    form = {"outcome": "done", field: "Transfer <b>4711</b>"}
    assert "Written down." in words(await desk.post(place, data=form))
    assert "before you" in words(await desk.post(place, data=form))
    (row,) = await fetch("SELECT number FROM shop_order WHERE id = $1", order)
    for page in ("/admin/payments", f"/admin/orders/{row['number']}"):
        shown = await desk.get(page)
        assert "Paid back another way, €10.00" in words(shown) and "by Ana" in words(shown)
        assert "Transfer &lt;b&gt;4711&lt;/b&gt;" in shown.text
    for wrong in (999, 2**70):
        answer = await desk.post(
            f"/admin/payments/requests/{wrong}/settlement", data={**form, f"request-{wrong}": "n/a"}
        )
        assert answer.status_code in (200, 404) and "Written down" not in answer.text


async def test_what_is_not_there_any_more_cannot_be_asked_for_again(desk: Client, world: World) -> None:
    order, request = await failed_refund(world)
    await refund(order, 5000, "another", "")
    answer = await desk.post(f"/admin/payments/requests/{request}/again")
    assert "has not so much left" in words(answer)
    for wrong in (999, 2**70):
        assert (await desk.post(f"/admin/payments/requests/{wrong}/again")).status_code in (200, 404)


async def test_a_difference_is_settled_with_a_note(desk: Client, world: World) -> None:
    order = await pending(world, await world.product())
    await captured(await begun(order.id))
    await execute("UPDATE sandbox_payment SET captured_minor = captured_minor - 80")
    await balance_all()
    shown = words(await desk.get("/admin/payments"))
    assert f"Less was taken than we believe Order {order.number} : ours €52.80, theirs €52.00." in shown
    place = "/admin/payments/mismatches/1/settlement"
    refused = await desk.post(place, data={"note-1": " "})
    assert refused.status_code == 422
    assert "Say what you found" in words(refused)
    long = await desk.post(place, data={"note-1": "x" * 401})
    assert long.status_code == 422
    assert "Written down." in words(await desk.post(place, data={"note-1": "Fees, see <b>the</b> invoice"}))
    assert "before you" in words(await desk.post(place, data={"note-1": "once more"}))
    shown = words(await desk.get(f"/admin/orders/{order.number}"))
    assert "Less was taken, €0.80 , by Ana" in shown and "Fees, see" in shown


async def test_faults_of_the_sandbox_are_switched_for_a_drill(desk: Client, world: World) -> None:
    await desk.post("/admin/payments/faults", data={"webhook_lost": "1", "error_after": "1", "nonsense": "1"})
    assert await switched_on() == {"webhook_lost": 100, "error_after": 100}
    page = await desk.get("/admin/payments")
    assert page.text.count(" checked") == 2
    await desk.post("/admin/payments/faults", data={})
    assert await switched_on() == {}


async def test_what_the_provider_does_not_tell_is_asked_again_or_settled_by_a_person(
    desk: Client, world: World
) -> None:
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    await present(attempt, GOOD)
    await execute("UPDATE sandbox_payment SET amount_minor = 1, captured_minor = 1")
    for _ in range(2):
        assert await asked_about() == 1
        assert await asked_about() == 0, "a payment of another amount stays one"
        shown = words(await desk.get("/admin/payments"))
        assert "The provider has a payment of 0.01 EUR, and 52.80 EUR was asked for." in shown
        assert "Payments 1" in words(await desk.get("/admin"))
        assert "within a minute" in words(await desk.post(f"/admin/payments/attempts/{attempt.id}/again"))
        assert "does not wait" in words(await desk.post("/admin/payments/attempts/again"))
    place, field = f"/admin/payments/attempts/{attempt.id}/settlement", f"attempt-{attempt.id}"
    assert "before you" in words(await desk.post(place, data={field: "Not given up just now"}))
    await asked_about()
    assert "A person finds out" in words(await desk.get(f"/orders/{order.number}"))
    assert "Say what you found" in words(await desk.post(place, data={field: "x"}))
    assert "Written down." in words(await desk.post(place, data={field: "Sent back <i>there</i>"}))
    assert "before you" in words(await desk.post(place, data={field: "once more"}))
    for wrong in (999, 2**70):
        for what in ("again", "settlement"):
            answer = await desk.post(f"/admin/payments/attempts/{wrong}/{what}", data={f"attempt-{wrong}": "none"})
            assert answer.status_code in (200, 404) and "Written down" not in answer.text
    page = await desk.get("/admin/payments")
    assert "A payment that was not made, €52.80 of order" in words(page)
    assert "Sent back &lt;i&gt;there&lt;/i&gt;" in page.text
    assert "Try again: pay" in words(await desk.get(f"/orders/{order.number}"))


async def test_nothing_to_look_at_says_so(desk: Client) -> None:
    shown = words(await desk.get("/admin/payments"))
    assert "Nowhere." in shown
    assert "nobody is charged" in shown
    assert "being compared" in words(await desk.post("/admin/payments/reconciliation"))


async def test_what_a_bank_does_by_itself_waits_until_somebody_has_looked(desk: Client, world: World) -> None:
    order = await pending(world, await world.product())
    await captured(await begun(order.id))
    async with transaction():
        await note_chargeback((await attempts_of(order.id))[0].id, "dp_1", 5280, returned=False)
    shown = words(await desk.get("/admin/payments"))
    assert f"A bank has taken a payment back for its customer Order {order.number} : €52.80." in shown
    assert "Payments 1" in words(await desk.get("/admin"))
    (row,) = await fetch("SELECT id FROM ledger_entry WHERE kind = 'chargeback'")
    place, field = f"/admin/payments/entries/{row['id']}/note", f"entry-{row['id']}"
    assert "Say what you found" in words(await desk.post(place, data={field: "x"}))
    assert "Written down." in words(await desk.post(place, data={field: "Answered on Monday"}))
    for other in (place, "/admin/payments/entries/1/note", f"/admin/payments/entries/{2**70}/note"):
        answer = await desk.post(other, data={field: "again", "entry-1": "a sale", f"entry-{2**70}": "none"})
        assert answer.status_code == 404 or "before you" in words(answer)
    assert "taken a payment back" not in words(await desk.get("/admin/payments"))
