"""Orders that are paid at our own Stripe, and time that passes."""

from typing import Any

import httpx

from app.checkout.carrying_out import carry_out
from app.checkout.reconciling import ask_about
from app.infra.database import execute
from app.orders.placing import Placed
from tests.checkout.paying import begun
from tests.orders.wanting import pending
from tests.payments.stripe_server import StripeServer, signed
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
