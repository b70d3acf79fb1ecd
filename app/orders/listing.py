"""A shopper's orders, the newest first: found by words, state and year, in pages that cost the same however many."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from app.accounts.owners import Owner
from app.delivery.clocks import clock_of
from app.infra.clock import local_day, midnight
from app.infra.database import fetch
from app.infra.settings import settings
from app.orders.numbers import number_of
from app.orders.tables import OrderState, ParcelState
from app.orders.words import Standing, Ticket, order_ticket, sentence

PAGE = 10
THUMBS = 4
LONGEST_SEARCH = 100
YEARS = range(1970, 9000)

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
class Asked:
    """What is asked of the list; whatever makes no sense asks for nothing.

    Args:
        show: a key of GROUPS.
        year: of placing, in the shop's zone; 0 for all.
        words: parts of product names or of the number, each the beginning of a word.
        before: the number of the last order on the page before.
    """

    show: str = ""
    year: int = 0
    words: str = ""
    before: str = ""

    @property
    def states(self) -> tuple[OrderState, ...]:
        return GROUPS[self.show][1] if self.show in GROUPS else tuple(OrderState)

    @property
    def is_narrow(self) -> bool:
        return bool(self.show in GROUPS or self.year or self.words)


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
    filters: tuple[Filter, ...]  # of states; none when all orders are of one kind
    years: tuple[int, ...]  # the newest first; none when there is only one
    older: str  # the number to ask `before`; "" on the last page


NONE = OrderList((), (), (), "")

# One look into the index for each state, so that no order that is not shown is read; with words, another index first.
_LISTED = """
WITH last AS (SELECT placed_at, id FROM shop_order
              WHERE id = (SELECT "order" FROM order_key WHERE number = $3) AND {mine}),
listed AS (
  SELECT o.id, o.number, o.state, o.placed_at, o.reserved_until, o.total_minor, o.country, o.postcode
  FROM {source}
  ORDER BY o.placed_at DESC, o.id DESC LIMIT $4)
SELECT listed.*, bought.*, sent.* FROM listed
CROSS JOIN LATERAL (
  SELECT sum(l.quantity)::int AS pieces,
         (jsonb_agg(jsonb_build_object('image', l.image, 'name', l.name) ORDER BY l.id))::text AS thumbs
  FROM parcel p JOIN order_line l ON l.parcel = p.id WHERE p."order" = listed.id) bought
CROSS JOIN LATERAL (
  SELECT (jsonb_agg(jsonb_build_object('state', p.state, 'promised_on', p.promised_on,
            'expected_on', s.expected_on, 'arrived_at', s.delivered_at) ORDER BY p.number))::text AS parcels
  FROM parcel p LEFT JOIN shipment s ON s.parcel = p.id WHERE p."order" = listed.id) sent
ORDER BY listed.placed_at DESC, listed.id DESC"""
_WHEN = """(o.placed_at, o.id) < (coalesce((SELECT placed_at FROM last), 'infinity'),
                                   coalesce((SELECT id FROM last), 9223372036854775807))
      AND o.placed_at >= $5 AND o.placed_at < $6"""
_BY_STATE = f"""unnest($2::text[]) AS wanted (state) CROSS JOIN LATERAL (
    SELECT o.id, o.number, o.state, o.placed_at, o.reserved_until, o.total_minor, o.country, o.postcode
    FROM shop_order o WHERE {{mine}} AND o.state = wanted.state AND {_WHEN}
    ORDER BY o.placed_at DESC, o.id DESC LIMIT $4) o"""  # noqa: S608 - only constants are put in
_BY_WORDS = f"""shop_order o WHERE o.words @@ order_query($7::bigint, $8::bytea, $9) AND {{mine}}
      AND o.state = ANY($2::text[]) AND {_WHEN}"""


async def orders_of(owner: Owner, asked: Asked | None = None) -> OrderList:
    """One page of the owner's orders; an unknown `before` starts at the top."""
    asked = asked or Asked()
    rows = await _page(owner, asked)
    listed = tuple(_listed(row) for row in rows[:PAGE])
    filters, years = await _filters(owner, asked)
    return OrderList(listed, filters, years, listed[-1].number if len(rows) > PAGE else "")


async def _page(owner: Owner, asked: Asked) -> list[Any]:
    mine, key = _mine(owner)
    arguments = [key, list(asked.states), number_of(asked.before), PAGE + 1, *_bounds(asked.year)]
    source = _BY_STATE
    if asked.words:
        source = _BY_WORDS
        arguments += [owner.account, owner.visitor, asked.words[:LONGEST_SEARCH]]
    return await fetch(_LISTED.format(source=source.format(mine=mine), mine=mine), *arguments)


def _bounds(year: int) -> tuple[datetime, datetime]:
    """The first moment of the year, and the first after it; 0: of all time."""
    if year not in YEARS:
        return datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1], 1, 1, tzinfo=UTC)
    return midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))


def _mine(owner: Owner) -> tuple[str, int | bytes | None]:
    if owner.account is not None:
        return "account = $1::bigint", owner.account
    return "account IS NULL AND visitor = $1::bytea", owner.visitor


def _listed(row: Any) -> ListedOrder:
    state = OrderState(row["state"])
    parcels = [
        Standing(parcel.state, parcel.promised_on, parcel.expected_on, local_day(parcel.arrived_at))
        for parcel in msgspec.json.decode(row["parcels"], type=list[_Parcel])
    ]
    held_until = row["reserved_until"].astimezone(clock_of(row["country"], row["postcode"]))
    return ListedOrder(
        row["number"],
        state,
        row["placed_at"],
        row["total_minor"],
        row["pieces"],
        order_ticket(state, parcels),
        sentence(state, [parcel.state for parcel in parcels], held_until),
        msgspec.json.decode(row["thumbs"], type=tuple[Thumb, ...])[:THUMBS],
    )


async def _filters(owner: Owner, asked: Asked) -> tuple[tuple[Filter, ...], tuple[int, ...]]:
    """All, and each group that has orders in the year asked for; and the years that have any."""
    mine, key = _mine(owner)
    rows = await fetch(
        f"""SELECT state, extract(year FROM placed_at AT TIME ZONE $2)::int AS year, count(*)::int AS orders
            FROM shop_order WHERE {mine} GROUP BY 1, 2""",  # noqa: S608 - only constants are put in
        key,
        settings().shop_timezone,
    )
    years = sorted({row["year"] for row in rows}, reverse=True)
    counts = defaultdict[OrderState, int](int)
    for row in rows:
        if asked.year in (0, row["year"]):
            counts[OrderState(row["state"])] += row["orders"]
    chosen = asked.show if asked.show in GROUPS else ""
    groups = [
        Filter(key, words, total, key == chosen)
        for key, (words, states) in GROUPS.items()
        if (total := sum(counts[state] for state in states)) or key == chosen
    ]
    filters = (Filter("", "All", sum(counts.values()), not chosen), *groups) if len(groups) > 1 else ()
    return filters, tuple(years) if len(years) > 1 or asked.year else ()
