import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from app.checkout.reconciling import ask_about
from app.infra.clock import frozen, now
from app.infra.database import fetch
from app.payments.attempts import Attempt
from app.payments.sandbox_webhooks import HEADER, sign
from tests.checkout.paying import GOOD, begun, present
from tests.orders.wanting import guest, ledger_of, pending, state_of, stock_of
from tests.world import World


def message(attempt: Attempt, event: str = "evt_1", **more: object) -> bytes:
    told = {"id": event, "type": "payment.succeeded", "reference": attempt.provider_reference, "key": attempt.key}
    return json.dumps({**told, "method": "Visa ending 4242", **more}).encode()


async def send(client: httpx.AsyncClient, body: bytes, signature: str | None = None) -> int:
    signed = sign(body, int(now().timestamp())) if signature is None else signature
    return (await client.post("/webhooks/sandbox", content=body, headers={HEADER: signed})).status_code


async def test_a_webhook_before_the_redirect_pays_the_order(client: httpx.AsyncClient, world: World) -> None:
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    await present(attempt, GOOD)
    assert await send(client, message(attempt)) == 200
    assert await state_of(order.id) == "paid"


async def test_duplicates_and_replays_change_nothing(client: httpx.AsyncClient, world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await pending(world, lamp)
    attempt = await begun(order.id)
    body = message(attempt)
    assert set(await asyncio.gather(*(send(client, body) for _ in range(6)))) == {200}
    assert await send(client, message(attempt, "evt_2")) == 200
    assert await send(client, message(attempt, "evt_3", type="payment.failed")) == 200
    assert await send(client, message(attempt, "evt_4", type="payment.dancing")) == 200
    assert await state_of(order.id) == "paid"
    assert await ledger_of(order.id) == [("capture", 5280)]
    assert await stock_of(lamp) == (4, 0)
    assert len(await fetch("SELECT FROM webhook_event")) == 4


async def test_messages_in_any_order_with_the_redirect_among_them_pay_once(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product(stock={"LIS": 1000})
    for number, steps in enumerate(itertools.permutations(("succeeded", "failed", "forged", "redirect"))):
        order = await pending(world, lamp, owner=guest(str(number)))
        attempt = await begun(order.id)
        await present(attempt, GOOD)
        for step in steps:
            if step == "redirect":
                await ask_about(order.id)
            elif step == "forged":
                forged = message(attempt, f"evt_f{number}", type="payment.failed")
                assert await send(client, forged, "t=1,v1=00") == 400
            else:
                kind = "payment.failed" if step == "failed" else "payment.succeeded"
                for _ in range(2):
                    assert await send(client, message(attempt, f"evt_{step}{number}", type=kind)) == 200
        assert await ledger_of(order.id) == [("capture", 5280)], steps
        assert await state_of(order.id) == "paid", steps
    rows = await fetch("SELECT FROM outbox WHERE payload ->> 'kind' = 'paid'")
    assert len(rows) == 24


async def test_a_large_message_is_refused_unread(client: httpx.AsyncClient, world: World) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1024

    for content in (b"x" * 40_000, parts()):
        answer = await client.post("/webhooks/sandbox", content=content, headers={HEADER: "t=1,v1=00"})
        assert answer.status_code == 413


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense"])
async def test_a_forged_message_is_refused(client: httpx.AsyncClient, world: World, signature: str) -> None:
    order = await pending(world, await world.product())
    assert await send(client, message(await begun(order.id)), signature) == 400
    assert await state_of(order.id) == "pending"
    assert await fetch("SELECT FROM webhook_event") == []


async def test_a_stale_or_altered_message_is_refused(client: httpx.AsyncClient, world: World) -> None:
    order = await pending(world, await world.product())
    body = message(await begun(order.id))
    with frozen(now() - timedelta(minutes=6)):
        old = sign(body, int(now().timestamp()))
    assert await send(client, body, old) == 400
    good = sign(body, int(now().timestamp()))
    assert await send(client, body.replace(b"evt_1", b"evt_9"), good) == 400
    assert await state_of(order.id) == "pending"


async def test_what_cannot_take_effect_is_not_called_taken(client: httpx.AsyncClient, world: World) -> None:
    assert await send(client, b'{"id": "evt_1", "type": "payment.succeeded", "reference": "x", "key": "y"}') == 404
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    for other in (0, -5280, 52, 528000, 2**70):
        assert await send(client, message(attempt, amount_minor=other)) in (400, 503), other
    assert await send(client, message(attempt, amount_minor=5280, currency="USD")) == 503
    assert await state_of(order.id) == "pending"
    assert await send(client, b"[]") == 400
    assert await send(client, rb'{"id": "\u0000", "type": "x", "reference": "x", "key": "\u0000"}') == 400
    assert await fetch("SELECT FROM webhook_event") == []
