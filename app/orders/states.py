"""The tables of allowed transitions, of orders and of their parcels, and the one way to make them."""

from collections.abc import Collection

from app.discounts.giving import give_back
from app.infra.clock import now
from app.infra.database import fetch, fetch_one
from app.orders.tables import OrderState, ParcelState, ReturnState

ALLOWED: dict[OrderState, frozenset[OrderState]] = {
    OrderState.PENDING: frozenset({OrderState.PAID, OrderState.EXPIRED, OrderState.CANCELLED}),
    # A payment that came after the hold: the goods were there again (paid), or the money went back (refunded).
    OrderState.EXPIRED: frozenset({OrderState.PAID, OrderState.REFUNDED}),
    OrderState.PAID: frozenset({OrderState.PACKED, OrderState.CANCELLED}),
    OrderState.PACKED: frozenset({OrderState.SHIPPED, OrderState.CANCELLED}),
    OrderState.SHIPPED: frozenset({OrderState.DELIVERED}),
    OrderState.DELIVERED: frozenset({OrderState.RETURNED}),
    OrderState.CANCELLED: frozenset({OrderState.REFUNDED}),
    OrderState.RETURNED: frozenset({OrderState.REFUNDED}),
    OrderState.REFUNDED: frozenset(),
}

# Nothing more is to be done for it, though it may still come back, or its money.
OVER = frozenset(
    {OrderState.DELIVERED, OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REFUNDED, OrderState.RETURNED}
)

PARCEL_ALLOWED: dict[ParcelState, frozenset[ParcelState]] = {
    ParcelState.WAITING: frozenset({ParcelState.PACKED, ParcelState.CANCELLED}),
    ParcelState.PACKED: frozenset({ParcelState.SHIPPED, ParcelState.CANCELLED}),  # cancelled: by operators alone
    ParcelState.SHIPPED: frozenset({ParcelState.DELIVERED}),
    ParcelState.DELIVERED: frozenset(),
    ParcelState.CANCELLED: frozenset(),
}

RETURN_ALLOWED: dict[ReturnState, frozenset[ReturnState]] = {
    ReturnState.REQUESTED: frozenset({ReturnState.APPROVED, ReturnState.REFUSED}),
    ReturnState.APPROVED: frozenset({ReturnState.RECEIVED, ReturnState.CLOSED}),
    ReturnState.REFUSED: frozenset(),
    ReturnState.CLOSED: frozenset({ReturnState.RECEIVED}),  # it came after all
    ReturnState.RECEIVED: frozenset({ReturnState.REFUNDED}),
    ReturnState.REFUNDED: frozenset(),
}

# How far a paid order is, and how far each of its parcels must be for that.
STAGES = (
    (OrderState.PAID, ParcelState.WAITING),
    (OrderState.PACKED, ParcelState.PACKED),
    (OrderState.SHIPPED, ParcelState.SHIPPED),
    (OrderState.DELIVERED, ParcelState.DELIVERED),
)


class MoveRefused(Exception):
    """The order, or the parcel, is in a state from which the move is not allowed."""


