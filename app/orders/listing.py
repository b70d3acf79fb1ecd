"""A shopper's orders, the newest first, in pages that cost the same however many there are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from app.accounts.owners import Owner
from app.infra.database import fetch
from app.orders.numbers import number_of
from app.orders.tables import OrderState, ParcelState
from app.orders.words import Standing, Ticket, local_day, order_ticket, sentence

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


class _Parcel(msgspec.Struct, frozen=True):
    state: ParcelState
    promised_on: date
    expected_on: date | None
    arrived_at: datetime | None


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
    total_minor: int
    pieces: int
    ticket: Ticket
    sentence: str
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
            SELECT listed.*, bought.*, sent.* FROM listed
            CROSS JOIN LATERAL (
              SELECT sum(l.quantity)::int AS pieces,
                     (jsonb_agg(jsonb_build_object('image', l.image, 'name', l.name) ORDER BY l.id))::text AS thumbs
              FROM parcel p JOIN order_line l ON l.parcel = p.id WHERE p."order" = listed.id) bought
            CROSS JOIN LATERAL (
              SELECT (jsonb_agg(jsonb_build_object('state', p.state, 'promised_on', p.promised_on,
                        'expected_on', s.expected_on, 'arrived_at', s.delivered_at) ORDER BY p.number))::text AS parcels
              FROM parcel p LEFT JOIN shipment s ON s.parcel = p.id WHERE p."order" = listed.id) sent
            ORDER BY listed.id DESC""",  # noqa: S608 - only constants are put in
        owner.account or owner.visitor,
        list(states),
        before,
        PAGE + 1,
    )


def _mine(owner: Owner) -> str:
    return "account = $1::bigint" if owner.account else "account IS NULL AND visitor = $1::bytea"


def _listed(row: Any) -> ListedOrder:
    state = OrderState(row["state"])
    parcels = [
        Standing(parcel.state, parcel.promised_on, parcel.expected_on, local_day(parcel.arrived_at))
        for parcel in msgspec.json.decode(row["parcels"], type=list[_Parcel])
    ]
    return ListedOrder(
        row["number"],
        state,
        row["placed_at"],
        row["total_minor"],
        row["pieces"],
        order_ticket(state, parcels),
        sentence(state, [parcel.state for parcel in parcels], row["reserved_until"]),
        msgspec.json.decode(row["thumbs"], type=tuple[Thumb, ...])[:THUMBS],
    )


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
