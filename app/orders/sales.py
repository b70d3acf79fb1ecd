"""What was sold of a supplier's offers: lines of orders that were paid, the newest first, and what they come to.

A supplier is told of an order what he needs: when it was paid, his own things, and what became of them. Nothing here
reads who bought or where to, with which code, or what else there is in the order. Its number is not read either: with
an e-mail address it opens a guest's order (`guests.py`). Ids would tell how much the whole shop sells.

Amounts are of goods alone, without their delivery, after the discount, as prices were: with VAT, or without it
(`is_net`). A line's pieces go back as they do in credit notes (`crediting.py`), to the cent; where prices were without
VAT and some of a line's pieces come back, the note, which rounds with VAT, may have a cent more.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.infra.database import fetch, fetch_one, like
from app.infra.settings import settings
from app.orders.months import MONTH
from app.orders.tables import ParcelState
from app.web.forms import number

PAGE = 50
LONGEST_WORDS = 100
BEST = 10
STATES = {
    "": "All",
    "to-send": "To be sent",
    "on-the-way": "On its way",
    "delivered": "Delivered",
    "cancelled": "Cancelled",
    "returned": "Returned",
}
# What a line counts as that has neither been cancelled nor come back, by the state of its parcel.
_OF_PARCEL = {
    ParcelState.WAITING: "to-send",
    ParcelState.PACKED: "to-send",
    ParcelState.SHIPPED: "on-the-way",
    ParcelState.DELIVERED: "delivered",
    ParcelState.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Asked:
    """What is asked of a supplier's sales.

    Args:
        since, until: paid from this moment on, and before that one.
        state: a key of STATES.
        words: part of a SKU or of a name.
        months: the first and the last month of orders in which there is any of it: see `narrowed`.
        parcels: how many were sold in this time, in whichever state: how long adding up takes.
    """

    supplier: int
    since: datetime
    until: datetime
    state: str = ""
    words: str = ""
    months: tuple[int, int] = (0, 999_912)
    parcels: int = 0


@dataclass(frozen=True)
class Sale:
    """A line of a paid order. Amounts are of all its pieces."""

    sold_at: datetime
    offer: int
    sku: str  # the supplier's
    name: str
    options: str
    slug: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    minor: int
    vat_percent: str  # "23", "6.5"
    currency: str
    is_net: bool
    cancelled: int
    back: int  # pieces that came back
    awaited: int  # pieces that are to come back
    gone_minor: int  # of the pieces that were cancelled or came back
    state: str  # a key of STATES
    warehouse: str

    @property
    def kept_minor(self) -> int:
        return self.minor - self.gone_minor


@dataclass(frozen=True)
class Place:
    """Where a page of sales begins: with what was sold at a moment, or before it, after so many that were shown."""

    at: datetime
    shown: int  # of those sold at that very moment

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.shown}"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tally:
    """Pieces and amounts that were sold, and how much of them was cancelled and came back."""

    pieces: int = 0
    minor: int = 0
    cancelled: int = 0
    cancelled_minor: int = 0
    back: int = 0
    back_minor: int = 0

    @property
    def kept(self) -> int:
        return self.pieces - self.cancelled - self.back

    @property
    def kept_minor(self) -> int:
        return self.minor - self.cancelled_minor - self.back_minor

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass(frozen=True)
class Money:
    """In what amounts are counted that may be added up."""

    currency: str
    is_net: bool


@dataclass(frozen=True)
class Best:
    offer: int
    sku: str
    name: str
    pieces: int  # kept
    minor: int
    money: Money


_BY_PARCEL = " ".join(f"WHEN p.state = '{parcel}' THEN '{state}'" for parcel, state in _OF_PARCEL.items())
_SOLD = f"""
FROM {{parcels}} p JOIN order_line l ON l.parcel = p.id JOIN shop_order o ON o.id = p."order"
JOIN offer f ON f.id = l.offer
CROSS JOIN LATERAL (
  SELECT l.quantity::bigint * l.unit_price_minor - l.discount_minor AS minor,
         CASE WHEN l.returned = 0 THEN 0 ELSE
           (SELECT coalesce(sum(b.pieces), 0)::int FROM return_line b JOIN order_return r ON r.id = b."return"
            WHERE b.line = l.id AND b.parcel = l.parcel AND r.state IN ('received', 'refunded')) END AS back) a
CROSS JOIN LATERAL (
  SELECT a.minor * l.cancelled / l.quantity AS cancelled_minor,
         a.minor * (l.cancelled + a.back) / l.quantity AS gone_minor,
         CASE WHEN l.cancelled > 0 THEN 'cancelled' WHEN a.back > 0 THEN 'returned'
              {_BY_PARCEL} END AS state) s
