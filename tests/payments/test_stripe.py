"""Shoppers pay on Stripe's page, once, whatever goes wrong between it and the shop."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.checkout.carrying_out import carry_out
from app.checkout.expiring import expire_unpaid
from app.checkout.paying import payment_page
from app.checkout.reconciling import ask_about
from app.infra.database import execute, fetch
from app.payments import stripe_client
from app.payments.attempts import attempts_of
from app.payments.provider import ProviderUnavailable
from tests.checkout.paying import asked_about, begun
from tests.checkout.shopping import fill_cart, hidden, to_payment, words
from tests.orders.wanting import hold_ended, state_of
from tests.payments.stripe_server import SECRET_KEY, WEBHOOK_SECRET, StripeServer
from tests.payments.stripe_shopping import paid, send, shopped
from tests.world import World


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
