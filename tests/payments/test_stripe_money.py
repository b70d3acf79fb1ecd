"""Money at Stripe is captured, let go and sent back once, whatever becomes of the answers."""

import httpx
import pytest

from app.checkout.carrying_out import carry_out
from app.infra.database import execute, fetch
from app.payments import holds, stripe_client
from app.payments.attempts import attempts_of
from app.payments.requests import requests_of
from app.payments.wanted import capture, refund
from tests.orders.wanting import ledger_of
from tests.payments.stripe_server import StripeServer
from tests.payments.stripe_shopping import PAID, carry_out_twice, later, paid, send
from tests.world import World


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
