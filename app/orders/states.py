"""The one table of an order's allowed transitions, and the one way to make them."""

from app.infra.clock import now
from app.infra.database import fetch_one
from app.orders.tables import OrderState

ALLOWED: dict[OrderState, frozenset[OrderState]] = {
    OrderState.PENDING: frozenset({OrderState.PAID, OrderState.EXPIRED, OrderState.CANCELLED}),
    # A payment that came after the hold: the goods were there again (paid), or the money went back (refunded).
    OrderState.EXPIRED: frozenset({OrderState.PAID, OrderState.REFUNDED}),
    OrderState.PAID: frozenset({OrderState.PACKED, OrderState.CANCELLED}),
    OrderState.PACKED: frozenset({OrderState.SHIPPED}),
    OrderState.SHIPPED: frozenset({OrderState.DELIVERED}),
    OrderState.DELIVERED: frozenset({OrderState.RETURNED}),
    OrderState.CANCELLED: frozenset({OrderState.REFUNDED}),
    OrderState.RETURNED: frozenset({OrderState.REFUNDED}),
    OrderState.REFUNDED: frozenset(),
}


class MoveRefused(Exception):
    """The order is in a state from which the move is not allowed."""


async def move(order_id: int, to: OrderState, actor: str, note: str = "") -> OrderState:
    """Compare and set the state, with a row in the order's history; returns the state before.

    Raises:
        MoveRefused: the table does not allow it from where the order stands.
    """
    row = await fetch_one(
        """WITH before AS (SELECT id, state FROM shop_order WHERE id = $1 AND state = ANY($3::text[]) FOR UPDATE),
             moved AS (UPDATE shop_order o SET state = $2::text,
                         paid_at = CASE WHEN $2::text = 'paid' THEN $6 ELSE o.paid_at END
                       FROM before WHERE o.id = before.id RETURNING before.state)
           INSERT INTO order_move ("order", from_state, to_state, actor, note, moved_at)
           SELECT $1, moved.state, $2::text, $4, $5, $6 FROM moved RETURNING from_state""",
        order_id,
        to,
        [before for before, after in ALLOWED.items() if to in after],
        actor,
        note,
        now(),
    )
    if row is None:
        raise MoveRefused(f"order {order_id} cannot become {to}")
    return OrderState(row["from_state"])
