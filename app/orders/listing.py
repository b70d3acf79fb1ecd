"""A shopper's orders, the newest first, in pages that cost the same however many there are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from app.accounts.owners import Owner
from app.infra.database import fetch
from app.orders.numbers import number_of
from app.orders.tables import OrderState

PAGE = 10
THUMBS = 4

# Filter -> its word and the states it shows.
GROUPS: dict[str, tuple[str, tuple[OrderState, ...]]] = {
    "to-pay": ("To pay", (OrderState.PENDING,)),
    "on-the-way": ("On the way", (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED)),
    "arrived": ("Arrived", (OrderState.DELIVERED,)),
    "closed": (
        "Cancelled or returned",
        (OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REFUNDED, OrderState.RETURNED),
    ),
}


class Thumb(msgspec.Struct, frozen=True):
    image: str
    name: str


@dataclass(frozen=True)
class Filter:
    key: str  # "" shows all
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class ListedOrder:
    number: str
    state: OrderState
    placed_at: datetime
    reserved_until: datetime
    total_minor: int
    pieces: int
    parcels: int
    next_on: date
    all_by: date
    thumbs: tuple[Thumb, ...]


@dataclass(frozen=True)
class OrderList:
    orders: tuple[ListedOrder, ...]
    filters: tuple[Filter, ...]
    older: str  # the number to ask `before`; "" on the last page


async def orders_of(owner: Owner, show: str = "", before: str = "") -> OrderList:
    """One page of the owner's orders.

    Args:
        show: a key of GROUPS; anything else shows all.
        before: the number of the last order on the page before; an unknown one starts at the top.
    """
    chosen = show if show in GROUPS else ""
    rows = await _page(owner, chosen, number_of(before))
    listed = tuple(_listed(row) for row in rows[:PAGE])
    return OrderList(listed, await _filters(owner, chosen), listed[-1].number if len(rows) > PAGE else "")


async def _page(owner: Owner, chosen: str, before: str) -> list[Any]:
    states = GROUPS[chosen][1] if chosen else tuple(OrderState)
    return await fetch(
        f"""WITH listed AS (
              SELECT id, number, state, placed_at, reserved_until, total_minor FROM shop_order
              WHERE {_mine(owner)} AND state = ANY($2::text[])
                AND id < coalesce((SELECT id FROM shop_order WHERE number = $3), 9223372036854775807)
              ORDER BY id DESC LIMIT $4)
            SELECT listed.*, sum(l.quantity)::int AS pieces, count(DISTINCT p.id)::int AS parcels,
                   min(p.promised_on) AS next_on, max(p.promised_on) AS all_by,
                   (jsonb_agg(jsonb_build_object('image', l.image, 'name', l.name) ORDER BY l.id))::text AS thumbs
            FROM listed JOIN parcel p ON p."order" = listed.id JOIN order_line l ON l.parcel = p.id
            GROUP BY listed.id, listed.number, listed.state, listed.placed_at, listed.reserved_until, listed.total_minor
            ORDER BY listed.id DESC""",  # noqa: S608 - only constants are put in
        owner.account or owner.visitor,
        list(states),
        before,
        PAGE + 1,
    )


def _mine(owner: Owner) -> str:
    return "account = $1::bigint" if owner.account else "account IS NULL AND visitor = $1::bytea"


def _listed(row: Any) -> ListedOrder:
    thumbs = msgspec.json.decode(row["thumbs"], type=tuple[Thumb, ...])
    fields = {name: value for name, value in dict(row).items() if name != "id"}
    return ListedOrder(**{**fields, "state": OrderState(row["state"]), "thumbs": thumbs[:THUMBS]})


async def _filters(owner: Owner, chosen: str) -> tuple[Filter, ...]:
    """All, and each group that has orders; none when there is only one kind."""
    rows = await fetch(
        f"SELECT state, count(*)::int AS orders FROM shop_order WHERE {_mine(owner)} GROUP BY state",  # noqa: S608
        owner.account or owner.visitor,
    )
    counts = {OrderState(row["state"]): row["orders"] for row in rows}
    groups = [
        Filter(key, words, total, key == chosen)
        for key, (words, states) in GROUPS.items()
        if (total := sum(counts.get(state, 0) for state in states))
    ]
    return (Filter("", "All", sum(counts.values()), not chosen), *groups) if len(groups) > 1 else ()
