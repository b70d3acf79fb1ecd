"""Where a shopper who comes back goes on: the product last looked at, and what is on its way."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from app.accounts.owners import Owner
from app.delivery.estimate import time_left
from app.infra.database import DatabaseUnavailable, fetch_one
from app.search.arrivals import Arrivals
from app.search.cards import Card, card_of
from app.search.engine import engine
from app.search.query import Query, address

PATIENCE_SECONDS = 0.5
THUMBS = 4


class Thumb(msgspec.Struct, frozen=True):
    image: str
    name: str


@dataclass(frozen=True)
class OnItsWay:
    """The next order that arrives: its parcels that come first are there on `day`."""

    number: str
    day: date
    thumbs: tuple[Thumb, ...]
    others: int  # orders that come later


@dataclass(frozen=True)
class Resume:
    """`words` were searched last and have `results` products; `time_left` keeps the day of the card."""

    card: Card | None
    time_left: str
    words: str
    results: int
    href: str
    coming: OnItsWay | None

    @property
    def is_something(self) -> bool:
        return self.card is not None or self.coming is not None


async def resume(
    owner: Owner | None, viewed: Sequence[int], searched: str, there: Arrivals | None, at: datetime
) -> Resume:
    """From memory, but for one query where there may be orders."""
    documents = engine().snapshot.documents_of(viewed[:1])
    card = card_of(documents[0], there) if documents else None
    query = Query(q=searched)
    results = (await engine().search(query, there)).total if searched else 0
    left = time_left(card.promise.order_by, at) if card and card.promise else ""
    return Resume(card, left, searched, results, address("/search", query), await _coming(owner))


async def _coming(owner: Owner | None) -> OnItsWay | None:
    """Nothing when the database does not answer at once."""
    if owner is None:
        return None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            row = await fetch_one(_COMING, owner.account, owner.visitor)
    except (DatabaseUnavailable, TimeoutError):
        return None
    if not row:
        return None
    thumbs = msgspec.json.decode(row["thumbs"], type=tuple[Thumb, ...])
    return OnItsWay(row["number"], row["day"], thumbs[:THUMBS], row["orders"] - 1)


_COMING = """
WITH mine AS (
  SELECT id, number FROM shop_order
  WHERE (account = $1::bigint OR (account IS NULL AND visitor = $2::bytea)) AND state IN ('paid', 'packed', 'shipped')
  ORDER BY id DESC LIMIT 20),
parcels AS (
  SELECT p.id, p.promised_on, mine.number FROM mine JOIN parcel p ON p."order" = mine.id
  ORDER BY p.promised_on, p.id LIMIT 1)
SELECT parcels.number, parcels.promised_on AS day, (SELECT count(*)::int FROM mine) AS orders,
       (SELECT jsonb_agg(jsonb_build_object('image', l.image, 'name', l.name) ORDER BY l.id)
        FROM order_line l WHERE l.parcel = parcels.id)::text AS thumbs
FROM parcels"""
