"""Stripe, with everything that may go wrong between it and the shop."""

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app.checkout.carrying_out import carry_out
from app.checkout.expiring import expire_unpaid
from app.checkout.paying import payment_page
from app.checkout.reconciling import ask_about
from app.infra.database import execute, fetch
from app.orders.placing import Placed
from app.payments import holds, stripe_client
from app.payments.attempts import attempts_of
from app.payments.provider import ProviderUnavailable
from app.payments.requests import capture, refund, requests_of
from tests.checkout.paying import asked_about, begun
from tests.checkout.shopping import fill_cart, hidden, to_payment, words
from tests.orders.wanting import hold_ended, ledger_of, pending, state_of
from tests.payments.stripe_server import SECRET_KEY, WEBHOOK_SECRET, StripeServer, signed
from tests.world import World

PAID = 5280


async def shopped(world: World) -> Placed:
    return await pending(world, await world.product())


async def paid(stripe: StripeServer, world: World) -> int:
    order = await shopped(world)
    stripe.pay((await begun(order.id)).provider_reference or "")
    await ask_about(order.id)
    return order.id


async def later(table: str = "money_request") -> None:
    """As if the time to try again had come."""
    await execute(f"UPDATE {table} SET next_at = next_at - interval '2 hours'")


async def carry_out_twice() -> None:
    await carry_out()
    await later()
    await carry_out()


async def send(client: httpx.AsyncClient, event: dict[str, Any], **how: Any) -> int:
    body, header = signed(event, **how)
    return (await client.post("/webhooks/stripe", content=body, headers={"stripe-signature": header})).status_code


