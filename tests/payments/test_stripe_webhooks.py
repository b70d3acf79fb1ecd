"""What Stripe tells us by itself: only what it has signed counts, in any order, as often as it comes."""

import itertools
import json
import time
from typing import Any

import httpx

from app.checkout.carrying_out import carry_out
from app.checkout.expiring import expire_unpaid
from app.checkout.reconciling import ask_about
from app.infra.database import execute, fetch
from tests.checkout.paying import begun
from tests.orders.wanting import hold_ended, ledger_of, pending, state_of
from tests.payments.stripe_server import StripeServer, signed
from tests.payments.stripe_shopping import PAID, paid, send, shopped
from tests.world import World


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