async def move(order_id: int, to: OrderState, actor: str, note: str = "") -> OrderState:
    """Compare and set the state, with a row in the order's history; returns the state before.

    Raises:
        MoveRefused: the table does not allow it from where the order stands.
    """
    row = await fetch_one(
        """WITH before AS (SELECT id, state FROM shop_order WHERE id = $1 AND state = ANY($3::text[]) FOR UPDATE),
             moved AS (UPDATE shop_order o SET state = $2::text,
                         paid_at = CASE WHEN $2::text = 'paid' THEN $6 ELSE o.paid_at END
                       FROM before WHERE o.id = $1 RETURNING before.state)
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
    if to in (OrderState.EXPIRED, OrderState.CANCELLED):
        await give_back(order_id)
    return OrderState(row["from_state"])


async def move_parcel(parcel_id: int, to: ParcelState, actor: str, note: str = "") -> ParcelState:
    """Compare and set a parcel's state, with a row in its history; returns the state before.

    The caller has locked the order, and calls `follow_parcels` in the same transaction.

    Raises:
        MoveRefused: the table does not allow it from where the parcel stands.
    """
    row = await fetch_one(
        """WITH before AS (SELECT id, state FROM parcel WHERE id = $1 AND state = ANY($3::text[]) FOR UPDATE),
             moved AS (UPDATE parcel p SET state = $2::text FROM before WHERE p.id = before.id RETURNING before.state)
           INSERT INTO parcel_move (parcel, from_state, to_state, actor, note, moved_at)
           SELECT $1, moved.state, $2::text, $4, $5, $6 FROM moved RETURNING from_state""",
        parcel_id,
        to,
        [before for before, after in PARCEL_ALLOWED.items() if to in after],
        actor,
        note,
        now(),
    )
    if row is None:
        raise MoveRefused(f"parcel {parcel_id} cannot become {to}")
    return ParcelState(row["from_state"])


async def move_return(return_id: int, to: ReturnState, actor: str) -> ReturnState:
    """Compare and set a return's state, with a row in its history; returns the state before.

    Raises:
        MoveRefused: the table does not allow it from where the return stands.
    """
    row = await fetch_one(
        """WITH before AS (SELECT id, state FROM order_return WHERE id = $1 AND state = ANY($3::text[]) FOR UPDATE),
             moved AS (UPDATE order_return r SET state = $2::text FROM before WHERE r.id = before.id
                       RETURNING before.state)
           INSERT INTO return_move ("return", from_state, to_state, actor, moved_at)
           SELECT $1, moved.state, $2::text, $4, $5 FROM moved RETURNING from_state""",
        return_id,
        to,
        [before for before, after in RETURN_ALLOWED.items() if to in after],
        actor,
        now(),
    )
    if row is None:
        raise MoveRefused(f"return {return_id} cannot become {to}")
    return ReturnState(row["from_state"])


def stage_of(parcels: Collection[ParcelState]) -> OrderState:
    """How far a paid order is: as far as that of its parcels which is behind; cancelled ones do not count."""
    going = [parcel for parcel in parcels if parcel != ParcelState.CANCELLED]
    if not going:
        return OrderState.CANCELLED
    behind = min([needed for _, needed in STAGES].index(parcel) for parcel in going)
    return STAGES[behind][0]


async def follow_parcels(order_id: int, actor: str) -> OrderState:
    """Bring a paid order, which the caller has locked, to where its parcels are: step by step, each in its history."""
    rows = await fetch('SELECT state FROM parcel WHERE "order" = $1', order_id)
    stage = stage_of([ParcelState(row["state"]) for row in rows])
    order = await fetch_one("SELECT state FROM shop_order WHERE id = $1", order_id)
    assert order is not None, "the caller has locked it"
    state = OrderState(order["state"])
    if stage == OrderState.CANCELLED:
        await move(order_id, stage, actor)
        return stage
    path = [each for each, _ in STAGES]
    for step in path[path.index(state) + 1 : path.index(stage) + 1]:
        await move(order_id, step, actor)
    return stage


async def follow_returns(order_id: int, actor: str) -> None:
    """An order that has arrived, as far as it was not cancelled, and of which nothing is left with the shopper, is
    returned. The caller has locked it."""
    row = await fetch_one(
        """SELECT sum(l.quantity - l.cancelled) AS sent,
                  (SELECT coalesce(sum(b.pieces), 0) FROM return_line b JOIN order_return r ON r.id = b."return"
                   WHERE r."order" = $1 AND r.state IN ('received', 'refunded')) AS back
           FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN order_line l ON l.parcel = p.id
           WHERE o.id = $1 AND o.state = 'delivered'""",
        order_id,
    )
    if row and row["sent"] is not None and row["sent"] <= row["back"]:
        await move(order_id, OrderState.RETURNED, actor)
