"""Pieces of an order that come back: cancelled before they were packed, or sent back by the shopper."""

from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.inventory.reservations import Want, stock_of, tell_of

_PUT_BACK = """
WITH back AS (UPDATE stock SET on_hand = on_hand + $2::int WHERE id = $1 RETURNING id, on_hand)
INSERT INTO stock_movement (stock, kind, "order", before, after, moved_at)
SELECT id, 'returned', $3, on_hand - $2::int, on_hand, $4 FROM back"""


class NotSold(Exception):
    """More should come back than was sold to the order."""


async def put_back(order_id: int, pieces: list[Want]) -> None:
    """Make pieces that were sold to an order ones that anybody can buy, in the caller's transaction.

    Raises:
        NotSold: the order has not bought so many; the caller's transaction must end.
    """
    stocks = [each for each, _ in await stock_of(pieces)]
    await tell_of({each.product for each in stocks})
    for each in stocks:
        await execute(_PUT_BACK, each.stock, each.quantity, order_id, now())
    for each in stocks:  # the rows are locked by now
        sold = await fetch_one(
            'SELECT coalesce(sum(before - after), 0) AS pieces FROM stock_movement WHERE stock = $1 AND "order" = $2',
            each.stock,
            order_id,
        )
        if sold is None or sold["pieces"] < 0:
            raise NotSold(f"order {order_id} has not bought so many of stock {each.stock}")