WHERE p.supplier = $1 AND p.sold_at >= $2 AND p.sold_at < $3
  AND l.parcel >= $6 AND l.parcel < $7 AND o.id >= $6 AND o.id < $7
  AND ($4 = '' OR s.state = $4) AND ($5 = '' OR f.supplier_sku ILIKE $5 OR l.name ILIKE $5 OR l.sku ILIKE $5)"""  # noqa: S608 - constants

_LISTED = f"""
SELECT p.sold_at, f.id AS offer, f.supplier_sku AS sku, l.name, l.options,
       l.product_slug AS slug, l.quantity, l.unit_price_minor, l.discount_minor, a.minor, l.vat_percent, o.currency,
       o.is_net, l.cancelled, a.back, l.returned - a.back AS awaited, s.gone_minor, s.state,
       (SELECT w.name FROM warehouse w WHERE w.id = p.warehouse) AS warehouse
{_SOLD}"""  # noqa: S608 - constants
# Each parcel has a line at least, so no more of them are read than the page needs; if it shows all.
_FEW = """(SELECT * FROM parcel WHERE supplier = $1 AND sold_at >= $2 AND sold_at < $3 AND sold_at <= $8
           ORDER BY sold_at DESC, id DESC LIMIT $9::bigint + $10::bigint)"""

_TALLY = """sum(l.quantity)::bigint AS pieces, sum(a.minor)::bigint AS minor,
       sum(l.cancelled)::bigint AS cancelled, sum(s.cancelled_minor)::bigint AS cancelled_minor,
       sum(a.back)::bigint AS back, sum(s.gone_minor - s.cancelled_minor)::bigint AS back_minor"""
_BY_DAY = f"""
SELECT (p.sold_at AT TIME ZONE $8)::date AS day, o.currency, o.is_net, {_TALLY}
{_SOLD.format(parcels="parcel")} GROUP BY 1, 2, 3 ORDER BY 1"""
_BEST = f"""
SELECT f.id AS offer, f.supplier_sku AS sku, max(l.name) AS name, o.currency, o.is_net,
       sum(l.quantity - l.cancelled - a.back)::bigint AS pieces, sum(a.minor - s.gone_minor)::bigint AS minor
{_SOLD.format(parcels="parcel")} GROUP BY f.id, o.currency, o.is_net HAVING sum(l.quantity - l.cancelled - a.back) > 0
ORDER BY pieces DESC, minor DESC, f.id LIMIT {BEST}"""


async def narrowed(asked: Asked) -> Asked:
    """The same, with the months that there is any of it in, and how many parcels. Told the months, PostgreSQL reads no
    other partitions: by itself it would plan to read all of them."""
    row = await fetch_one(
        """SELECT min(order_month_of(id)) AS first, max(order_month_of(id)) AS last, count(*) AS parcels FROM parcel
           WHERE supplier = $1 AND sold_at >= $2 AND sold_at < $3""",
        asked.supplier,
        asked.since,
        asked.until,
    )
    if row is None or not row["parcels"]:
        return replace(asked, months=(0, 0))
    return replace(asked, months=(row["first"], row["last"]), parcels=row["parcels"])


def place_of(text: str) -> Place | None:
    """The place that `str` has written so; None for anything else."""
    micros, _, shown = text.partition("-")
    at, count = number(micros), number(shown)
    if at is None or count is None or at > 10**16:
        return None
    return Place(_EPOCH + timedelta(microseconds=at), count)


async def listed(asked: Asked, after: Place | None = None, size: int = PAGE) -> tuple[list[Sale], Place | None]:
    """A page of sales from a place on, and the place of the next page; None: this is the last one."""
    after = after or Place(asked.until, 0)
    parcels = "parcel" if asked.state or asked.words else _FEW
    rows = await fetch(
        f"""{_LISTED.format(parcels=parcels)} AND p.sold_at <= $8
            ORDER BY p.sold_at DESC, p.id DESC, l.id DESC OFFSET $9 LIMIT $10""",
        *_arguments(asked),
        after.at,
        after.shown,
        size + 1,
    )
    found = [_sale(row) for row in rows[:size]]
    return found, _next(found, after) if len(rows) > size else None


def _next(found: list[Sale], after: Place) -> Place:
    last = found[-1].sold_at
    shown = sum(sale.sold_at == last for sale in found)
    return Place(last, shown + after.shown if last == after.at else shown)


async def by_day(asked: Asked) -> dict[Money, dict[date, Tally]]:
    """What the sales come to on each day that has any, by the shop's clock."""
    found: dict[Money, dict[date, Tally]] = {}
    for row in await fetch(_BY_DAY, *_arguments(asked), settings().shop_timezone):
        figures = dict(row)
        day, money = figures.pop("day"), Money(figures.pop("currency"), figures.pop("is_net"))
        found.setdefault(money, {})[day] = Tally(**figures)
    return found


async def best(asked: Asked) -> list[Best]:
    """The offers of which most pieces were sold and kept."""
    rows = await fetch(_BEST, *_arguments(asked))
    return [
        Best(row["offer"], row["sku"], row["name"], row["pieces"], row["minor"], Money(row["currency"], row["is_net"]))
        for row in rows
    ]


def _arguments(asked: Asked) -> tuple[Any, ...]:
    first, last = asked.months
    words = like(asked.words[:LONGEST_WORDS])
    return asked.supplier, asked.since, asked.until, asked.state, words, first * MONTH, (last + 1) * MONTH


def _sale(row: Any) -> Sale:
    return Sale(
        **{
            **dict(row),
            "options": ", ".join(json.loads(row["options"]).values()),
            "vat_percent": f"{row['vat_percent'].normalize():f}",
        }
    )
