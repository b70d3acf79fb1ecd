"""Buyers of the reviews' tests."""

from app.accounts.owners import Owner
from app.infra.database import fetch_one, transaction
from app.orders.states import move
from app.orders.tables import OrderState
from app.reviews.writing import Draft, write
from tests.accounts.people import person
from tests.orders.wanting import guest, pending
from tests.world import Goods, World

TO_DELIVERED = (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED)


async def go(order: int, *states: OrderState) -> None:
    async with transaction():
        for state in states:
            await move(order, state, "test")


async def buyer(world: World, *goods: Goods, owner: Owner | None = None, until: OrderState = OrderState.PAID) -> Owner:
    """Somebody with an order of the goods that has come so far."""
    owner = owner or guest("Marta")
    order = await pending(world, *goods, owner=owner)
    await go(order.id, *TO_DELIVERED[: TO_DELIVERED.index(until) + 1])
    return owner


async def account_buyer(world: World, *goods: Goods, email: str = "ana@example.pt") -> Owner:
    return await buyer(world, *goods, owner=Owner(await person(email), None))


async def reviewed(world: World, goods: Goods, *stars: int, text: str = "") -> list[int]:
    """Reviews of as many guests, each with an order; their ids."""
    found = []
    for given in stars:
        world_number = await _next()
        owner = await buyer(world, goods, owner=guest(f"guest {world_number}"))
        await write(owner, goods.product, Draft(given, "", text))
        found.append(await id_of(owner, goods))
    return found


async def _next() -> int:
    row = await fetch_one("SELECT count(*) AS many FROM shop_order")
    assert row is not None
    return int(row["many"])


async def id_of(owner: Owner, goods: Goods) -> int:
    row = await fetch_one(
        "SELECT id FROM review WHERE product = $1 AND (account = $2::bigint OR visitor = $3::bytea)",
        goods.product,
        owner.account,
        owner.visitor,
    )
    assert row is not None
    return int(row["id"])
