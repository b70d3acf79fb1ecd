"""Things that are sent back."""

from app.infra.database import fetch
from app.orders.return_asking import ask
from app.orders.returns import approve, receive
from tests.orders.sending import ACTOR

MIND = "changed_mind"


async def back(order_id: int, pieces: dict[int, int], restocked: tuple[int, ...] = ()) -> int:
    """Asked for, agreed, received; what goes back."""
    number = await ask(order_id, pieces, MIND, "")
    await approve(order_id, number, ACTOR)
    credit = await receive(order_id, number, ACTOR, restocked)
    return credit.amount_minor if credit else 0


async def returned_pieces() -> list[int]:
    return [row["returned"] for row in await fetch("SELECT returned FROM order_line ORDER BY id")]
