"""Orders whose money has come in, or is held, and what is known of it."""

from app.infra.database import fetch, fetch_one
from tests.checkout.paying import begun, captured, held
from tests.orders.wanting import pending
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


async def state_and_sums(order: int) -> tuple[str, int, int, int]:
    row = await fetch_one(
        """SELECT state, captured_minor, released_minor, returned_minor FROM payment_attempt WHERE "order" = $1""",
        order,
    )
    assert row
    return row["state"], row["captured_minor"], row["released_minor"], row["returned_minor"]