async def test_a_shopper_is_sent_to_stripe_and_comes_back_paid(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    await fill_cart(client, await world.product())
    form = hidden(await to_payment(client))
    there = await client.post("/orders", data=form, follow_redirects=False)
    session = next(iter(stripe.sessions.values()))
    assert there.status_code == 303
    assert there.headers["location"] == session["url"]
    assert "form-action 'self' https://checkout.stripe.com;" in there.headers["content-security-policy"]
    assert session["amount_total"] == 4890 + 390
    assert not session["_adapts_prices"], "who confirmed euros is charged euros"
    stripe.pay(session["id"])
    back = await client.get(session["success_url"].removeprefix("http://127.0.0.1:8000"))
    assert "Paid 1 item" in words(back)
    assert "Visa ending 4242" in words(back)


async def test_going_to_pay_twice_opens_one_page(stripe: StripeServer, world: World) -> None:
    order = await shopped(world)
    pages = await asyncio.gather(*(payment_page(order.id) for _ in range(5)))
    assert len(set(pages)) == 1
    assert len([each for each in stripe.sessions.values() if each["status"] == "open"]) == 1


async def test_a_page_that_was_made_and_not_heard_of_is_made_again(stripe: StripeServer, world: World) -> None:
    order = await shopped(world)
    stripe.faults = ["error_after"]
    with pytest.raises(ProviderUnavailable):
        await payment_page(order.id)
    await execute("UPDATE payment_attempt SET page_tried_at = page_tried_at - interval '1 minute'")
    assert await payment_page(order.id) == list(stripe.sessions.values())[1]["url"]
    assert await attempts_of(order.id)


async def test_the_page_of_a_slower_window_ends_and_the_other_goes_on(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await shopped(world)
    stripe.faults = ["error_after"]  # a page is made, and nobody hears of it
    with pytest.raises(ProviderUnavailable):
        await payment_page(order.id)
    await execute("UPDATE payment_attempt SET page_tried_at = page_tried_at - interval '1 minute'")
    reference = (await begun(order.id)).provider_reference or ""
    stripe.expire(next(name for name in stripe.sessions if name != reference))
    assert await send(client, stripe.events[-1]) == 200
    assert (await attempts_of(order.id))[0].is_open
    assert not await fetch("SELECT FROM outbox WHERE payload ->> 'kind' = 'payment_failed'")
    stripe.pay(reference)
    await ask_about(order.id)
    assert await state_of(order.id) == "paid"


async def test_a_declined_card_may_be_followed_by_another_on_the_same_page(stripe: StripeServer, world: World) -> None:
    order = await shopped(world)
    reference = (await begun(order.id)).provider_reference or ""
    stripe.pay(reference, approved=False)
    await ask_about(order.id)
    assert (await attempts_of(order.id))[0].is_open
    stripe.pay(reference)
    await ask_about(order.id)
    assert await state_of(order.id) == "paid"


async def test_an_order_that_expires_closes_its_page(stripe: StripeServer, world: World) -> None:
    order = await shopped(world)
    reference = (await begun(order.id)).provider_reference or ""
    await hold_ended(order.id)
    assert await expire_unpaid() == 1
    assert stripe.sessions[reference]["status"] == "expired"
    assert (await attempts_of(order.id))[0].state == "failed"
    told = await fetch("SELECT payload ->> 'kind' AS kind FROM outbox WHERE topic = 'orders' ORDER BY id")
    assert [row["kind"] for row in told] == ["placed", "expired"]


async def test_while_stripe_is_away_nothing_is_lost(stripe: StripeServer, world: World) -> None:
    order = await shopped(world)
    reference = (await begun(order.id)).provider_reference or ""
    stripe.pay(reference)
    stripe.is_away = True
    with pytest.raises(ProviderUnavailable):
        await ask_about(order.id)
    assert (await attempts_of(order.id))[0].checking_since
    assert await asked_about() == 1
    assert await state_of(order.id) == "pending"
    stripe.is_away = False
    await asked_about()
    assert await state_of(order.id) == "paid"
    assert (await attempts_of(order.id))[0].checking_since is None


@pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout_after"])
async def test_a_refund_happens_once_whatever_the_answer(
    stripe: StripeServer, world: World, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_client, "TIMEOUT", httpx.Timeout(0.3))
    stripe_client.forget()
    order = await paid(stripe, world)
    await refund(order, 1000, "return-1", "a return")
    stripe.faults = [fault]
    await carry_out()
    await later()
    await carry_out()
    await later()
    await carry_out()
    assert [each["amount"] for each in stripe.refunds.values()] == [1000]
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]
    stripe_client.forget()


async def test_a_refund_that_takes_days_is_done_when_stripe_says_so(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await paid(stripe, world)
    stripe.refund_status = "pending"
    await refund(order, 1000, "r", "")
    await carry_out()
    assert (await requests_of(order))[0].state == "sent"
    stripe.settle_refund("re_" + next(iter(stripe.refunds))[3:], "succeeded")
    for _ in range(2):
        assert await send(client, stripe.events[-1]) == 200
    await later()
    await carry_out()
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000)]
    stripe.settle_refund(next(iter(stripe.refunds)), "failed")
    assert await send(client, stripe.events[-1]) == 200
    assert await ledger_of(order) == [("capture", PAID), ("refund", -1000), ("refund_returned", 1000)]


async def test_a_refund_that_stripe_refuses_is_failed_and_not_tried_again(stripe: StripeServer, world: World) -> None:
    order = await paid(stripe, world)
    next(iter(stripe.intents.values()))["amount_received"] = 500  # refunded by hand elsewhere
    await refund(order, 1000, "r", "")
    await carry_out()
    request = (await requests_of(order))[0]
    assert (request.state, "greater than unrefunded" in request.failure) == ("failed", True)
    await later()
    assert await carry_out() == 0


@pytest.mark.usefixtures("at_shipment")
@pytest.mark.parametrize("fault", ["", "error_before", "error_after"])
async def test_parcels_are_captured_one_by_one_and_the_rest_let_go(
    stripe: StripeServer, world: World, fault: str
) -> None:
    order = await paid(stripe, world)
    assert (await attempts_of(order))[0].state == "authorised"
    assert await ledger_of(order) == []
    stripe.faults = [fault]
    assert await capture(order, 2000, "parcel-1") == 2000
    for _ in range(3):
        await carry_out_twice()
    intent = next(iter(stripe.intents.values()))
    assert (intent["amount_received"], intent["status"]) == (2000, "requires_capture")
    assert await capture(order, 1000, "parcel-2") == 1000
    await refund(order, PAID - 3000, "parcel 3 was cancelled", "cancelled")
    for _ in range(3):
        await carry_out_twice()
    assert (intent["amount_received"], intent["status"]) == (3000, "succeeded")
    assert await ledger_of(order) == [("capture", 2000), ("capture", 1000)]
    assert (await attempts_of(order))[0].state == "succeeded"


@pytest.mark.usefixtures("at_shipment")
async def test_a_cancelled_order_lets_everything_go(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await paid(stripe, world)
    await refund(order, PAID, "cancelled", "")
    await carry_out()
    for event in stripe.events:
        assert await send(client, event) == 200
    assert next(iter(stripe.intents.values()))["status"] == "canceled"
    assert (await attempts_of(order))[0].state == "released"
    assert await ledger_of(order) == []


@pytest.mark.usefixtures("at_shipment")
async def test_without_multicapture_the_first_parcel_takes_everything(stripe: StripeServer, world: World) -> None:
    stripe.multicapture = False
    order = await paid(stripe, world)
    assert await capture(order, 2000, "parcel-1") == PAID
    assert await capture(order, PAID - 2000, "parcel-2") == 0
    await carry_out()
    assert await ledger_of(order) == [("capture", PAID)]


@pytest.mark.usefixtures("at_shipment")
async def test_a_hold_is_captured_before_the_bank_lets_it_go(stripe: StripeServer, world: World) -> None:
    order = await paid(stripe, world)
    assert await holds.capture_before_lapse() == 0
    await execute("UPDATE payment_attempt SET held_until = now() + interval '20 hours'")
    assert await holds.capture_before_lapse() == 1
    assert await holds.capture_before_lapse() == 0
    await carry_out()
    assert await ledger_of(order) == [("capture", PAID)]


@pytest.mark.usefixtures("at_shipment")
async def test_a_hold_that_is_lost_is_written_and_said(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await paid(stripe, world)
    intent = next(iter(stripe.intents.values()))
    intent["status"] = "canceled"
    event = {"id": "evt_x", "type": "payment_intent.canceled", "data": {"object": intent}}
    for number in range(2):
        assert await send(client, {**event, "id": f"evt_x{number}"}) == 200
    assert (await attempts_of(order))[0].state == "released"
    rows = await fetch("SELECT FROM outbox WHERE payload ->> 'kind' = 'authorisation_lost'")
    assert len(rows) == 1


def everything(stripe: StripeServer) -> list[tuple[dict[str, Any], ...]]:
    return list(itertools.permutations(stripe.events))


async def test_webhooks_in_any_order_twice_or_before_the_redirect_pay_once(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    count = 0
    for order_of in range(2):
        for twice in (False, True):
            stripe.events.clear()
            order = await shopped(world)
            stripe.pay((await begun(order.id)).provider_reference or "")
            events = everything(stripe)[order_of]
            for event in (*events, *events) if twice else events:
                assert await send(client, event) == 200
            await ask_about(order.id)
            assert await state_of(order.id) == "paid"
            assert await ledger_of(order.id) == [("capture", PAID)]
            count += 1
    assert len(await fetch("SELECT FROM outbox WHERE payload ->> 'kind' = 'paid'")) == count


async def test_only_what_our_secrets_signed_lately_is_taken(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await shopped(world)
    stripe.pay((await begun(order.id)).provider_reference or "")
    event = stripe.events[-1]
    body, good = signed(event)
    for content, header in [
        (body, ""),
        (body, "t=1,v1=00"),
        (body, "nonsense"),
        (body, good.replace("v1=", "v0=")),
        (body + b" ", good),
        (body, signed(event, secret="whsec_of_a_stranger")[1]),
        (body, signed(event, at=time.time() - 400)[1]),
        (b"\xff\xfe", good),
    ]:
        answer = await client.post("/webhooks/stripe", content=content, headers={"stripe-signature": header})
        assert answer.status_code == 400, header
    assert await state_of(order.id) == "pending"
    assert await fetch("SELECT FROM webhook_event") == []
    assert await send(client, event, secret="whsec_the_next_one") == 200
    assert await state_of(order.id) == "paid"


async def test_what_is_signed_and_strange_is_refused_and_changes_nothing(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    strange: list[Any] = [[], {"id": 5}, {"id": "e", "type": "refund.updated"}, {"id": "\0", "type": "x", "data": {}}]
    for each in strange:
        assert await send(client, each) == 400
    big = b"x" * (300 * 1024)
    answer = await client.post("/webhooks/stripe", content=big, headers={"stripe-signature": "t=1,v1=0"})
    assert answer.status_code == 413
    other = {"id": "evt_o", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_of_others"}}}
    assert await send(client, other) == 200  # another shop's, on the same account
    assert await fetch("SELECT FROM webhook_event") == []


async def test_a_message_whose_effect_cannot_be_had_is_not_called_taken(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await shopped(world)
    stripe.pay((await begun(order.id)).provider_reference or "")
    event = json.loads(json.dumps(stripe.events[-1]))
    event["data"]["object"]["metadata"]["attempt"] = "nobody's"
    assert await send(client, event) == 404
    stripe.is_away = True
    assert await send(client, stripe.events[-1]) == 503
    stripe.is_away = False
    intent = next(iter(stripe.intents.values()))
    for strange in ({"amount": 1}, {"amount": PAID, "currency": "jpy"}):
        intent.update(strange)
        assert await send(client, stripe.events[-1]) == 503
    assert await state_of(order.id) == "pending"
    assert await fetch("SELECT FROM webhook_event") == []


async def test_money_that_comes_after_the_hold_goes_back(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product(stock={"LIS": 1})
    order = await pending(world, lamp)
    stripe.pay((await begun(order.id)).provider_reference or "")
    stripe.is_away = True
    await hold_ended(order.id)
    await expire_unpaid()
    stripe.is_away = False
    await execute("UPDATE stock SET reserved = on_hand")
    for event in stripe.events:
        assert await send(client, event) == 200
    await carry_out()
    assert await ledger_of(order.id) == [("capture", PAID), ("refund", -PAID)]
    assert await state_of(order.id) == "refunded"


async def test_a_chargeback_and_its_return_are_in_the_ledger(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await paid(stripe, world)
    intent = next(iter(stripe.intents))
    for won in (False, True):
        stripe.dispute(intent, PAID, won=won)
        for _ in range(2):
            assert await send(client, stripe.events[-1]) == 200
    assert await ledger_of(order) == [("capture", PAID), ("chargeback", -PAID), ("chargeback_returned", PAID)]


async def test_a_chargeback_that_is_told_of_by_two_messages_is_written_once(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    order = await paid(stripe, world)
    stripe.dispute(next(iter(stripe.intents)), PAID)
    for name in ("evt_one", "evt_two"):  # Stripe may make two of one happening
        assert await send(client, {**stripe.events[-1], "id": name}) == 200
    assert await ledger_of(order) == [("capture", PAID), ("chargeback", -PAID)]


async def test_what_the_shop_does_not_look_at_is_taken_whatever_it_looks_like(
    stripe: StripeServer, client: httpx.AsyncClient, world: World
) -> None:
    balance: dict[str, Any] = {"object": "balance", "available": []}
    plan = {"id": "plan_1", "object": "plan", "amount": None, "metadata": None}
    for number, (kind, thing) in enumerate((("balance.available", balance), ("plan.created", plan))):
        assert await send(client, {"id": f"evt_{number}", "type": kind, "data": {"object": thing}}) == 200


async def test_no_secret_is_ever_logged_or_shown(
    stripe: StripeServer, world: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from app.cli.commands import main

    order = await paid(stripe, world)
    shown = CliRunner().invoke(main, ["settings", "--json"]).output
    monkeypatch.setattr("tests.payments.stripe_server.SECRET_KEY", "sk_other")
    stripe_client.forget()
    tried: list[Callable[[], Awaitable[object]]] = [lambda: ask_about(order), carry_out]
    second = await shopped(world)
    with pytest.raises(ProviderUnavailable) as error:
        await payment_page(second.id)
    for each in tried:
        await each()
    out = capfd.readouterr()
    for secret in (SECRET_KEY, WEBHOOK_SECRET, "whsec_the_next_one"):
        assert secret not in shown + out.out + out.err + str(error.value)
        assert error.value.__suppress_context__
    rows = await fetch("SELECT payload::text FROM outbox")
    assert SECRET_KEY not in str([dict(row) for row in rows])
